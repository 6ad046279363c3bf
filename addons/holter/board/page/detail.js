// What is known of the one thing that was picked: a call, a lease, a finding, a runner.

import { fill, h, the } from "./dom.js";
import { kindOf } from "./kinds.js";
import { isOpen, left } from "./lease.js";
import { state } from "./lists.js";
import { pretty } from "./pretty.js";
import { clock, counted, duration, percent, sortOf } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {{ kind: "call" | "lease" | "finding" | "runner", id: any }} Picked
 * @typedef {{ pick: (picked: Picked, jump?: boolean) => void, close: () => void, callsOf: (key: string, name: string) => void,
 *   fetchCall: (seq: number) => Promise<any>, cancel: ((task: string) => void) | null }} Deeds
 */

/** The panel beside the tables. */
export class Detail {
  /** @param {Model} model @param {Deeds} deeds */
  constructor(model, deeds) {
    this.model = model;
    this.deeds = deeds;
    this.place = the("detail");
    /** @type {Picked | null} */
    this.picked = null;
  }

  /** @param {Picked | null} picked */
  show(picked) {
    this.picked = picked;
    this.place.hidden = !picked;
    document.body.classList.toggle("detailed", Boolean(picked));
    if (!picked) return;
    const shown = { call: () => this.call(picked.id), lease: () => this.lease(picked.id), finding: () => this.finding(picked.id), runner: () => this.runner(picked.id) }[picked.kind]();
    if (shown) fill(this.place, shown);
    this.place.scrollTop = 0;
  }

  /** Draw it again where what it tells of has changed; not calls, which never do. @param {Set<string>} news */
  refresh(news) {
    const part = { lease: "leases", finding: "findings", runner: "callers", call: "" }[this.picked?.kind ?? "call"];
    if (!this.picked || !news.has(part) || this.place.contains(document.activeElement) || String(getSelection())) return;
    const { scrollTop } = this.place;
    this.show(this.picked);
    this.place.scrollTop = scrollTop;
  }

  /** @param {string} kind @param {string} name @param {...any} more */
  head(kind, name, ...more) {
    const close = h("button", { type: "button", class: "close", "aria-label": "close", title: "close (Esc)", onclick: () => this.deeds.close() }, "\u2715");
    return h("header", {}, h("h2", {}, h("small", {}, kind), " ", name), more, close);
  }

