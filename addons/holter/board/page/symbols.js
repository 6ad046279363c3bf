// Every symbol of the lanes: a shape and a colour each, so that neither alone has to tell them apart.

import { KINDS } from "./kinds.js";
import { palette } from "./theme.js";

/** @typedef {CanvasRenderingContext2D} Pen */

/** @param {Pen} pen @param {number[]} points x, y, x, y... */
function polygon(pen, points) {
  pen.beginPath();
  for (let place = 0; place < points.length; place += 2) pen.lineTo(points[place], points[place + 1]);
  pen.closePath();
}

/** @param {Pen} pen @param {number} r */
function disc(pen, r) {
  pen.beginPath();
  pen.arc(0, 0, r, 0, 7);
}

/** @typedef {(pen: Pen, r: number) => void} Draw */

/** @type {Record<string, { colour: string, draw: Draw, hollow?: boolean, edge?: boolean }>} */
const SHAPES = {
  h: { colour: "ink", draw: (pen, r) => polygon(pen, [-r * 0.8, -r * 1.1, r * 1.1, 0, -r * 0.8, r * 1.1]) },
  a: {
    colour: "green",
    draw: (pen, r) => polygon(pen, [0, -r * 1.25, r * 1.25, 0, 0, r * 1.25, -r * 1.25, 0]),
  },
  o: { colour: "blue", draw: (pen, r) => disc(pen, r * 0.85) },
  c: { colour: "purple", draw: stopped },
  e: { colour: "red", draw: crossed },
  b: { colour: "orange", hollow: true, draw: (pen, r) => disc(pen, r) },
  f: { colour: "yellow", edge: true, draw: bolt },
  s: { colour: "ink", draw: (pen, r) => polygon(pen, [-r, -r, r, -r, r, r, -r, r]) },
  terminate: { colour: "purple", draw: octagon },
  redelivery: { colour: "red", hollow: true, draw: turned },
};

/** @param {Pen} pen @param {number} r */
function crossed(pen, r) {
  const [long, thin] = [r * 1.15, r * 0.42];
  polygon(pen, [
    ...[-long, -long + thin, -long + thin, -long, 0, -thin, long - thin, -long, long, -long + thin, thin, 0],
    ...[long, long - thin, long - thin, long, 0, thin, -long + thin, long, -long, long - thin, -thin, 0],
  ]);
}

/** A square with a bar left out. @param {Pen} pen @param {number} r */
function stopped(pen, r) {
  const gap = r * 0.28;
  pen.beginPath();
  pen.rect(-r * 1.1, -r * 1.1, r * 1.1 - gap, r * 2.2);
  pen.rect(gap, -r * 1.1, r * 1.1 - gap, r * 2.2);
}

/** @param {Pen} pen @param {number} r */
function bolt(pen, r) {
  polygon(pen, [
    r * 0.35,
    -r * 1.5,
    -r * 1.05,
    r * 0.3,
    -r * 0.1,
    r * 0.3,
    -r * 0.4,
    r * 1.5,
    r * 1.05,
    -r * 0.35,
    r * 0.1,
    -r * 0.35,
  ]);
}

/** @param {Pen} pen @param {number} r */
function octagon(pen, r) {
  const corners = Array.from({ length: 8 }, (_, n) => Math.PI / 8 + (n * Math.PI) / 4);
  polygon(
    pen,
    corners.flatMap((turn) => [Math.cos(turn) * r * 1.15, Math.sin(turn) * r * 1.15]),
  );
}

/** An arrow that turns back. @param {Pen} pen @param {number} r */
function turned(pen, r) {
  pen.beginPath();
  pen.arc(0, 0, r * 0.95, -0.6, 4.2);
  pen.moveTo(r * 0.2, -r * 1.1);
  pen.lineTo(r * 0.85, -r * 0.5);
  pen.lineTo(r * 1.25, -r * 1.35);
}

/** Draw a symbol where the pen's origin is. @param {Pen} pen @param {string} name @param {number} r */
function symbol(pen, name, r) {
  const { colour, draw, hollow, edge } = SHAPES[name] ?? SHAPES.o;
  const colours = palette();
  draw(pen, r);
  pen.lineWidth = hollow ? Math.max(1.4, r * 0.45) : 1.2;
  pen.strokeStyle = hollow ? colours[colour] : edge ? colours.ink : colours.paper;
  pen.fillStyle = hollow ? (name === "b" ? colours.paper : "transparent") : colours[colour];
  pen.lineJoin = "round";
  if (!hollow) pen.stroke();
  pen.fill();
  if (hollow) pen.stroke();
}

/** A canvas of its own with one symbol, for the legend. @param {string} name */
export function picture(name) {
  const canvas = document.createElement("canvas");
  const dense = Math.max(2, window.devicePixelRatio || 1);
  canvas.width = canvas.height = 16 * dense;
  canvas.className = "symbol";
  canvas.dataset.symbol = name;
  canvas.ariaHidden = "true"; // its name stands beside it
  paint(canvas);
  return canvas;
}

/** Draw the legend's symbols again, in the colours that hold now. */
export function repaint() {
  for (const canvas of document.querySelectorAll("canvas[data-symbol]"))
    paint(/** @type {HTMLCanvasElement} */ (canvas));
}

/** @param {HTMLCanvasElement} canvas */
function paint(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  const dense = canvas.width / 16;
  pen.setTransform(dense, 0, 0, dense, 8 * dense, 8 * dense);
  pen.clearRect(-8, -8, 16, 16);
  symbol(pen, canvas.dataset.symbol ?? "", 4.5);
}

/** Stamps of the symbols, drawn once for each size and look. */
export class Stamps {
  /** @param {number} dense device pixels a pixel @param {number} r */
  constructor(dense, r) {
    this.dense = dense;
    this.half = Math.ceil(r * 2);
    /** @type {Map<string, HTMLCanvasElement>} */
    this.made = new Map();
    this.r = r;
  }

  /** @param {Pen} pen @param {string} name @param {number} x @param {number} y */
  put(pen, name, x, y) {
    const side = 2 * this.half;
    const found = this.made.get(name) ?? this.make(name);
    pen.drawImage(found, x - this.half, y - this.half, side, side);
  }

  /** @param {string} name */
  make(name) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 2 * this.half * this.dense;
    const pen = canvas.getContext("2d");
    if (pen) {
      pen.setTransform(this.dense, 0, 0, this.dense, this.half * this.dense, this.half * this.dense);
      symbol(pen, name, this.r);
    }
    this.made.set(name, canvas);
    return canvas;
  }
}

/** What the legend explains, in order. */
export const LEGEND = [
  ...KINDS.map((kind) => ({ symbol: kind.letter, name: kind.name, says: kind.says })),
  { symbol: "terminate", name: "terminate", says: "a runner was asked to leave" },
  { symbol: "redelivery", name: "redelivery", says: "the attempt was handed out again" },
];
