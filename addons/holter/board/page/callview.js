// One call opened: what was asked and answered, and what the operation tables say about it.

import { fill, h } from "./dom.js";
import { kindOf } from "./kinds.js";
import { pretty } from "./pretty.js";
import { duration, sortOf } from "./words.js";

/** @typedef {import("./links.js").Links} Links */

const BESIDES = ["fault", "upstream", "try", "broken", "error", "redacted", "notes", "print"];

/** @param {Links} links @param {number} seq */
export function callView(links, seq) {
  const { model } = links;
  const place = model.calls.place(seq);
  if (place < 0) return [links.head("call", `#${seq}`), quiet("This call is no longer kept here.")];
  const bodies = h("div", { "aria-busy": "true" }, quiet("\u2026"));
  links.deeds.fetchCall(seq).then(
    (told) => showBodies(bodies, told, "Request and answer are in the recording, not in this report."),
    (why) => showBodies(bodies, null, why.message),
  );
  return [links.head("call", `#${seq}`), links.facts(factsOf(links, seq, place)), bodies];
}

/** @param {Links} links @param {number} seq @param {number} place @returns {[string, any][]} */
function factsOf(links, seq, place) {
  const { calls, zero } = links.model;
  const [answer, task] = [calls.word("answer", place), calls.word("task", place)];
  return [
    ["operation", calls.word("op", place)],
    ["answer", h("span", { class: `answer-${sortOf(answer)}` }, answer)],
    ["meaning", meaning(links, task, seq)],
    ["time", links.moment(zero + calls.t.values[place])],
    ["took", duration(calls.ms.values[place] / 1000)],
    ["task", links.task(task)],
    ["runner", links.runner(calls.word("caller", place))],
    ["answered by", calls.word("origin", place)],
    ["proof of", links.findings((one) => one.interactions?.includes(seq))],
  ];
}

/** What the call did to its lease. @param {Links} links @param {string} task @param {number} seq */
function meaning({ model }, task, seq) {
  const dots = model.tasks.get(task)?.dots;
  const dot = dots ? dots.seq.values.subarray(0, dots.seq.length).indexOf(seq) : -1;
  return dots && dot >= 0 ? kindOf(dots.kind.values[dot]).says : "";
}

/** @param {HTMLElement} place @param {any} told @param {string} otherwise */
function showBodies(place, told, otherwise) {
  place.removeAttribute("aria-busy");
  if (!told) return fill(place, quiet(otherwise));
  const { call = {}, checks = [] } = told;
  const besides = BESIDES.filter((key) => call[key] !== undefined && call[key] !== null);
  fill(
    place,
    checks.length ? problems(checks) : h("p", { class: "quiet fine" }, "As the operation tables want it."),
    h("h3", {}, "request"),
    "request" in told ? pretty(told.request) : quiet("no JSON"),
    h("h3", {}, "answer"),
    "response" in told ? pretty(told.response) : quiet("none, or no JSON"),
    besides.length
      ? [h("h3", {}, "besides"), pretty(Object.fromEntries(besides.map((key) => [key, call[key]])))]
      : null,
    told.place ? h("p", { class: "quiet" }, h("code", {}, where(told.place))) : null,
  );
}

/** @param {{ path: string, says: string }[]} checks */
function problems(checks) {
  const rows = checks.map(({ path, says }) => h("li", {}, h("code", {}, path), " ", says));
  return [h("h3", {}, "the operation tables say"), h("ul", { class: "checks" }, rows)];
}

/** @param {any} place */
function where(place) {
  return typeof place === "string" ? place : `${place.file}:${place.line}`;
}

/** @param {string} text */
function quiet(text) {
  return h("p", { class: "quiet" }, text);
}
