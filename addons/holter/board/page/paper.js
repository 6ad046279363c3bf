// The page on paper: lanes drawn for the sheet's width, and the tables whole, up to a bound.

import { h, the } from "./dom.js";
import { Lanes } from "./lanes.js";
import { View } from "./view.js";
import { counted } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{ name: string, fields: any[], inOrder: (rows: any[]) => any[] }} List
 */

const WIDE = 960;
const MOST_LANES = 120;
const A_SHEET = 22; // lanes
const MOST_ROWS = 500;

/** Lay out for paper before a print, and clear it away after it.
 * @param {Model} model @param {() => Row[]} rows @param {View} view @param {() => [List, any[]][]} lists */
export function printable(model, rows, view, lists) {
  addEventListener("beforeprint", () => {
    const sheets = h(
      "section",
      { id: "paper" },
      lanesOf(model, rows(), view),
      lists().flatMap(([list, all]) => tableOf(list, all)),
    );
    the("main").append(sheets);
  });
  addEventListener("afterprint", () => document.getElementById("paper")?.remove());
}

/** @param {Model} model @param {Row[]} rows @param {View} view */
function lanesOf(model, rows, view) {
  const sheets = [];
  for (let first = 0; first < Math.min(rows.length, MOST_LANES); first += A_SHEET) {
    sheets.push(drawn(model, rows.slice(first, Math.min(first + A_SHEET, MOST_LANES)), view));
  }
  const left = rows.length - MOST_LANES;
  return [
    sheets,
    left > 0 ? h("p", {}, `${counted(left, "more lane")}: the file itself shows them on a screen.`) : null,
  ];
}

/** @param {Model} model @param {Row[]} rows @param {View} view */
function drawn(model, rows, view) {
  const canvas = h("canvas", { class: "lanes-on-paper" });
  const looked = new View();
  Object.assign(looked, { from: view.from, to: view.to, extent: view.extent, fold: view.fold });
  const lanes = new Lanes(canvas, model, looked);
  lanes.rows = rows;
  lanes.fit(WIDE, 46 + rows.length * 36, 2);
  lanes.draw();
  return canvas;
}

/** @param {List} list @param {any[]} all */
function tableOf(list, all) {
  if (!all.length) return [];
  const rows = list.inOrder(all).slice(0, MOST_ROWS);
  const look = (/** @type {any} */ field) => (field.number ? "number" : "");
  return [
    h(
      "h2",
      {},
      `${list.name} (${all.length > rows.length ? `the first ${rows.length} of ` : ""}${all.length})`,
    ),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          list.fields.map((field) => h("th", { class: look(field) }, field.label)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            list.fields.map((field) =>
              h("td", { class: `${look(field)} ${field.look?.(row) ?? ""}` }, field.text(row)),
            ),
          ),
        ),
      ),
    ),
  ];
}
