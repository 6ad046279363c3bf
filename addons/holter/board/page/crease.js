// What is folded: the long stretches of time that nobody saw and in which nothing happened.

import { Column, lowerBound } from "./columns.js";
import { FLAT, Fold } from "./fold.js";

/**
 * @typedef {import("./fold.js").Cut} Cut
 * @typedef {{ from: number, to: number | null, why: string }} Blind
 */

const LONG = 0.1; // a stretch is folded that is longer than this share of all that was seen
const NARROW = 0.025; // the share of what was seen that it is drawn as
const MOST = 0.3; // and the share that all of them may take together

/** Fold what nobody saw and nothing happened in, where it is long beside what was seen. A stretch that still goes
 * on is left as it is. @param {Blind[]} blind in any order @param {Column} calls when they were asked
 * @param {number} seen seconds @param {number} least seconds; what is shorter is never folded */
export function foldOf(blind, calls, seen, least) {
  const isLong = (/** @type {Cut} */ { from, to }) => to - from > Math.max(least, LONG * seen);
  const cuts = quiet(united(blind).filter(isLong), calls).filter(isLong);
  const narrow = seen * Math.min(NARROW, MOST / cuts.length);
  return cuts.length && narrow > 0 ? new Fold(cuts, narrow) : FLAT;
}

/** How much of the time up to a moment was seen. @param {Blind[]} blind @param {number} now */
export function seenBy(blind, now) {
  const ended = blind.map((one) => ({ ...one, to: Math.min(now, one.to ?? now) }));
  return united(ended).reduce((seen, { from, to }) => seen - Math.max(0, to - Math.max(0, from)), now);
}

/** Stretches that overlap made one. @param {Blind[]} blind @returns {Cut[]} */
function united(blind) {
  /** @type {Cut[]} */
  const found = [];
  for (const { from, to, why } of [...blind].sort((one, other) => one.from - other.from)) {
    if (to === null || to <= from) continue;
    const last = found[found.length - 1];
    if (!last || from > last.to) found.push({ from, to, why });
    else {
      last.to = Math.max(last.to, to);
      if (!last.why.split(", ").includes(why)) last.why += `, ${why}`;
    }
  }
  return found;
}

/** The parts of stretches between the calls that were asked in them all the same. @param {Cut[]} stretches
 * @param {Column} calls @returns {Cut[]} */
function quiet(stretches, calls) {
  if (!stretches.length) return [];
  const starts = new Column(stretches.map(({ from }) => from));
  /** @type {number[][]} */
  const within = stretches.map(() => []);
  for (let place = 0; place < calls.length; place += 1) {
    const t = calls.values[place];
    const number = lowerBound(starts, t) - 1;
    if (number >= 0 && t < stretches[number].to) within[number].push(t);
  }
  return stretches.flatMap(({ from, to, why }, number) => {
    const edges = [from, ...within[number].sort((one, other) => one - other), to];
    return edges.slice(1).map((edge, place) => ({ from: edges[place], to: edge, why }));
  });
}