  /** @param {[string, any][]} rows */
  facts(rows) {
    return h("dl", {}, rows.filter(([, value]) => value !== "" && value !== null && value !== undefined).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  }

  /** A button that leads to something else. @param {Picked} picked @param {string} text */
  link(picked, text) {
    return h("button", { type: "button", class: "link", onclick: () => this.deeds.pick(picked, true) }, text);
  }

  /** @param {string | null | undefined} task */
  taskLink(task) {
    const lease = task ? this.model.tasks.get(task) : undefined;
    return lease ? this.link({ kind: "lease", id: lease.id }, lease.task) : task ?? "";
  }

  /** @param {string | null | undefined} name */
  runnerLink(name) {
    return name && this.model.callers.has(name) ? this.link({ kind: "runner", id: name }, name) : name ?? "";
  }

  /** @param {number} seq */
  call(seq) {
    const { calls, zero } = this.model;
    const place = calls.place(seq);
    if (place < 0) return [this.head("call", `#${seq}`), h("p", { class: "quiet" }, "This call is no longer kept here; the recording has it.")];
    const answer = calls.word("answer", place);
    const lease = this.model.tasks.get(calls.word("task", place));
    const dot = lease ? [...lease.dots.seq.values.subarray(0, lease.dots.seq.length)].indexOf(seq) : -1;
    const body = h("div", { class: "bodies", "aria-busy": "true" }, h("p", { class: "quiet" }, "\u2026"));
    this.deeds.fetchCall(seq).then((told) => this.picked?.id === seq && this.bodies(body, told), (why) => this.bodies(body, null, why.message));
    return [
      this.head("call", `#${seq}`),
      this.facts([
        ["operation", calls.word("op", place)],
        ["answer", h("span", { class: `answer-${sortOf(answer)}` }, answer)],
        ["meaning", dot < 0 ? "" : kindOf(lease?.dots.kind.values[dot] ?? 0).says],
        ["time", `${clock(zero + calls.t.values[place], 3)} UTC`],
        ["took", Number.isNaN(calls.ms.values[place]) ? "" : duration(calls.ms.values[place] / 1000)],
        ["task", this.taskLink(calls.word("task", place))],
        ["runner", this.runnerLink(calls.word("caller", place))],
        ["answered by", calls.word("origin", place)],
        ["findings", this.proofs(seq)],
      ]),
      body,
    ];
  }

  /** The findings that a call is part of the proof of. @param {number} seq */
  proofs(seq) {
    const found = [...this.model.findings.values()].filter((one) => one.interactions?.includes(seq));
    return found.length ? found.flatMap((one, place) => [place ? ", " : "", this.link({ kind: "finding", id: one.id }, one.rule)]) : "";
  }

  /** @param {HTMLElement} place @param {any} told @param {string} [trouble] */
  bodies(place, told, trouble) {
    place.removeAttribute("aria-busy");
    if (!told) return fill(place, h("p", { class: "quiet" }, trouble || "Request and answer are in the recording, not in this report."));
    const { call = {}, checks = [] } = told;
    const rest = Object.fromEntries(["fault", "upstream", "try", "broken", "error", "redacted", "notes", "print"].filter((key) => call[key] !== undefined && call[key] !== null).map((key) => [key, call[key]]));
    fill(place,
      checks.length ? [h("h3", {}, "the operation tables say"), h("ul", { class: "checks" }, checks.map((/** @type {any} */ one) => h("li", {}, h("code", {}, one.path), " ", one.says)))] : h("p", { class: "quiet fine" }, "As the operation tables want it."),
      h("h3", {}, "request"), "request" in told ? pretty(told.request) : h("p", { class: "quiet" }, "no JSON"),
      h("h3", {}, "answer"), "response" in told ? pretty(told.response) : h("p", { class: "quiet" }, "none, or no JSON"),
      Object.keys(rest).length ? [h("h3", {}, "besides"), pretty(rest)] : null,
      told.place ? h("p", { class: "quiet" }, typeof told.place === "string" ? told.place : `${told.place.file}:${told.place.line}`) : null,
    );
  }

  /** @param {number} id */
  lease(id) {
    const lease = this.model.leases.get(id);
    if (!lease) return null;
    const open = isOpen(lease);
    const rest = left(lease, this.model.now());
    const { cancel } = this.deeds;
    const live = open && cancel && !this.model.ended;
    return [
      this.head("task", lease.task),
      h("p", { class: "deeds" },
        live ? h("button", { type: "button", class: "danger", id: "cancel-task", onclick: () => cancel(lease.task) }, "Cancel its next beat") : null,
        h("button", { type: "button", onclick: () => this.deeds.callsOf("task", lease.task) }, "Its calls")),
      this.facts([
        ["state", h("span", { class: open ? "open" : "ended" }, state(lease))],
        ["left", open && rest !== null ? duration(Math.round(rest * 10) / 10) : ""],
        ["activity", lease.activity],
        ["attempt", lease.attempt],
        ["pipeline", lease.pipeline],
        ["runner", this.runnerLink(lease.caller)],
        ["handed out", lease.t0 === null ? "before the recording" : `${clock(this.model.zero + lease.t0, 3)} UTC`],
        ["ended", lease.t1 === null ? "" : `${clock(this.model.zero + lease.t1, 3)} UTC`],
        ["first beat after", duration(lease.ack)],
        ["beats", `${counted(lease.beats?.ok ?? 0, "beat")}${lease.beats?.failed ? `, ${lease.beats.failed} failed` : ""}`],
        ["between beats", lease.interval?.max === undefined ? "" : `${duration(lease.interval.min)} to ${duration(lease.interval.max)}, half below ${duration(lease.interval.p50)}`],
        ["most used up", percent(lease.worst_share ?? null)],
        ["limits", Object.entries(lease.limits ?? {}).map(([name, seconds]) => `${name} ${duration(seconds)}`).join(", ")],
        ["again as", this.taskLink(lease.redelivered_as)],
        ["before as", this.taskLink(lease.redelivery_of)],
        ["findings", this.findingsOf((one) => one.task === lease.task)],
      ]),
      lease.progress?.length ? [h("h3", {}, "last progress"), pretty(Object.fromEntries(lease.progress.map((/** @type {any} */ field) => [field.key, field.stringValue ?? field.refValue])))] : null,
    ];
  }

  /** @param {(one: any) => boolean} wanted */
  findingsOf(wanted) {
    const found = [...this.model.findings.values()].filter(wanted);
    return found.length ? found.slice(0, 20).map((one) => h("div", {}, h("span", { class: `severity ${one.severity}` }, one.severity), " ", this.link({ kind: "finding", id: one.id }, one.rule))) : "";
  }

  /** @param {any} id */
  finding(id) {
    const one = this.model.findings.get(id);
    if (!one) return null;
    const rule = this.model.about.rules?.[one.rule] ?? {};
    const numbers = /** @type {number[]} */ (one.interactions ?? []);
    const gap = one.gap ? (one.gap.certain === one.gap.possible ? duration(one.gap.certain) : `${duration(one.gap.certain)} to ${duration(one.gap.possible)}`) : "";
    return [
      this.head("finding", one.rule),
      h("p", { class: "message" }, h("span", { class: `severity ${one.severity}` }, one.severity), " ", one.message),
      this.facts([
        ["meaning", rule.meaning],
        ["to do", rule.action],
        ["certainty", `${one.certainty}${one.state === "open" ? ", and goes on" : ""}`],
        ["gap", gap],
        ["limit", one.limit ? `${duration(one.limit.seconds)} (${one.limit.name})` : ""],
        ["source", one.limit?.source ?? rule.source],
        ["cause", one.cause],
        ["does not count", one.suppressed],
        ["task", this.taskLink(one.task)],
        ["attempt", one.attempt],
        ["runner", this.runnerLink(one.caller)],
        ["proof", numbers.length ? numbers.slice(0, 50).flatMap((seq, place) => [place ? " " : "", this.link({ kind: "call", id: seq }, `#${seq}`)]) : ""],
        ["in the file", one.places?.length ? one.places.slice(0, 10).map((/** @type {string} */ at) => h("div", {}, h("code", {}, at))) : ""],
      ]),
    ];
  }

  /** @param {string} name */
  runner(name) {
    const one = this.model.callers.get(name);
    if (!one) return null;
    const leases = [...this.model.leases.values()].filter((lease) => lease.caller === name);
    return [
      this.head("runner", name),
      h("p", { class: "deeds" }, h("button", { type: "button", onclick: () => this.deeds.callsOf("caller", name) }, "Its calls")),
      this.facts([
        ["calls", one.calls],
        ["tasks", leases.slice(-30).flatMap((lease, place) => [place ? " " : "", this.taskLink(lease.task)])],
        ["beats", one.beats ? `${one.beats.ok}${one.beats.failed ? `, ${one.beats.failed} failed` : ""}` : ""],
        ["worst share", percent(one.worst_share ?? null)],
        ["polls", one.polls],
        ["without a poll", one.unpolled ? `${duration(one.unpolled.seconds)}, at most ${duration(one.unpolled.longest)} at once` : ""],
        ["own heartbeats", one.alive?.beats ?? one.heartbeats?.t?.length],
        ["findings", this.findingsOf((finding) => finding.caller === name)],
      ]),
    ];
  }
}
