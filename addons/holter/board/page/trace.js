// One lease as it is drawn: how much of it is left, falling from each beat towards the deadline.

import { lowerBound } from "./columns.js";
import { kindOf } from "./kinds.js";
import { begin, heldFor, isOpen } from "./lease.js";

/**
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ t: number, share: number }} Point
 */

/** The points of the falling line within a stretch of time: down to each renewal, and up to full again.
 * More renewals than there is room for are merged, lowest share of each column kept. Where nothing was seen
 * there is no line; after it, as nobody knows, the lease is taken for full, unless it had run empty before.
 * @param {Lease} lease
 * @param {{ from: number, to: number, now: number, blind: { from: number, to: number | null }[] }} seen
 * @param {number} column seconds; what lies closer is merged
 * @returns {Point[][]} the parts of the line */
export function fall(lease, { from, to, now, blind }, column) {
  const line = new Line(lease, from, column);
  const stop = Math.min(to, isOpen(lease) ? now : (lease.t1 ?? now));
  const { t, kind } = lease.dots;
  let place = line.start(lease);
  const dark = blind.filter((one) => one.to !== null && one.to > line.since && one.from < stop);
  for (; place < t.length && t.values[place] <= stop; place += 1) {
    if (!kindOf(kind.values[place]).renews) continue;
    while (dark.length && dark[0].from < t.values[place]) line.unseen(dark.shift());
    line.renew(t.values[place], kind.values[place]);
  }
  for (const one of dark) line.unseen(one);
  line.to(stop);
  return line.parts;
}

const HANDED_OUT = "h".charCodeAt(0);

class Line {
  /** @param {Lease} lease @param {number} from @param {number} column */
  constructor(lease, from, column) {
    this.from = from;
    this.column = column;
    this.span = heldFor(lease);
    this.term = lease.t0 === null ? this.span : (lease.limits?.ack ?? lease.span ?? 1);
    this.since = begin(lease);
    /** @type {Point[][]} */
    this.parts = [];
    this.lowest = 1;
    this.drawn = -Infinity;
  }

  /** The part that is being drawn. @returns {Point[]} */
  get points() {
    return this.parts[this.parts.length - 1];
  }

  /** Begin with the last renewal before what is in sight, and return the place after it.
   * @param {Lease} lease */
  start({ dots }) {
    let place = lowerBound(dots.t, this.from);
    while (place > 0 && !kindOf(dots.kind.values[place - 1]).renews) place -= 1;
    if (place > 0) {
      this.since = dots.t.values[place - 1];
      if (dots.kind.values[place - 1] !== HANDED_OUT) this.term = this.span;
    }
    this.part(this.since);
    return place;
  }

  /** @param {number} begin */
  part(begin) {
    const t = Math.max(begin, this.from);
    this.parts.push([{ t, share: this.share(t) }]);
  }

  /** End the part where nobody looked any more, and begin another where somebody did again.
   * @param {{ from: number, to: number | null } | undefined} dark */
  unseen(dark) {
    const { from = 0, to = 0 } = dark ?? {};
    if (from > this.points[0].t) this.to(from);
    else this.parts.pop();
    const seen = Math.max(this.since, to ?? 0);
    if (this.share(from) > 0) [this.since, this.term] = [seen, this.span];
    [this.lowest, this.drawn] = [1, -Infinity];
    this.part(seen);
  }

  /** @param {number} t */
  share(t) {
    return Math.max(0, Math.min(1, 1 - (t - this.since) / this.term));
  }

  /** @param {number} t @param {number} code */
  renew(t, code) {
    if (t < this.since) return;
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
