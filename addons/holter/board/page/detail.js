// What is known of the one thing that was picked, beside the tables.

import { callView } from "./callview.js";
import { fill, the } from "./dom.js";
import { findingView } from "./findingview.js";
import { leaseView } from "./leaseview.js";
import { Links } from "./links.js";
import { runnerView } from "./runnerview.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./links.js").Picked} Picked
 * @typedef {import("./links.js").Deeds} Deeds
 */

/** @type {Record<Picked["kind"], (links: Links, id: any) => any>} */
const VIEWS = { call: callView, lease: leaseView, finding: findingView, runner: runnerView };
const PARTS_OF = { call: "", lease: "leases", finding: "findings", runner: "callers" }; // a call never changes

/** The panel for what was picked. */
export class Detail {
  /** @param {Model} model @param {Deeds} deeds */
  constructor(model, deeds) {
    this.links = new Links(model, deeds);
    this.place = the("detail");
    /** @type {Picked | null} */
    this.picked = null;
  }

  /** @param {Picked | null} picked */
  show(picked) {
    this.picked = picked;
    this.place.hidden = !picked;
    if (picked) this.draw(picked);
    this.place.scrollTop = 0;
  }

  /** @param {Picked} picked */
  draw({ kind, id }) {
    const shown = VIEWS[kind](this.links, id);
    if (shown) fill(this.place, shown);
  }

  /** Draw it again where what it tells of has changed, and nobody has a hand on it.
   * @param {Set<string>} news the parts of the model that are new */
  refresh(news) {
    const copying = String(getSelection()) && this.place.contains(getSelection()?.anchorNode ?? null);
    if (!this.picked || !news.has(PARTS_OF[this.picked.kind])) return;
    if (copying || this.place.matches(":active")) return;
    const focused = this.place.contains(document.activeElement) ? document.activeElement : null;
    const [top, text] = [this.place.scrollTop, focused?.textContent];
    this.draw(this.picked);
    this.place.scrollTop = top;
    if (focused) [...this.place.querySelectorAll("button")].find((one) => one.textContent === text)?.focus();
  }
}
