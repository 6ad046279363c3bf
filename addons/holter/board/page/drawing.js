// One lease drawn into its lane: what is left of it, its gaps, its calls.

import { lowerBound } from "./columns.js";
import { drawGap } from "./gaps.js";
import { kindOf } from "./kinds.js";
import { headroom, isOpen } from "./lease.js";
import { remaining } from "./standing.js";
import { palette } from "./theme.js";
import { fall } from "./trace.js";
import { duration } from "./words.js";

/**
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {import("./scale.js").Scale} Scale
 * @typedef {CanvasRenderingContext2D} Pen
 * @typedef {{ top: number, base: number, middle: number }} Band
 * @typedef {{ pen: Pen, scale: Scale, model: import("./model.js").Model,
 *   stamps: import("./symbols.js").Stamps }} Easel
 */

const MERGED = 2; // pixels
const NEAR = 9;

/** Draw a lease and everything about it. @param {Easel} easel @param {Lease} lease @param {Band} band
 * @param {any[]} gaps */
export function drawLease(easel, lease, band, gaps) {
  const { pen, scale, model, stamps } = easel;
  drawFall(easel, lease, band);
  if (isOpen(lease)) drawRest(easel, lease, band);
  for (const gap of gaps) drawGap(pen, scale, gap, model, band);
  drawDots(easel, lease, band.top);
  if (lease.redelivered_as && !isOpen(lease))
    stamps.put(pen, "redelivery", scale.x(lease.t1 ?? 0), band.middle);
}

/** @param {Easel} easel @param {Lease} lease @param {Band} band */
function drawFall({ pen, scale, model }, lease, band) {
  const seen = { from: scale.from, to: scale.to, now: model.watched(), blind: model.blind };
  for (const part of fall(lease, seen, MERGED / scale.perSecond))
    if (part.length > 1) drawPart(pen, scale, part, band);
}

/** @param {Pen} pen @param {Scale} scale @param {import("./trace.js").Point[]} points @param {Band} band */
function drawPart(pen, scale, points, band) {
  pen.beginPath();
  for (const { t, share } of points) pen.lineTo(scale.x(t), band.base - share * (band.base - band.top));
  pen.strokeStyle = shade(pen, band);
  pen.lineWidth = 1.5;
  pen.lineJoin = "round";
  pen.stroke();
  pen.lineTo(scale.x(points[points.length - 1].t), band.base);
  pen.lineTo(scale.x(points[0].t), band.base);
  pen.closePath();
  pen.globalAlpha = 0.15;
  pen.fillStyle = palette().blue;
  pen.fill();
  pen.globalAlpha = 1;
}

/** Full is calm, half is a warning, a fifth is alarm. @param {Pen} pen @param {Band} band */
function shade(pen, { top, base }) {
  const { blue, orange, red } = palette();
  const found = pen.createLinearGradient(0, top, 0, base);
  for (const [share, colour] of /** @type {[number, string][]} */ ([
    [0, blue],
    [0.45, blue],
    [0.55, orange],
    [0.78, orange],
    [0.86, red],
  ])) {
    found.addColorStop(share, colour);
  }
  return found;
}

/** What is left of an open lease: it falls towards its deadline, where a bar stands.
 * @param {Easel} easel @param {Lease} lease @param {Band} band */
function drawRest({ pen, scale, model }, lease, band) {
  const now = model.watched();
  const [seconds, share] = [remaining(lease, model), headroom(lease, now)];
  if (seconds === null || share === null) return;
  const colours = palette();
  const [x, out, y] = [scale.x(now), scale.x(now + seconds), band.base - share * (band.base - band.top)];
  pen.fillStyle = pen.strokeStyle = share > 0.5 ? colours.blue : share > 0.2 ? colours.orange : colours.red;
  if (seconds > 0) drawFuture(pen, x, y, out, band.base);
  pen.fillRect(out - 1, band.top - 2, 2, band.base - band.top + 2);
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = share > 0.2 ? colours.muted : colours.red;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  const size = Math.abs(seconds).toFixed(Math.abs(seconds) < 10 ? 1 : 0);
  const said = seconds > 0 ? `${duration(Number(size))} left` : `over by ${duration(Number(size))}`;
  const [wide, behind] = [pen.measureText(said).width, Math.max(x, out) + 5];
  const at = behind + wide <= scale.right ? behind : Math.min(out - 6, scale.right) - wide;
  pen.fillText(said, Math.max(scale.left + 4, at), band.middle);
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} out @param {number} base */
function drawFuture(pen, x, y, out, base) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(out, base);
  pen.lineTo(x, base);
  pen.globalAlpha = 0.1;
  pen.fill();
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(out, base);
  pen.globalAlpha = 0.75;
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.stroke();
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** Every call of the lease; where there are more of them than there is room for, the ordinary ones are merged.
 * @param {Easel} easel @param {Lease} lease @param {number} y */
function drawDots({ pen, scale, stamps }, { dots }, y) {
  const first = lowerBound(dots.t, scale.t(scale.left - NEAR));
  const last = lowerBound(dots.t, scale.t(scale.right + NEAR));
  const merge = last - first > (scale.right - scale.left) / 7;
  if (merge) drawDense(pen, scale, dots, first, last, y);
  /** @type {Record<string, number>} */
  const drawn = {};
  for (let place = first; place < last; place += 1) {
    const { letter, loud } = kindOf(dots.kind.values[place]);
    const x = scale.x(dots.t.values[place]);
    if ((merge && !loud) || x - (drawn[letter] ?? -99) < 1) continue;
    drawn[letter] = x;
    stamps.put(pen, letter, x, y);
  }
}

/** Columns, the fuller the darker. @param {Pen} pen @param {Scale} scale @param {import("./lease.js").Dots} dots
 * @param {number} first @param {number} last @param {number} y */
function drawDense(pen, scale, dots, first, last, y) {
  pen.fillStyle = palette().blue;
  for (let place = first; place < last;) {
    const x = Math.floor(scale.x(dots.t.values[place]) / 3) * 3;
    const next = Math.max(place + 1, lowerBound(dots.t, scale.t(x + 3)));
    pen.globalAlpha = Math.min(1, 0.3 + 0.12 * (next - place));
    const high = Math.min(8, 3 + (next - place) / 2);
    pen.fillRect(x, y - high / 2, 2.5, high);
    place = next;
  }
  pen.globalAlpha = 1;
}
