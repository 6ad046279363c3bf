// What one call does to a lease: a letter each, as the page's data has it.

/**
 * @typedef {{ letter: string, name: string, says: string, renews: boolean, loud: boolean }} Kind
 * `renews`: the lease is full again. `loud`: drawn by itself even where others are merged.
 */

/** @type {Kind[]} */
export const KINDS = [
  { letter: "h", name: "hand-out", says: "the task was handed out", renews: true, loud: true },
  { letter: "a", name: "ack", says: "acknowledgement: the first beat", renews: true, loud: true },
  { letter: "o", name: "beat", says: "ReportTaskProgress was answered", renews: true, loud: false },
  { letter: "c", name: "cancelled", says: "a beat was answered canceled: true", renews: true, loud: true },
  { letter: "e", name: "refused", says: "a call was refused, or failed with 5xx", renews: false, loud: true },
  { letter: "b", name: "broken", says: "a call got no answer", renews: false, loud: true },
  { letter: "f", name: "fault", says: "a fault answered the call", renews: false, loud: true },
  { letter: "s", name: "status", says: "SetTaskStatus was accepted", renews: true, loud: true },
];

const BY_CODE = new Map(KINDS.map((kind) => [kind.letter.charCodeAt(0), kind]));

/** The kind of a letter's code; a beat where a newer server has a letter that is not known here.
 * @param {number} code @returns {Kind} */
export function kindOf(code) {
  return BY_CODE.get(code) ?? KINDS[2];
}
