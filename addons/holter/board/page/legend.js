// What the symbols mean, and what the keys do.

import { fill, h, the } from "./dom.js";
import { LEGEND, picture } from "./symbols.js";

const KEYS = [
  ["/", "filter"],
  ["1 to 5", "leases, runners, calls, findings, faults"],
  ["+ and -", "zoom in and out; so does the wheel on the time line, or with Ctrl on the lanes"],
  ["\u2190 and \u2192", "on the lanes: from call to call; with Shift: move in time"],
  ["\u2191 and \u2193", "on the lanes and in tables: from row to row"],
  ["Enter", "open what has the focus"],
  ["0", "show all of the time"],
  ["f", "follow the time"],
  ["w", "worst lanes first"],
  ["Esc", "close"],
  ["?", "this help"],
];

const FILTERS = [
  ["late", "rows with this word, anywhere"],
  ["op:ReportTaskProgress task:task-7", "both have to hold"],
  ["answer:5xx", "answers from 500 to 599"],
  ["task:task-1*", "* stands for anything"],
  ["-answer:200", "all but these"],
  ["ms:>100", "numbers above 100; also <, >=, <=, ="],
];

/** Fill the legend and the help. */
export function explain() {
  fill(
    the("legend"),
    LEGEND.map(({ symbol, name, says }) => h("li", { title: says }, picture(symbol), name)),
    h(
      "li",
      { title: "how much of the lease is left, falling from each beat towards the deadline" },
      h("i", { class: "swatch band" }),
      "lease",
    ),
    h("li", { title: "a gap over a limit: certain" }, h("i", { class: "swatch gap" }), "gap"),
    h("li", { title: "a gap over a limit: possible" }, h("i", { class: "swatch perhaps" }), "possible"),
    h(
      "li",
      { title: "nothing was seen here, and nobody is blamed" },
      h("i", { class: "swatch blind" }),
      "not seen",
    ),
    h(
      "li",
      { id: "folded", title: "a long time that nobody saw, drawn narrow", hidden: true },
      h("i", { class: "swatch fold" }),
      "folded",
    ),
  );
  const rows = (/** @type {string[][]} */ list) =>
    h(
      "dl",
      {},
      list.flatMap(([key, says]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, says)]),
    );
  fill(
    the("help-body"),
    h("h3", {}, "keys"),
    rows(KEYS),
    h("h3", {}, "filters"),
    rows(FILTERS),
    h("h3", {}, "symbols"),
    h(
      "dl",
      { class: "symbols" },
      LEGEND.flatMap(({ symbol, name, says }) => [
        h("dt", {}, picture(symbol), " ", name),
        h("dd", {}, says),
      ]),
    ),
  );
}
