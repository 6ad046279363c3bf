// The faults of a run, with what can be done to each.

import { h, fill, the } from "./dom.js";
import { terms, test, wrong } from "./filter.js";
import { duration, thousands } from "./words.js";

const KEYS = ["name", "state"];

/** Show the rules that pass a filter, and return how many, and what is wrong with the filter.
 * @param {any[]} rules @param {string} filter @param {((rule: any) => Node[]) | null} buttons */
export function showRules(rules, filter, buttons) {
  const asked = terms(filter);
  const trouble = wrong(asked, KEYS);
  const tests = trouble ? [] : asked.map((term) => ({ key: term.key, holds: test(term) }));
  const shown = rules.filter((rule) =>
    tests.every(({ key, holds }) => holds(key ? String(rule[key]) : `${rule.name}\n${rule.state}`)),
  );
  const focused = document.activeElement?.getAttribute("aria-label");
  fill(
    the("rules"),
    shown.length
      ? tableOfRules(shown, buttons)
      : h("p", { class: "quiet" }, rules.length ? "Nothing here." : "No faults are asked for."),
  );
  if (focused)
    the("rules")
      .querySelector(`[aria-label="${CSS.escape(focused)}"]`)
      ?.focus();
  return trouble;
}

/** @param {any[]} rules @param {((rule: any) => Node[]) | null} buttons */
function tableOfRules(rules, buttons) {
  const heads = ["rule", "state", "calls met", "left", ...(buttons ? [""] : [])];
  return h(
    "table",
    { "aria-label": "faults" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        heads.map((name) => h("th", { scope: "col", class: /met|left/.test(name) ? "number" : "" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      rules.map((rule) =>
        h(
          "tr",
          {},
          h("td", {}, h("code", {}, rule.name)),
          h("td", { class: `rule-${rule.state}` }, rule.state),
          h("td", { class: "number" }, thousands(rule.met ?? 0)),
          h("td", { class: "number" }, duration(rule.left ?? null)),
          buttons ? h("td", {}, h("div", { class: "deeds" }, buttons(rule))) : null,
        ),
      ),
    ),
  );
}
