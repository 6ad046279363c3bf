// One lease as the page holds it, and what follows from its numbers.

import { Column, lowerBound } from "./columns.js";

/**
 * @typedef {{ t: Column, kind: Column, seq: Column }} Dots
 * @typedef {Record<string, any> & { id: number, task: string, t0: number | null, t1: number | null,
 *   deadline: number | null, span: number | null, dots: Dots }} Lease
 */

/** A lease out of the page's data. @param {Record<string, any>} row @returns {Lease} */
export function leaseOf(row) {
  const { t = [], kind = "", seq = [] } = row.dots ?? {};
  const lease = { task: "", t0: null, t1: null, deadline: null, span: null, ...row, dots: noDots() };
  t.forEach((/** @type {number} */ at, /** @type {number} */ place) =>
    addDot(lease, at, kind[place] ?? "o", seq[place]),
  );
  return /** @type {Lease} */ (lease);
}

/** @returns {Dots} */
function noDots() {
  return { t: new Column(), kind: new Column([], Uint8Array), seq: new Column([], Uint32Array) };
}

/** Put in a call of the lease; one that comes late goes where it belongs. A hand-out counts from its answer,
 * however long its poll was held.
 * @param {{ dots: Dots, t0: number | null }} lease @param {number} asked @param {string} letter
 * @param {number} seq */
export function addDot({ dots, t0 }, asked, letter, seq) {
  const t = letter === "h" ? Math.max(asked, t0 ?? asked) : asked;
  const place = t < dots.t.last ? lowerBound(dots.t, t) : dots.t.length;
  dots.t.add(t, place);
  dots.kind.add(letter.charCodeAt(0), place);
  dots.seq.add(seq, place);
}

/** Once it is known when the lease began: its hand-out counts from then. @param {Lease} lease */
export function settle({ dots, t0 }) {
  const early =
    dots.kind.length && dots.kind.values[0] === "h".charCodeAt(0) && t0 !== null && dots.t.values[0] < t0;
  if (early) dots.t.values[0] = t0;
}

/** Whether the runner still owes something. @param {Lease} lease */
export function isOpen(lease) {
  return lease.t1 === null || lease.t1 === undefined;
}

/** When the lease is first known of. @param {Lease} lease */
export function begin(lease) {
  return lease.t0 ?? (lease.dots.t.length ? lease.dots.t.values[0] : 0);
}

/** When nothing of it is left to draw. @param {Lease} lease @param {number} now */
export function end(lease, now) {
  return isOpen(lease) ? Math.max(now, lease.deadline ?? now) : lasts(lease);
}

/** Until when there was something in it: an open one that nobody renews any more is empty from its deadline on.
 * @param {Lease} lease */
export function lasts(lease) {
  return Math.max((isOpen(lease) ? lease.deadline : lease.t1) ?? 0, lease.dots.t.last || 0);
}

/** The seconds that are left of an open lease; negative once it has expired. @param {Lease} lease
 * @param {number} now */
export function left(lease, now) {
  return isOpen(lease) && typeof lease.deadline === "number" ? lease.deadline - now : null;
}

/** The share of an open lease that is left, 0 to 1. @param {Lease} lease @param {number} now */
export function headroom(lease, now) {
  const seconds = left(lease, now);
  return seconds === null ? null : Math.max(0, Math.min(1, seconds / termOf(lease)));
}

/** How long the lease lasts from its last renewal. @param {Lease} lease */
function termOf(lease) {
  return lease.span || lease.limits?.progress || 1;
}

/** How long it lasts once it is acknowledged; until then `span` is the time for that. @param {Lease} lease */
export function heldFor(lease) {
  const own = lease.limits?.reportProgressTimeout ?? lease.limits?.progress;
  return lease.beats?.ok ? (lease.span ?? own ?? 1) : (own ?? lease.span ?? 1);
}

/** The call nearest to a moment, of those between two others, by its place; -1 where there is none.
 * @param {Dots} dots @param {number} t @param {number} from @param {number} to */
export function nearest(dots, t, from, to) {
  const after = lowerBound(dots.t, t);
  let best = -1;
  let distance = Infinity;
  for (const place of [after - 1, after]) {
    const moment = place >= 0 && place < dots.t.length ? dots.t.values[place] : Infinity;
    const away = from <= moment && moment <= to ? Math.abs(moment - t) : Infinity;
    if (away < distance) [best, distance] = [place, away];
  }
  return best;
}
