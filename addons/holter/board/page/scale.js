// Time along the width: where a moment stands, and which moments deserve a line.

/** A stretch of time laid over pixels. Moments are seconds since the recording's zero. */
export class Scale {
  /** @param {number} from @param {number} to @param {number} left @param {number} right */
  constructor(from, to, left, right) {
    this.from = from;
    this.to = to;
    this.left = left;
    this.right = right;
    this.perSecond = (right - left) / (to - from);
  }

  /** @param {number} t */
  x(t) {
    return this.left + (t - this.from) * this.perSecond;
  }

  /** @param {number} x */
  t(x) {
    return this.from + (x - this.left) / this.perSecond;
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

/** The moments on a round step of the wall clock. @param {Scale} scale @param {number} zero
 * @param {number} seconds */
export function ticks(scale, zero, seconds) {
  const first = Math.ceil((zero + scale.from) / seconds - 1e-9);
  const last = Math.floor((zero + scale.to) / seconds + 1e-9);
  const found = [];
  for (let number = first; number <= last && found.length < 2000; number += 1)
    found.push(number * seconds - zero);
  return found;
}
