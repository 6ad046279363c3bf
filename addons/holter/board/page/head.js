// The page's head: which run, how it goes, and how many of everything.

import { fill, h, say, the } from "./dom.js";
import { full, thousands } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ name: string, count: number, tab: string, filter?: string, look?: string }} Chip
 */

const SAYS = {
  live: "live",
  paused: "paused",
  ended: "ended",
  reconnecting: "reconnecting",
  refused: "no access",
  frozen: "report",
  loading: "loading",
};

const RARE = new Set(["notes", "excused", "faults armed", "older not shown", "lost"]); // only told where there are any

/** Shows a model's totals and the state of the connection. */
export class Head {
  /** @param {Model} model @param {(tab: string, filter: string) => void} lead */
  constructor(model, lead) {
    this.model = model;
    this.lead = lead;
    this.connection = "loading";
    this.why = "";
    this.shown = "";
  }

  get state() {
    if (["refused", "reconnecting", "frozen", "loading"].includes(this.connection)) return this.connection;
    return this.model.ended ? "ended" : this.model.paused ? "paused" : "live";
  }

  draw() {
    const { about, paused, ended, mode } = this.model;
    const pill = the("state");
    pill.dataset.state = this.state;
    say(pill, SAYS[/** @type {"live"} */ (this.state)]);
    pill.title = this.why;
    const trouble = the("trouble");
    trouble.hidden = !["reconnecting", "refused"].includes(this.state);
    say(
      trouble,
      this.state === "refused"
        ? `No access: ${this.why}.`
        : `Not connected: ${this.why}. What stands here is as it was; trying again.`,
    );
    const name = about.title || about.recording || "";
    say(the("recording"), name);
    the("recording").title = [about.recording, about.by].filter(Boolean).join(", ");
    document.title = `${this.worst()}${name || "Holter"} \u00b7 Holter`;
    say(the("scale"), about.scale && about.scale !== 1 ? `times \u00d7 ${about.scale}` : "");
    say(the("pause"), paused ? "Resume" : "Pause");
    the("pause").setAttribute("aria-pressed", String(paused));
    the("pause").hidden = mode === "replay" || ended;
    this.totals();
    this.tick();
  }

  worst() {
    const { error } = this.model.totals();
    return error ? `(${error}) ` : "";
  }

  totals() {
    const chips = this.chips().filter(({ name, count }) => count || !RARE.has(name));
    const wanted = JSON.stringify(chips);
    if (this.shown === wanted) return;
    this.shown = wanted;
    fill(
      the("totals"),
      chips.map((chip) => h("li", {}, this.button(chip))),
    );
  }

  /** What is counted, and where a click on it leads. @returns {Chip[]} */
  chips() {
    const { calls, leases, open, error, warning, note, excused, armed, lost } = this.model.totals();
    const { live, ended, about } = this.model;
    const dropped = (about.dropped?.calls ?? 0) + (about.dropped?.leases ?? 0);
    return [
      { name: "calls", count: calls, tab: "calls" },
      live && !ended
        ? { name: "open leases", count: open, tab: "leases", filter: "open:yes" }
        : { name: "leases", count: leases, tab: "leases" },
      {
        name: "errors",
        count: error,
        tab: "findings",
        filter: "severity:error fails:yes",
        look: error ? "error" : "",
      },
      {
        ...{ name: "warnings", count: warning, tab: "findings", filter: "severity:warning fails:yes" },
        look: warning ? "warning" : "",
      },
      { name: "notes", count: note, tab: "findings", filter: "severity:note fails:yes" },
      { name: "excused", count: excused, tab: "findings", filter: "fails:no" },
      { name: "faults armed", count: armed, tab: "faults", look: "warning" },
      { name: "older not shown", count: dropped, tab: "calls" },
      { name: "lost", count: lost, tab: "findings", look: "error" },
    ];
  }

  /** @param {Chip} chip */
  button({ name, count, tab, filter = "", look = "" }) {
    const word = count === 1 ? name.replace(/s( armed)?$/, "$1") : name;
    const props = { type: "button", class: look, onclick: () => this.lead(tab, filter) };
    return h("button", props, h("b", {}, thousands(count)), ` ${word}`);
  }

  /** The clock goes on by itself. */
  tick() {
    const now = this.model.zero + this.model.now();
    say(the("clock"), this.model.zero ? this.model.time(now) : "");
    the("clock").title = this.model.zero ? full(now) : "";
  }
}
