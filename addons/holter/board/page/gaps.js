// Gaps in the lanes: what is certain is solid, what is only possible is hatched.

import { hatch, severityColour } from "./pens.js";

/**
 * @typedef {import("./scale.js").Scale} Scale
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ top: number, base: number }} Span the band's upper and lower edge
 */

/** The findings of each task that have a gap to draw, the worst on top.
 * @param {Iterable<any>} findings @returns {Map<string, any[]>} */
export function gapsByTask(findings) {
  /** @type {Map<string, any[]>} */
  const found = new Map();
  for (const one of findings) {
    if (!one.task || one.severity === "note" || typeof one.t0 !== "number") continue;
    found.set(one.task, [...(found.get(one.task) ?? []), one]);
  }
  for (const list of found.values())
    list.sort((one, other) => Number(one.severity === "error") - Number(other.severity === "error"));
  return found;
}

/** Where a gap begins, where its certain and its possible part end, and where its limit passed.
 * @param {any} finding @param {Model} model */
export function edges(finding, model) {
  const { t0: from, gap, limit, state, certainty } = finding;
  const [now, last] = [model.watched(), lastOf(finding, model)];
  const certain = finding.certain_to ?? (state === "open" ? now : from + (gap?.certain ?? 0));
  const possible = Math.max(certain, finding.possible_to ?? from + (gap?.possible ?? 0));
  return {
    from,
    certain: certainty === "possible" ? from : Math.min(certain, last),
    possible: Math.min(possible, last),
    limit: from + (limit?.seconds ?? Infinity),
  };
}

/** What a gap cannot outlast: this moment while it is open, else the answer to the call that ended it.
 * @param {any} finding @param {Model} model */
function lastOf({ state, t0, interactions }, model) {
  if (state === "open") return Math.max(t0, model.watched());
  const ended = model.answered(interactions?.[1] ?? -1);
  return ended !== null && ended > t0 ? ended : Infinity;
}

/** Draw a gap. @param {CanvasRenderingContext2D} pen @param {Scale} scale @param {any} finding
 * @param {Model} model @param {Span} span */
export function drawGap(pen, scale, finding, model, { top, base }) {
  const { from, certain, possible, limit } = edges(finding, model);
  if (possible < scale.from || from > scale.to) return;
  const colour = severityColour(finding.severity);
  const x = (/** @type {number} */ t) => Math.max(scale.left - 8, Math.min(scale.right + 8, scale.x(t)));
  const block = (/** @type {number} */ t, /** @type {number} */ to, /** @type {number} */ high) =>
    pen.fillRect(x(t), base - high, Math.max(to > t ? 1.5 : 0, x(to) - x(t)), high);
  const full = finding.severity === "error" ? base - top : 5;
  pen.fillStyle = colour;
  pen.globalAlpha = finding.severity === "error" ? 0.16 : 0;
  block(from, certain, full);
  pen.globalAlpha = 0.5;
  if (limit < certain) block(limit, certain, full);
  pen.globalAlpha = 1;
  block(from, certain, Math.min(full, 4));
  pen.fillStyle = hatch(pen, colour);
  block(certain, possible, full);
}
