// Folds on the canvas: a strip torn out of the paper from top to bottom, with what is missing written on it.

import { write } from "./pens.js";
import { palette } from "./theme.js";
import { duration } from "./words.js";

/**
 * @typedef {import("./scale.js").Scale} Scale
 * @typedef {import("./fold.js").Cut} Cut
 * @typedef {CanvasRenderingContext2D} Pen
 */

const LEAST = 8; // pixels; thinner ones are drawn wider than they are
const ASIDE = 3; // pixels that are left to the symbols of calls at the very edge
const TOOTH = 6; // pixels from tooth to tooth
const DEEP = 3; // and from its root to its tip
const PLATE = 14; // pixels that upright words take of the width
const LEVEL = 90; // pixels of width from which on the words lie level

/** What a fold hides, in words. @param {Cut} cut */
export function notSeen({ from, to }) {
  return `${duration(to - from)} not seen`;
}

/** Draw the folds that are in sight. @param {Pen} pen @param {Scale} scale @param {number} top
 * @param {number} bottom */
export function drawTears(pen, scale, top, bottom) {
  pen.save();
  pen.beginPath();
  pen.rect(scale.left, top, scale.right - scale.left, bottom - top);
  pen.clip();
  for (const cut of scale.fold.cuts) {
    if (cut.to < scale.from || cut.from > scale.to) continue;
    const [x, end] = [scale.x(cut.from), scale.x(cut.to)];
    const inset = Math.min(ASIDE, (end - x - LEAST) / 2);
    drawTear(pen, { x: x + inset, end: end - inset, top, bottom });
    label(pen, scale, cut, top, bottom);
  }
  pen.restore();
}

/** @param {Pen} pen @param {{ x: number, end: number, top: number, bottom: number }} strip */
function drawTear(pen, { x, end, top, bottom }) {
  pen.beginPath();
  edge(pen, x, top, bottom);
  edge(pen, end, bottom, top);
  pen.closePath();
  cover(pen);
  pen.strokeStyle = palette().muted;
  pen.lineWidth = 1;
  for (const side of [x, end]) {
    pen.beginPath();
    edge(pen, side, top, bottom);
    pen.stroke();
  }
}

/** Fill what is outlined so that nothing shines through. @param {Pen} pen */
function cover(pen) {
  const colours = palette();
  pen.fillStyle = colours.paper;
  pen.fill();
  pen.fillStyle = colours.blind;
  pen.globalAlpha = 0.3;
  pen.fill();
  pen.globalAlpha = 1;
}

/** Teeth from one height to another, the same on the way down as on the way up. @param {Pen} pen @param {number} x
 * @param {number} from @param {number} to */
function edge(pen, x, from, to) {
  const teeth = Math.ceil(Math.abs(to - from) / TOOTH);
  const top = Math.min(from, to);
  for (let tooth = 0; tooth <= teeth; tooth += 1) {
    const number = from < to ? tooth : teeth - tooth;
    pen.lineTo(x + (number % 2 ? DEEP / 2 : -DEEP / 2), top + number * TOOTH);
  }
}

/** Upright in a narrow fold, level in a wide one; nothing where there is no room. @param {Pen} pen
 * @param {Scale} scale @param {Cut} cut @param {number} top @param {number} bottom */
function label(pen, scale, cut, top, bottom) {
  const [x, end] = [Math.max(scale.left, scale.x(cut.from)), Math.min(scale.right, scale.x(cut.to))];
  const level = end - x >= LEVEL;
  const room = (level ? end - x : bottom - top) - 12;
  pen.font = "11px system-ui, sans-serif";
  const words = notSeen(cut);
  const wide = pen.measureText(words).width;
  if (end - x < LEAST || wide > room) return;
  pen.save();
  pen.translate((x + end) / 2, (top + bottom) / 2);
  if (!level) {
    pen.rotate(-Math.PI / 2);
    pen.beginPath();
    pen.rect(-wide / 2 - 4, -PLATE / 2, wide + 8, PLATE);
    cover(pen);
  }
  pen.fillStyle = palette().ink;
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  write(pen, level && cut.why ? `${words}: ${cut.why}` : words, 0, 0.5, room);
  pen.restore();
}
