// One lease as it is drawn: how much of it is left, falling from each beat towards the deadline.

import { lowerBound } from "./columns.js";
import { kindOf } from "./kinds.js";
import { begin, heldFor, isOpen } from "./lease.js";

/**
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ t: number, share: number }} Point
 */

/** The points of the falling line within a stretch of time: down to each renewal, and up to full again.
 * More renewals than there is room for are merged, lowest share of each column kept.
 * @param {Lease} lease @param {number} from @param {number} to @param {number} now
 * @param {number} column seconds; what lies closer is merged
 * @returns {Point[]} */
export function fall(lease, from, to, now, column) {
  const line = new Line(lease, column);
  const stop = Math.min(to, isOpen(lease) ? now : (lease.t1 ?? now));
  const { t, kind } = lease.dots;
  const first = line.startAt(lease, from);
  for (let place = first; place < t.length && t.values[place] <= stop; place += 1) {
    if (kindOf(kind.values[place]).renews) line.renew(t.values[place], kind.values[place]);
  }
  line.to(stop);
  return line.points;
}

const HANDED_OUT = "h".charCodeAt(0);

class Line {
  /** @param {Lease} lease @param {number} column */
  constructor(lease, column) {
    this.column = column;
    this.ack = lease.limits?.ack ?? lease.span ?? 1;
    this.span = heldFor(lease);
    this.term = lease.t0 === null ? this.span : this.ack;
    this.since = begin(lease);
    /** @type {Point[]} */
    this.points = [];
    this.lowest = 1;
    this.drawn = -Infinity;
  }

  /** Begin with the last renewal before a moment, and return the place after it.
   * @param {Lease} lease @param {number} from */
  startAt({ dots }, from) {
    let place = lowerBound(dots.t, from);
    while (place > 0 && !kindOf(dots.kind.values[place - 1]).renews) place -= 1;
    if (place > 0) {
      this.since = dots.t.values[place - 1];
      if (dots.kind.values[place - 1] !== HANDED_OUT) this.term = this.span;
    }
    this.points.push({ t: Math.max(this.since, from), share: this.share(Math.max(this.since, from)) });
    return place;
  }

  /** @param {number} t */
  share(t) {
    return Math.max(0, Math.min(1, 1 - (t - this.since) / this.term));
  }

  /** @param {number} t @param {number} code */
  renew(t, code) {
    this.lowest = Math.min(this.lowest, this.share(t));
    if (t - this.drawn >= this.column) {
      this.empty(t);
      this.points.push({ t, share: this.lowest }, { t, share: 1 });
      this.drawn = t;
      this.lowest = 1;
    }
    this.since = t;
    if (code !== HANDED_OUT) this.term = this.span;
  }

  /** The line runs along the bottom once the lease is empty. @param {number} t */
  empty(t) {
    const out = this.since + this.term;
    if (out < t && this.points.length && this.points[this.points.length - 1].t < out)
      this.points.push({ t: out, share: 0 });
  }

  /** @param {number} t */
  to(t) {
    this.empty(t);
    if (t > this.since) this.points.push({ t, share: this.share(t) });
  }
}
