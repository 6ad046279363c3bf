// Time along the width: where a moment stands, and which moments deserve a line.

import { FLAT } from "./fold.js";

/** A stretch of the folded time laid over pixels. Moments are seconds since the recording's zero; places are
 * seconds on the paper, where what was folded takes few. */
export class Scale {
  /** @param {number} begin place @param {number} end place @param {number} left @param {number} right
   * @param {import("./fold.js").Fold} [fold] */
  constructor(begin, end, left, right, fold = FLAT) {
    this.begin = begin;
    this.left = left;
    this.right = right;
    this.fold = fold;
    this.from = fold.moment(begin);
    this.to = fold.moment(end);
    this.perSecond = (right - left) / (end - begin);
  }

  /** @param {number} t moment */
  x(t) {
    return this.over(this.fold.place(t));
  }

  /** @param {number} x */
  t(x) {
    return this.fold.moment(this.place(x));
  }

  /** The fold that is drawn at a pixel. @param {number} x */
  cut(x) {
    return this.left <= x && x <= this.right ? this.fold.at(this.t(x)) : null;
  }

  /** @param {number} place */
  over(place) {
    return this.left + (place - this.begin) * this.perSecond;
  }

  /** @param {number} x */
  place(x) {
    return this.begin + (x - this.left) / this.perSecond;
  }
}

const STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400],
];

/** The shortest round step that leaves this much room between two lines; above a day, whole days.
 * @param {number} perSecond pixels @param {number} room pixels */
export function step(perSecond, room) {
  const wanted = room / perSecond;
  return STEPS.find((seconds) => seconds >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
}

/** The moments on a round step of the wall clock; none in a fold. @param {Scale} scale @param {number} zero
 * @param {number} seconds */
export function ticks({ fold, from, to }, zero, seconds) {
  const found = [];
  for (const [begin, end] of fold.stretches(from, to)) {
    const first = Math.ceil((zero + begin) / seconds - 1e-9);
    const last = Math.floor((zero + end) / seconds + 1e-9);
    for (let number = first; number <= last && found.length < 2000; number += 1)
      found.push(number * seconds - zero);
  }
  return found;
}
