// All calls of the run, in columns.

import { Column, Names } from "./columns.js";

const WORDS = ["op", "caller", "task", "answer", "origin"];
/** @type {Record<string, string>} */
const MANY = { op: "ops", caller: "callers", task: "tasks", answer: "answers", origin: "origins" };

/** The calls; a row is a place in every column, in the order in which they were finished. */
export class Calls {
  /** @param {Record<string, any>} [from] the page's `calls` */
  constructor(from = {}) {
    this.seq = new Column(from.seq, Uint32Array);
    this.t = new Column(from.t);
    this.ms = new Column(Array.from(from.ms ?? [], (ms) => ms ?? NaN));
    /** @type {Record<string, Names>} */
    this.names = {};
    /** @type {Record<string, Column>} */
    this.words = {};
    for (const word of WORDS) {
      this.names[word] = new Names(from[MANY[word]] ?? []);
      const nothing = () => this.names[word].number(null);
      this.words[word] = new Column(
        Array.from(from[word] ?? [], (number) => number ?? nothing()),
        Uint32Array,
      );
    }
    /** @type {Map<number, number>} */
    this.places = new Map();
  }

  get length() {
    return this.seq.length;
  }

  /** Add a call as the events tell it. @param {Record<string, any>} row */
  add(row) {
    this.seq.add(row.seq);
    this.t.add(row.t);
    this.ms.add(row.ms ?? NaN);
    for (const word of WORDS) this.words[word].add(this.names[word].number(row[word]));
  }

  /** A word of a call: its op, caller, task, answer or origin. @param {string} name @param {number} place */
  word(name, place) {
    return this.names[name].list[this.words[name].values[place]];
  }

  /** Where the call of this number stands, -1 where it does not. @param {number} seq */
  place(seq) {
    for (let place = this.places.size; place < this.length; place += 1)
      this.places.set(this.seq.values[place], place);
    return this.places.get(seq) ?? -1;
  }
}
