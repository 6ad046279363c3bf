// The pieces that every detail is made of: a head, facts, and buttons that lead to other things.

import { h } from "./dom.js";
import { full } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ kind: "call" | "lease" | "finding" | "runner", id: any }} Picked
 * @typedef {object} Deeds what can be done from a detail
 * @property {(picked: Picked, jump?: boolean) => void} pick
 * @property {() => void} close
 * @property {(key: string, name: string) => void} callsOf
 * @property {(seq: number) => Promise<any>} fetchCall
 * @property {((task: string) => void) | null} cancel
 */

const MOST = 50;

/** Makes pieces about one model. */
export class Links {
  /** @param {Model} model @param {Deeds} deeds */
  constructor(model, deeds) {
    this.model = model;
    this.deeds = deeds;
  }

  /** @param {string} kind @param {string} name */
  head(kind, name) {
    const close = { type: "button", class: "close", "aria-label": "close", title: "close (Esc)" };
    return h(
      "header",
      {},
      h("h2", {}, h("small", {}, kind), " ", name),
      h("button", { ...close, onclick: () => this.deeds.close() }, "\u2715"),
    );
  }

  /** Names with their values; what has no value is left out. @param {[string, any][]} rows */
  facts(rows) {
    const told = rows.filter(([, value]) => value !== "" && value !== null && value !== undefined);
    return h("dl", {}, told.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]).flat());
  }

  /** @param {string} text @param {() => void} deed @param {Record<string, any>} [more] */
  button(text, deed, more = {}) {
    return h("button", { type: "button", ...more, onclick: deed }, text);
  }

  /** A moment, in full where that is asked for. @param {number} wall seconds since 1970 */
  moment(wall) {
    return h("time", { title: full(wall) }, `${this.model.time(wall, 3)} UTC`);
  }

  /** A button that leads to something else. @param {Picked} picked @param {string} text */
  link(picked, text) {
    return this.button(text, () => this.deeds.pick(picked, true), { class: "link" });
  }

  /** @param {string | null | undefined} task */
  task(task) {
    const lease = task ? this.model.tasks.get(task) : undefined;
    return lease ? this.link({ kind: "lease", id: lease.id }, lease.task) : (task ?? "");
  }

  /** @param {string | null | undefined} name */
  runner(name) {
    const known = name && this.model.callers.has(name);
    return known ? this.link({ kind: "runner", id: name }, name) : (name ?? "");
  }

  /** @param {number[]} numbers */
  calls(numbers) {
    return apart(numbers.slice(0, MOST).map((seq) => this.link({ kind: "call", id: seq }, `#${seq}`)));
  }

  /** The findings that are wanted, a line each. @param {(one: any) => boolean} wanted */
  findings(wanted) {
    const found = [...this.model.findings.values()].filter(wanted).slice(0, MOST);
    return found.length ? found.map((one) => h("div", {}, mark(one), " ", this.finding(one))) : "";
  }

  /** @param {any} one */
  finding(one) {
    return this.link({ kind: "finding", id: one.id }, one.rule);
  }
}

/** A severity with its sign. @param {any} finding */
export function mark({ severity }) {
  return h("span", { class: `severity ${severity}` }, severity);
}

/** Pieces with blanks between them; nothing where there are none. @param {any[]} pieces */
export function apart(pieces) {
  return pieces.length ? pieces.flatMap((piece, place) => (place ? [" ", piece] : [piece])) : "";
}
