// Server-sent events out of pieces of text, as they come.

/** @typedef {{ event: string, data: string, id: string | null }} Told */

/** Reads a stream piece by piece; a piece may end anywhere. */
export class Events {
  rest = "";
  /** @type {string[]} */
  data = [];
  event = "message";
  /** @type {string | null} */
  id = null;

  /** Take in a piece, and return the events that are whole now. @param {string} piece @returns {Told[]} */
  take(piece) {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    return lines.flatMap((line) => (line === "" ? this.end() : this.line(line)));
  }

  /** @param {string} line @returns {Told[]} */
  line(line) {
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? ["", "", ""];
    if (name === "data") this.data.push(value);
    else if (name === "event") this.event = value;
    else if (name === "id") this.id = value;
    return [];
  }

  /** @returns {Told[]} */
  end() {
    const told = { event: this.event, data: this.data.join("\n"), id: this.id };
    const empty = !this.data.length && this.id === null;
    this.data = [];
    this.event = "message";
    this.id = null;
    return empty ? [] : [told];
  }
}
