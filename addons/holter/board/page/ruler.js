// The head of the lanes: the time of day, and what the runners themselves do.

import { fails } from "./model.js";
import { hatch } from "./pens.js";
import { step, ticks } from "./scale.js";
import { drawTears } from "./tear.js";
import { palette } from "./theme.js";
import { clock, day } from "./words.js";

/** @typedef {import("./scale.js").Scale} Scale @typedef {CanvasRenderingContext2D} Pen */

const LABEL = 84;
const APART = 8; // pixels between two labels

/** Lines as on the paper of a cardiogram: fine ones, and strong ones where a time is written.
 * @param {Pen} pen @param {Scale} scale @param {number} zero @param {number} top @param {number} bottom */
export function drawGrid(pen, scale, zero, top, bottom) {
  const colours = palette();
  const strong = step(scale.perSecond, LABEL);
  for (const [seconds, colour] of /** @type {const} */ ([
    [strong / 5, colours.grid],
    [strong, colours["grid-strong"]],
  ])) {
    pen.fillStyle = colour;
    for (const t of ticks(scale, zero, seconds)) pen.fillRect(Math.round(scale.x(t)), top, 1, bottom - top);
  }
}

/** @param {Pen} pen @param {Scale} scale @param {number} zero @param {number} high */
export function drawRuler(pen, scale, zero, high) {
  const colours = palette();
  const seconds = step(scale.perSecond, LABEL);
  const moments = ticks(scale, zero, seconds);
  const time = (/** @type {number} */ t) => clock(zero + t, seconds < 0.01 ? 3 : seconds < 1 ? 2 : 0);
  const tick = (/** @type {number} */ t) => (isMidnight(zero + t) ? day(zero + t) : time(t));
  pen.fillStyle = colours["grid-strong"];
  for (const t of moments) pen.fillRect(Math.round(scale.x(t)), high - 6, 1, 6);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = colours.muted;
  const room = new Room(pen, high / 2 - 1, scale.right + 8);
  room.put(heading(scale, zero), 8);
  writeBeyond(room, scale, zero, time);
  for (const t of moments) {
    const x = Math.round(scale.x(t));
    if (x > scale.left + 26) room.put(tick(t), x - pen.measureText(tick(t)).width / 2);
  }
}

/** @param {number} wall */
function isMidnight(wall) {
  return Math.round(wall * 1000) % 86_400_000 === 0;
}

/** What stands above the names: the day where there are several. @param {Scale} scale @param {number} zero */
function heading({ from, to, left }, zero) {
  const date = day(zero + from);
  const narrow = left < 100;
  if (date !== day(zero + to)) return narrow ? date : `${date} UTC`;
  return narrow ? "UTC" : "task, activity, runner / UTC";
}

/** Beyond each fold the time at which it ends. Another day comes before all others, as much of it as there is
 * room for. @param {Room} room @param {Scale} scale @param {number} zero @param {(t: number) => string} time */
function writeBeyond(room, scale, zero, time) {
  const beyond = scale.fold.cuts.filter(({ to }) => scale.from <= to && to <= scale.to);
  const days = beyond.filter(({ from, to }) => day(zero + to) !== day(zero + from));
  let next = room.right + APART;
  for (const { to } of days.reverse()) {
    const date = day(zero + to);
    next = room.putLongest([`${date} ${time(to)}`, date, date.slice(5)], scale.x(to), next);
  }
  for (const { to } of beyond) room.put(time(to), scale.x(to));
}

/** A line of words that leave each other room and keep within the paper: who comes first stays. */
class Room {
  /** @param {Pen} pen @param {number} y @param {number} right */
  constructor(pen, y, right) {
    this.pen = pen;
    this.y = y;
    this.right = right;
    /** @type {[number, number][]} */
    this.taken = [];
  }

  /** Where words begin that end with the paper. @param {string} words */
  last(words) {
    return this.right - this.pen.measureText(words).width;
  }

  /** Write the first of some words that ends before what comes next; the last of them even where it has to begin
   * sooner for that. Where it begins is returned. @param {string[]} choice the longest first @param {number} x
   * @param {number} next */
  putLongest(choice, x, next) {
    const latest = (/** @type {string} */ words) => next - APART - this.pen.measureText(words).width;
    const words = choice.find((one) => x <= latest(one)) ?? choice[choice.length - 1];
    const begin = Math.min(x, latest(words));
    this.put(words, begin);
    return begin;
  }

