// Which fold holds for a model: one for as long as it will do, so that nothing moves without need.

import { foldOf, seenBy } from "./crease.js";
import { FLAT } from "./fold.js";

/** @typedef {import("./model.js").Model} Model */

const ADVICE = 60; // seconds, where no profile says

/** Keeps the fold of a model. */
export class Folding {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.held = FLAT;
    /** @type {Model["blind"] | null} */
    this.blind = null;
    /** @type {Model["calls"] | null} */
    this.calls = null;
    this.looked = 0;
    this.seen = 0;
    this.made = 0;
  }

  /** The fold that holds now. */
  fold() {
    if (this.outdated()) this.make();
    this.looked = this.model.calls.length;
    return this.held;
  }

  /** Whether other time was not seen, a call was asked within a fold after all, or so much more was seen that the
   * fold has become thin. */
  outdated() {
    const { blind, calls } = this.model;
    if (blind !== this.blind || calls !== this.calls) return true;
    if (this.held === FLAT) return false;
    for (let place = this.looked; place < calls.length; place += 1)
      if (this.held.at(calls.t.values[place])) return true;
    return this.model.now() - this.made > this.seen;
  }

  make() {
    const { blind, calls, about } = this.model;
    this.made = this.model.now();
    this.seen = seenBy(blind, this.made);
    this.held = foldOf(blind, calls.t, this.seen, about.profile?.limits?.advice ?? ADVICE);
    [this.blind, this.calls] = [blind, calls];
  }
}
