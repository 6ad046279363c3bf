// One finding opened: what was broken, by how much, who says so, and the calls that prove it.

import { h } from "./dom.js";
import { mark } from "./links.js";
import { duration } from "./words.js";

/** @typedef {import("./links.js").Links} Links */

/** @param {Links} links @param {number} id */
export function findingView(links, id) {
  const one = links.model.findings.get(id);
  if (!one)
    return [
      links.head("finding", "withdrawn"),
      h("p", { class: "message" }, "Its gap ended in a way that breaks no rule."),
    ];
  const rule = links.model.about.rules?.[one.rule] ?? {};
  return [
    links.head("finding", one.rule),
    h("p", { class: "message" }, mark(one), " ", one.message),
    links.facts([
      ["time", links.moment(links.model.foundAt(one))],
      ["meaning", rule.meaning],
      ["to do", rule.action],
      ["certainty", `${one.certainty}${one.state === "open" ? ", and goes on" : ""}`],
      ["gap", gapOf(one.gap)],
      ["limit", one.limit ? `${duration(one.limit.seconds)} (${one.limit.name})` : ""],
      ["source", one.limit?.source ?? rule.source],
      ["cause", one.cause],
      ["does not count", one.suppressed],
      ["task", links.task(one.task)],
      ["attempt", one.attempt],
      ["runner", links.runner(one.caller)],
      ["proof", links.calls(one.interactions ?? [])],
      ["in the file", placesOf(one.places ?? [])],
    ]),
  ];
}

/** @param {{ certain: number, possible: number } | null} gap */
function gapOf(gap) {
  if (!gap) return "";
  const [least, most] = [duration(gap.certain), duration(gap.possible)];
  return least === most ? least : `${least} to ${most}`;
}

/** @param {string[]} places */
function placesOf(places) {
  return places.length ? places.slice(0, 10).map((place) => h("div", {}, h("code", {}, place))) : "";
}
