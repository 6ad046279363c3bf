// A table that draws the rows in sight and no others: a hundred thousand cost what thirty do.

import { fill, h, say } from "./dom.js";

/**
 * @typedef {{ key: string, label: string, width: number, number?: boolean, hide?: "narrow" | "small",
 *   title?: string }} Column
 * `width` is a share of the table's; `hide` says with how little room a column goes.
 * @typedef {{ columns: Column[], length: number, id: (row: number) => string, row: (id: string) => number,
 *   cells: (row: number) => (string | Cell)[], name: string }} Source
 * @typedef {{ text: string, class?: string, title?: string }} Cell
 */

const HIGH = 27;
const SPARE = 6;

/** A grid for the keyboard too: one row has the focus, arrows move it, Enter opens it. */
export class Table {
  /** @param {HTMLElement} place @param {{ open: (row: number) => void, sort: (key: string) => void }} told */
  constructor(place, told) {
    this.told = told;
    this.focus = 0;
    /** @type {string | null} */
    this.picked = null;
    this.focusId = "";
    this.topId = "";
    this.topRow = 0;
    this.sorted = { key: "", down: false };
    this.columns = h("colgroup");
    this.head = h("tr", { role: "row" });
    this.above = h("tr", { class: "spare", "aria-hidden": "true" }, h("td"));
    this.below = h("tr", { class: "spare", "aria-hidden": "true" }, h("td"));
    this.body = h("tbody");
    this.grid = h(
      "table",
      {
        role: "grid",
        tabIndex: 0,
        class: "grid",
        onkeydown: (/** @type {KeyboardEvent} */ e) => this.key(e),
      },
      this.columns,
      h("thead", {}, this.head),
      this.body,
    );
    this.place = place;
    place.replaceChildren(this.grid);
    place.addEventListener("scroll", () => this.draw(), { passive: true });
    this.body.addEventListener("click", (/** @type {Event} */ event) => this.clicked(event));
    /** @type {HTMLTableRowElement[]} */
    this.pool = [];
  }

  /** Show other rows. @param {Source} source */
  show(source) {
    const same = this.source?.columns === source.columns;
    this.source = source;
    if (!same) {
      this.place.scrollTop = 0;
      this.focus = 0;
    }
    if (same) this.stay(source);
    this.focus = Math.max(0, Math.min(this.focus, source.length - 1));
    this.drawHead(source);
    this.draw();
  }

  /** Keep the focus, and what is in sight, on the same things while others come. @param {Source} source */
  stay(source) {
    const { scrollTop } = this.place;
    const [focused, seen] = [source.row(this.focusId), scrollTop ? source.row(this.topId) : -1];
    if (focused >= 0) this.focus = focused;
    if (seen >= 0 && seen !== this.topRow) this.place.scrollTop = scrollTop + (seen - this.topRow) * HIGH;
  }

  /** @param {Source} source */
  drawHead({ columns, name }) {
    this.grid.setAttribute("aria-label", name);
    fill(
      this.columns,
      columns.map((column) => {
        const col = h("col", { class: column.hide ?? "" });
        col.style.width = `${column.width}%`;
        return col;
      }),
    );
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.sort;
    fill(
      this.head,
      columns.map((column) => this.heading(column)),
    );
    if (focused) this.head.querySelector(`[data-sort="${CSS.escape(focused)}"]`)?.focus();
  }

  /** @param {Column} column */
  heading(column) {
    const { key, down } = this.sorted;
    const way = key === column.key ? (down ? "descending" : "ascending") : "none";
    const button = h(
      "button",
      {
        type: "button",
        "data-sort": column.key,
        title: column.title ?? "",
        onclick: () => this.told.sort(column.key),
      },
      column.label,
    );
    return h("th", { role: "columnheader", scope: "col", "aria-sort": way, class: classes(column) }, button);
  }

  draw() {
    const { source, place } = this;
    if (!source) return;
    const count = Math.min(source.length, Math.ceil(place.clientHeight / HIGH) + 2 * SPARE);
    const first = Math.max(0, Math.min(Math.floor(place.scrollTop / HIGH) - SPARE, source.length - count));
    this.above.firstChild.style.height = `${first * HIGH}px`;
    this.below.firstChild.style.height = `${(source.length - first - count) * HIGH}px`;
    if (this.drawn !== source.columns || this.pool.length !== count) this.lay(source, count);
    this.pool.forEach((row, place) => this.fillRow(row, source, first + place));
    this.topRow = Math.min(Math.floor(place.scrollTop / HIGH), source.length - 1);
    this.topId = source.length ? source.id(this.topRow) : "";
    this.focusId = source.length ? source.id(this.focus) : "";
    this.grid.setAttribute("aria-rowcount", String(source.length + 1));
    const shown = this.focus >= first && this.focus < first + count;
    if (shown) this.grid.setAttribute("aria-activedescendant", `row-${this.focus}`);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  /** Have as many rows as are in sight. They stay, and only their texts change: a click is never lost.
   * @param {Source} source @param {number} count */
  lay(source, count) {
    this.drawn = source.columns;
    const cells = () => source.columns.map(() => h("td", { role: "gridcell" }, h("span")));
    this.pool = Array.from({ length: count }, () => h("tr", { role: "row" }, cells()));
    fill(this.body, this.above, this.pool, this.below, count ? null : this.nothing(source));
  }

  /** @param {HTMLTableRowElement} row @param {Source} source @param {number} number */
  fillRow(row, source, number) {
    row.id = `row-${number}`;
    row.setAttribute("aria-rowindex", String(number + 2));
    row.setAttribute("aria-selected", String(source.id(number) === this.picked));
    row.className = number === this.focus ? "focused" : "";
    source.cells(number).forEach((cell, place) => {
      /** @type {Cell} */
      const { text, class: look = "", title } = typeof cell === "string" ? { text: cell } : cell;
      const td = row.cells[place];
      td.className = `${classes(source.columns[place])} ${look}`;
      td.title = title ?? (text.length > 12 ? text : "");
      say(/** @type {Element} */ (td.firstChild), text);
    });
  }

  /** @param {Event} event */
  clicked(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest("tr[aria-rowindex]");
    if (row) this.opened(Number(row.getAttribute("aria-rowindex")) - 2);
  }

  /** @param {Source} source */
  nothing(source) {
    return h("tr", { class: "nothing" }, h("td", { colSpan: source.columns.length }, "Nothing here."));
  }

  /** @param {number} row */
  opened(row) {
    this.focus = row;
    this.told.open(row);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.grid || event.ctrlKey || event.metaKey || event.altKey || !this.source) return;
    const page = Math.max(1, Math.floor(this.place.clientHeight / HIGH) - 2);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[
      event.key
    ];
    if (step !== undefined) this.move(this.focus + step);
    else if (event.key === "Enter" || event.key === " ") this.opened(this.focus);
    else return;
    event.preventDefault();
  }

  /** Have the focus on a row, in sight. @param {number} wanted */
  move(wanted) {
    this.focus = Math.max(0, Math.min(wanted, (this.source?.length ?? 1) - 1));
    const [top, room] = [this.focus * HIGH, this.place.clientHeight - 2 * HIGH];
    if (top < this.place.scrollTop) this.place.scrollTop = top;
    else if (top > this.place.scrollTop + room) this.place.scrollTop = top - room;
    this.draw();
  }
}

/** @param {Column} column */
function classes(column) {
  return `${column.number ? "number" : ""} ${column.hide ?? ""}`.trim();
}
