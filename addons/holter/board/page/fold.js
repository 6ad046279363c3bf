// Time that nobody saw, folded: hours between two recordings take no more room than a crease in the paper.

import { Column, lowerBound } from "./columns.js";

/** @typedef {{ from: number, to: number, why: string }} Cut a stretch that is drawn narrow */

/** Moments, and their places on the paper: seconds too, of which a fold has few. Outside of the folds a second
 * is a second; both ways are continuous, growing, and each undoes the other. */
export class Fold {
  /** @param {Cut[]} [cuts] in order, apart from each other @param {number} [narrow] seconds that each is drawn as */
  constructor(cuts = [], narrow = 0) {
    this.cuts = cuts;
    this.narrow = narrow;
    this.from = new Column(cuts.map(({ from }) => from));
    let saved = 0;
    this.saved = [0, ...cuts.map(({ from, to }) => (saved += to - from - narrow))];
    this.begin = new Column(cuts.map(({ from }, number) => from - this.saved[number]));
  }

  /** Where a moment stands. @param {number} t */
  place(t) {
    if (!this.cuts.length) return t;
    const number = lowerBound(this.from, t) - 1;
    const cut = this.cuts[number];
    if (!cut || t >= cut.to) return t - this.saved[number + 1];
    return this.begin.values[number] + ((t - cut.from) / (cut.to - cut.from)) * this.narrow;
  }

  /** Which moment stands at a place. @param {number} place */
  moment(place) {
    if (!this.cuts.length) return place;
    const number = lowerBound(this.begin, place) - 1;
    const cut = this.cuts[number];
    const within = cut ? (place - this.begin.values[number]) / this.narrow : 1;
    if (within >= 1) return place + this.saved[number + 1];
    return cut.from + within * (cut.to - cut.from);
  }

  /** The fold that a moment lies in. @param {number} t */
  at(t) {
    return this.cuts.find(({ from, to }) => from < t && t < to) ?? null;
  }

  /** The moment itself, or where it lies in a fold, the nearer edge of that. @param {number} t */
  edge(t) {
    const cut = this.at(t);
    if (!cut) return t;
    return t - cut.from < cut.to - t ? cut.from : cut.to;
  }

  /** The seconds between two moments that lie in folds. @param {number} from @param {number} to */
  hidden(from, to) {
    const overlap = (/** @type {Cut} */ cut) => Math.max(0, Math.min(to, cut.to) - Math.max(from, cut.from));
    return this.cuts.reduce((sum, cut) => sum + overlap(cut), 0);
  }

  /** What is drawn true to scale between two moments. @param {number} from @param {number} to
   * @returns {[number, number][]} */
  stretches(from, to) {
    const edges = [-Infinity, ...this.cuts.flatMap((cut) => [cut.from, cut.to]), Infinity];
    /** @type {[number, number][]} */
    const found = [];
    for (let place = 0; place < edges.length; place += 2) {
      const [begin, end] = [Math.max(from, edges[place]), Math.min(to, edges[place + 1])];
      if (begin < end) found.push([begin, end]);
    }
    return found;
  }
}

/** Nothing is folded. */
export const FLAT = new Fold();
