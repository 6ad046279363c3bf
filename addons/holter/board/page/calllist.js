// The rows of the calls. There may be a hundred thousand: words are tested once each, not once a call.

import { order } from "./columns.js";
import { terms, test, wrong } from "./filter.js";
import { ranks } from "./listing.js";
import { full, sortOf } from "./words.js";

const WORDS = ["op", "task", "caller", "answer", "origin"];

/** @typedef {import("./model.js").Model} Model */

/** The same to the table as a `Listing`; a thing is a call's place. */
export class CallList {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.name = "calls";
    this.filter = "";
    this.sorted = { key: "seq", down: true };
    this.trouble = "";
    /** @type {Uint32Array} */
    this.rows = new Uint32Array();
    this.columns = [
      { key: "seq", label: "#", width: 8, number: true, hide: "small", title: "number of the call" },
      { key: "time", label: "time", width: 16, title: "UTC" },
      { key: "op", label: "operation", width: 22 },
      { key: "task", label: "task", width: 12 },
      { key: "caller", label: "runner", width: 15, hide: "narrow" },
      { key: "answer", label: "answer", width: 18 },
      { key: "origin", label: "from", width: 9, hide: "narrow", title: "who answered" },
      { key: "ms", label: "ms", width: 9, number: true, hide: "narrow", title: "how long the answer took" },
    ];
    this.keys = this.columns.map((column) => column.key);
  }

  take() {
    const { calls } = this.model;
    const asked = terms(this.filter);
    this.trouble = wrong(asked, this.keys);
    const tests = this.trouble ? [] : asked.map((term) => this.test(term));
    const all = new Uint32Array(calls.length).map((_, place) => place);
    this.rows = this.inOrder(tests.reduce((rows, passes) => rows.filter(passes), all));
    return this;
  }

  /** @param {import("./filter.js").Term} term @returns {(place: number) => boolean} */
  test(term) {
    const { calls } = this.model;
    const holds = test(term);
    if (term.key === null) return this.anywhere({ ...term, not: false }, term.not);
    if (WORDS.includes(term.key)) {
      const passing = calls.names[term.key].list.map(holds);
      const { values } = calls.words[term.key];
      return (place) => passing[values[place]];
    }
    return (place) => holds(this.number(/** @type {string} */ (term.key), place));
  }

  /** @param {import("./filter.js").Term} term @param {boolean} not @returns {(place: number) => boolean} */
  anywhere(term, not) {
    const { calls } = this.model;
    const holds = test(term);
    const columns = WORDS.map((word) => ({
      passing: calls.names[word].list.map(holds),
      values: calls.words[word].values,
    }));
    return (place) => columns.some(({ passing, values }) => passing[values[place]]) !== not;
  }

  /** @param {string} key @param {number} place */
  number(key, place) {
    const { calls, zero } = this.model;
    if (key === "time") return this.model.time(zero + calls.t.values[place], 3);
    const value = (key === "seq" ? calls.seq : calls.ms).values[place];
    return Number.isNaN(value) ? "" : String(value);
  }

  /** @param {Uint32Array} rows */
  inOrder(rows) {
    const { key, down } = this.sorted;
    if (!key) return rows;
    return order(this.keysOf(rows, key), down).map((place) => rows[place]);
  }

  /** @param {Uint32Array} rows @param {string} key */
  keysOf(rows, key) {
    const { calls } = this.model;
    const keys = new Float64Array(rows.length);
    if (WORDS.includes(key)) {
      const ranked = ranks(calls.names[key].list);
      const numbers = calls.words[key].values;
      for (let row = 0; row < rows.length; row += 1) keys[row] = ranked[numbers[rows[row]]];
      return keys;
    }
    const { values } = { seq: calls.seq, time: calls.t, ms: calls.ms }[key] ?? calls.seq;
    for (let row = 0; row < rows.length; row += 1) keys[row] = values[rows[row]];
    return keys;
  }

  /** @param {string} key */
  sort(key) {
    const { key: before, down } = this.sorted;
    this.sorted = { key, down: key === before && !down };
    this.take();
  }

  get source() {
    const { rows, model } = this;
    return {
      columns: this.columns,
      name: this.name,
      length: rows.length,
      id: (/** @type {number} */ row) => String(model.calls.seq.values[rows[row]]),
      row: (/** @type {string} */ id) => this.row(id),
      cells: (/** @type {number} */ row) => this.cells(rows[row]),
    };
  }

  /** @param {number} place */
  cells(place) {
    const { calls } = this.model;
    const answer = calls.word("answer", place);
    const ms = calls.ms.values[place];
    const wall = this.model.zero + calls.t.values[place];
    return [
      String(calls.seq.values[place]),
      { text: this.model.time(wall, 3), class: "time", title: full(wall) },
      calls.word("op", place),
      calls.word("task", place),
      calls.word("caller", place),
      { text: answer, class: `answer-${sortOf(answer)}` },
      calls.word("origin", place),
      Number.isNaN(ms) ? "" : ms.toFixed(ms < 10 ? 1 : 0),
    ];
  }

  /** Where a call stands among the rows, -1 where it is filtered out. @param {string} id */
  row(id) {
    const wanted = this.model.calls.place(Number(id));
    return wanted < 0 ? -1 : this.rows.indexOf(wanted);
  }
}
