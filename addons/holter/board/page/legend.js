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
  ["fails:yes", "findings that fail a run: certain, not by a fault of ours, not suppressed"],
  ["ms:>100", "numbers above 100; also <, >=, <=, ="],
];

const SWATCHES = [
  ["band", "lease", "how much of the lease is left, falling from each beat towards the deadline"],
  ["gap", "gap", "nothing renewed the lease: pale up to the limit that was broken, full beyond it"],
  ["perhaps", "possible", "a gap that may have been as long, or not"],
  ["blind", "not seen", "nothing was seen here, and nobody is blamed"],
  ["fold", "folded", "a long time that nobody saw, drawn narrow; all else is to scale"],
];

/** @param {string} look */
const swatch = (look) => h("i", { class: `swatch ${look}` });

/** Fill the legend and the help. */
export function explain() {
  fill(
    the("legend"),
    LEGEND.map(({ symbol, name, says }) => h("li", { title: says }, picture(symbol), name)),
    SWATCHES.map(([look, name, says]) => h("li", { title: says, id: `legend-${look}` }, swatch(look), name)),
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
      SWATCHES.flatMap(([look, name, says]) => [h("dt", {}, swatch(look), " ", name), h("dd", {}, says)]),
    ),
  );
}
