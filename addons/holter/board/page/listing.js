// Which rows a table shows: those that pass the filter, in the order that was asked for.

import { order } from "./columns.js";
import { terms, test, wrong } from "./filter.js";

/**
 * @typedef {{ key: string, label: string, width: number, number?: boolean, hide?: "narrow" | "small", title?: string,
 *   text: (one: any) => string, full?: (one: any) => string, look?: (one: any) => string,
 *   rank?: (one: any) => number }} Field
 * `full` is what its title says where that is more than its text; `rank` is what a number column is sorted by;
 * others by their text.
 */

/** The rows of one kind of thing. @template T */
export class Listing {
  /** @param {string} name @param {Field[]} fields @param {(one: any) => string} id
   * @param {Record<string, (one: any) => string>} [more] further keys of the filter */
  constructor(name, fields, id, more = {}) {
    this.name = name;
    this.fields = fields;
    this.idOf = id;
    this.more = more;
    this.filter = "";
    this.sorted = { key: "", down: false };
    /** @type {any[]} */
    this.all = [];
    /** @type {any[]} */
    this.rows = [];
    this.trouble = "";
  }

  /** The keys that its filter knows. */
  get keys() {
    return [...this.fields.map((field) => field.key), ...Object.keys(this.more)];
  }

  /** Take in all there is. @param {any[]} all */
  take(all) {
    this.all = all;
    const asked = terms(this.filter);
    this.trouble = wrong(asked, this.keys);
    const kept = this.trouble ? all : all.filter(this.passing(asked));
    this.rows = this.inOrder(kept);
    return this;
  }

  /** @param {import("./filter.js").Term[]} asked @returns {(one: any) => boolean} */
  passing(asked) {
    const tests = asked.map((term) => {
      const holds = test(term);
      const text =
        term.key === null
          ? (/** @type {any} */ one) => this.fields.map((field) => field.text(one)).join("\n")
          : this.reader(term.key);
      return (/** @type {any} */ one) => holds(text(one));
    });
    return (one) => tests.every((passes) => passes(one));
  }

  /** What a key of the filter looks at. @param {string} key @returns {(one: any) => string} */
  reader(key) {
    const field = this.fields.find((one) => one.key === key);
    if (!field) return this.more[key];
    const { rank } = field;
    if (!rank || !field.number) return field.text;
    return (one) => (Number.isFinite(rank(one)) ? String(rank(one)) : "");
  }

  /** @param {any[]} rows */
  inOrder(rows) {
    const field = this.fields.find((one) => one.key === this.sorted.key);
    if (!field) return rows;
    return Array.from(
      order(
        Float64Array.from(field.rank ? rows.map(field.rank) : ranks(rows.map(field.text))),
        this.sorted.down,
      ),
      (place) => rows[place],
    );
  }

  /** Sort by a column: the second time the other way round, the third as it came. @param {string} key */
  sort(key) {
    const { key: before, down } = this.sorted;
    this.sorted =
      key !== before ? { key, down: false } : down ? { key: "", down: false } : { key, down: true };
    this.take(this.all);
  }

  /** What the table asks for. */
  get source() {
    const { rows, fields } = this;
    return {
      columns: fields,
      name: this.name,
      length: rows.length,
      id: (/** @type {number} */ row) => this.idOf(rows[row]),
      row: (/** @type {string} */ id) => this.row(id),
      cells: (/** @type {number} */ row) =>
        fields.map(({ text, look, full }) => ({
          text: text(rows[row]),
          class: look?.(rows[row]),
          title: full?.(rows[row]),
        })),
    };
  }

  /** Where a thing stands among the rows, -1 where it is filtered out. @param {string} id */
  row(id) {
    return this.rows.findIndex((one) => this.idOf(one) === id);
  }
}

/** Texts as numbers that sort alike; `task-9` comes before `task-10`. @param {string[]} texts */
export function ranks(texts) {
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const known = [...new Set(texts)].sort(compare);
  const numbers = new Map(known.map((text, number) => [text, number]));
  return texts.map((text) => (text === "" ? NaN : (numbers.get(text) ?? NaN)));
}
