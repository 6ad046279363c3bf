// The page on paper: lanes drawn for the sheet's width, and the tables whole, up to a bound.

import { h, the } from "./dom.js";
import { Lanes } from "./lanes.js";
import { repaint } from "./symbols.js";
import { inPrint } from "./theme.js";
import { View } from "./view.js";
import { counted } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./dom.js").Child} Child
 * @typedef {{ name: string, fields: any[], inOrder: (rows: any[]) => any[] }} List
 */

const WIDE = 960;
const HIGH = 34; // a lane
const MOST_LANES = 120;
const A_STRIP = 4; // lanes that no sheet's end cuts apart
const MOST_ROWS = 500;

/** Lay out for paper before a print, and clear it away after it.
 * @param {Model} model @param {() => Row[]} rows @param {View} view @param {() => [List, any[]][]} lists */
export function printable(model, rows, view, lists) {
  addEventListener("beforeprint", () => {
    inPrint(() => {
      repaint();
      const tables = lists().flatMap(([list, all]) => tableOf(list, all));
      the("main").append(h("section", { id: "paper" }, lanesOf(model, rows(), view), tables));
    });
  });
  addEventListener("afterprint", () => {
    document.getElementById("paper")?.remove();
    repaint();
  });
}

/** The lanes in strips below a time line that stands at the top of each sheet.
 * @param {Model} model @param {Row[]} rows @param {View} view */
function lanesOf(model, rows, view) {
  const shown = rows.slice(0, MOST_LANES);
  const strips = [];
  for (let first = 0; first < shown.length; first += A_STRIP)
    strips.push(strip(model, shown, view, first, Math.min(A_STRIP, shown.length - first)));
  const row = (/** @type {Child} */ drawn) => h("tr", {}, h("td", {}, drawn));
  const left = rows.length - shown.length;
  return [
    h(
      "table",
      { class: "lanes" },
      h("thead", {}, row(timeLine(model, view))),
      h("tbody", {}, strips.map(row)),
    ),
    left > 0 ? h("p", {}, `${counted(left, "more lane")}: the file itself shows them on a screen.`) : null,
  ];
}

/** @param {Model} model @param {View} view */
function timeLine(model, view) {
  const lanes = looking(model, view);
  lanes.fit(WIDE, lanes.head, 2);
  return pictured(lanes);
}

/** Some lanes of them all, as if scrolled to. @param {Model} model @param {Row[]} rows @param {View} view
 * @param {number} first @param {number} count */
function strip(model, rows, view, first, count) {
  const lanes = looking(model, view);
  Object.assign(lanes, { rows, ruler: 0, crew: 0 });
  lanes.fit(WIDE, count * HIGH, 2);
  lanes.view.top = first * lanes.high;
  return pictured(lanes);
}

/** Drawn as a picture: of a canvas, Chromium prints nothing on further sheets, and draws it a little too narrow.
 * @param {Lanes} lanes */
function pictured(lanes) {
  lanes.draw();
  const { width, height } = lanes.canvas;
  return h("img", { src: lanes.canvas.toDataURL(), alt: "", width, height });
}

/** @param {Model} model @param {View} view */
function looking(model, view) {
  const looked = new View();
  Object.assign(looked, { from: view.from, to: view.to, extent: view.extent, fold: view.fold });
  return new Lanes(h("canvas"), model, looked);
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
              h("td", { class: `${field.key} ${look(field)} ${field.look?.(row) ?? ""}` }, field.text(row)),
            ),
          ),
        ),
      ),
    ),
  ];
}
