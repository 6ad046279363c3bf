// JSON as people read it: indented, coloured by what it is, and nothing but text.

import { h } from "./dom.js";

const MOST = 20_000;

/** A value as an element. @param {any} value */
export function pretty(value) {
  const left = { pieces: MOST };
  const shown = h("pre", { class: "json", tabIndex: 0 });
  shown.append(...pieces(value, "", left));
  if (left.pieces <= 0) shown.append(h("i", {}, "\n(cut here: the recording has all of it)"));
  return shown;
}

/** @param {any} value @param {string} indent @param {{ pieces: number }} left @returns {(Node | string)[]} */
function pieces(value, indent, left) {
  left.pieces -= 1;
  if (left.pieces <= 0) return ["\u2026"];
  if (Array.isArray(value)) {
    return listed(
      value.map((item) => pieces(item, `${indent}  `, left)),
      "[",
      "]",
      indent,
      value.every(flat),
    );
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    const members = entries.map(([key, item]) => [
      h("b", {}, JSON.stringify(key)),
      ": ",
      ...pieces(item, `${indent}  `, left),
    ]);
    return listed(members, "{", "}", indent, entries.length <= 3 && entries.every(([, item]) => flat(item)));
  }
  return [h("span", { class: value === null ? "null" : typeof value }, JSON.stringify(value) ?? "")];
}

/** @param {(Node | string)[][]} items @param {string} open @param {string} close @param {string} indent
 * @param {boolean} short */
function listed(items, open, close, indent, short) {
  if (!items.length) return [open + close];
  const inline = short && items.length <= 3;
  const between = inline ? ", " : `,\n${indent}  `;
  const body = items.flatMap((item, place) => (place ? [between, ...item] : item));
  return inline ? [open, ...body, close] : [`${open}\n${indent}  `, ...body, `\n${indent}${close}`];
}

/** @param {any} value */
function flat(value) {
  return value === null || typeof value !== "object";
}