  /** Write where nothing stands yet. @param {string} words @param {number} x */
  put(words, x) {
    const end = x + this.pen.measureText(words).width;
    if (x > this.last(words) || this.taken.some(([from, to]) => x < to + APART && end > from - APART)) return;
    this.taken.push([x, end]);
    this.pen.fillText(words, x, this.y);
  }
}

/** The runners' own signs of life, and who was asked to leave.
 * @param {Pen} pen @param {Scale} scale @param {import("./model.js").Model} model
 * @param {import("./symbols.js").Stamps} stamps @param {number} top @param {number} high */
export function drawCrew(pen, scale, model, stamps, top, high) {
  const colours = palette();
  pen.fillStyle = colours.line;
  pen.fillRect(0, top, scale.right + 8, 1);
  pen.fillStyle = colours.muted;
  pen.textBaseline = "middle";
  pen.fillText("runners", 8, top + high / 2);
  pen.fillStyle = colours.muted;
  for (const { heartbeats } of model.callers.values()) {
    if (!heartbeats) continue;
    let drawn = -9;
    for (const t of heartbeats.t ?? []) {
      const x = scale.x(t);
      if (x < scale.left || x > scale.right || x - drawn < 1) continue;
      drawn = x;
      pen.fillRect(x - 0.5, top + 6, 1, high - 10);
    }
    for (const seq of heartbeats.terminate ?? []) {
      const t = model.moment(seq);
      if (t !== null && t >= scale.from && t <= scale.to)
        stamps.put(pen, "terminate", scale.x(t), top + high / 2);
    }
  }
}

/** All of the recording in one strip: how much was said, where it went wrong, and what is looked at.
 * @param {Pen} pen @param {Scale} scale whole @param {import("./model.js").Model} model
 * @param {import("./view.js").View} view @param {number} high */
export function drawOverview(pen, scale, model, view, high) {
  const colours = palette();
  pen.clearRect(0, 0, scale.right + scale.left, high);
  drawCrowd(pen, scale, model.calls.t, high);
  pen.fillStyle = hatch(pen, colours.faint);
  for (const { from, to } of model.blind)
    pen.fillRect(scale.x(from), 2, scale.x(to ?? model.now()) - scale.x(from), high - 4);
  drawTears(pen, scale, 2, high - 2);
  for (const one of model.findings.values()) {
    const { t, severity } = one;
    if (typeof t !== "number" || severity === "note" || !fails(one)) continue;
    const bad = severity === "error";
    pen.fillStyle = bad ? colours.red : colours.orange;
    pen.fillRect(scale.x(t) - 1, 2, bad ? 2.5 : 1.5, bad ? 13 : 8);
  }
  const [x, to] = [Math.max(scale.left, scale.over(view.from)), Math.min(scale.right, scale.over(view.to))];
  pen.fillStyle = colours.accent;
  pen.globalAlpha = 0.13;
  pen.fillRect(x, 0, Math.max(3, to - x), high);
  pen.globalAlpha = 1;
  pen.fillRect(x, 0, 2, high);
  pen.fillRect(Math.max(x + 1, to - 2), 0, 2, high);
}

/** @param {Pen} pen @param {Scale} scale @param {import("./columns.js").Column} t @param {number} high */
function drawCrowd(pen, scale, t, high) {
  const wide = 3;
  const counts = new Uint32Array(Math.max(1, Math.ceil((scale.right - scale.left) / wide)));
  for (let place = 0; place < t.length; place += 1) {
    counts[Math.min(counts.length - 1, Math.floor((scale.x(t.values[place]) - scale.left) / wide))] += 1;
  }
  const most = counts.reduce((one, other) => Math.max(one, other), 1);
  pen.fillStyle = palette().sky;
  counts.forEach((count, place) => {
    const tall = count ? Math.max(1.5, (high - 18) * Math.sqrt(count / most)) : 0;
    pen.fillRect(scale.left + place * wide, high - 3 - tall, wide - 0.5, tall);
  });
}
