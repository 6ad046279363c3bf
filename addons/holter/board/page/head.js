// The page's head: which run, how it goes, and how many of everything.

import { fill, h, say, the } from "./dom.js";
import { clock, day, thousands } from "./words.js";

/** @typedef {import("./model.js").Model} Model */

const SAYS = {
  live: "live",
  paused: "paused",
  ended: "ended",
  reconnecting: "reconnecting",
  refused: "no access",
  frozen: "report",
  loading: "loading",
};

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
    const { calls, leases, open, error, warning, note, armed, lost } = this.model.totals();
    /** @type {[string, number, string, string, string][]} */
    const chips = [
      ["calls", calls, "calls", "", ""],
      [
        this.model.live && !this.model.ended ? "open leases" : "leases",
        this.model.live && !this.model.ended ? open : leases,
        "leases",
        this.model.live && !this.model.ended ? "open:yes" : "",
        "",
      ],
      ["errors", error, "findings", "severity:error", error ? "error" : ""],
      ["warnings", warning, "findings", "severity:warning", warning ? "warning" : ""],
      ["notes", note, "findings", "severity:note", ""],
      ["faults armed", armed, "faults", "", armed ? "warning" : ""],
      ["lost", lost, "findings", "", lost ? "error" : ""],
    ];
    const wanted = JSON.stringify(chips);
    if (this.shown === wanted) return;
    this.shown = wanted;
    fill(
      the("totals"),
      chips
        .filter(([name, count]) => count || !["lost", "faults armed", "notes"].includes(name))
        .map(([name, count, tab, filter, look]) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: look, onclick: () => this.lead(tab, filter) },
              h("b", {}, thousands(count)),
              ` ${count === 1 ? name.replace(/s( armed)?$/, "$1") : name}`,
            ),
          ),
        ),
    );
  }

  /** The clock goes on by itself. */
  tick() {
    const now = this.model.zero + this.model.now();
    say(the("clock"), this.model.zero ? clock(now) : "");
    the("clock").title = this.model.zero ? `${day(now)}, UTC` : "";
  }
}
