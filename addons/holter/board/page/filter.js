// What the filter box means: words anywhere, `key:value`, `-` for not, quotes, `*`, `5xx`, `>` and `<`.

/**
 * @typedef {{ key: string | null, not: boolean, wanted: string }} Term
 * @typedef {(text: string) => boolean} Test
 */

const TERM = /(-?)(?:([\w.]+):)?(?:"([^"]*)"?|(\S+))/g;

/** Read a filter. @param {string} text @returns {Term[]} */
export function terms(text) {
  return [...text.matchAll(TERM)].map(([whole, not, key, quoted, plain]) =>
    plain === undefined && quoted === "" && !key
      ? { key: null, not: false, wanted: "" }
      : {
          key: key ? key.toLowerCase() : null,
          not: not === "-" && whole.length > 1,
          wanted: quoted ?? plain,
        },
  );
}

/** What is wrong with a filter, in one sentence; nothing where all is well.
 * @param {Term[]} read @param {string[]} keys */
export function wrong(read, keys) {
  const odd = read.find((term) => term.key !== null && !keys.includes(term.key));
  return odd ? `there is no ${odd.key}: here; there are ${keys.map((key) => `${key}:`).join(" ")}` : "";
}

/** Whether a text is what a term wants: a part of it without regard to case; with `*` all of it.
 * @param {Term} term @returns {Test} */
export function test(term) {
  const found = positive(term.wanted.toLowerCase());
  return term.not ? (text) => !found(text) : found;
}

/** @param {string} wanted @returns {Test} */
function positive(wanted) {
  const compared = /^([<>]=?|=)(-?\d+(?:\.\d+)?)$/.exec(wanted);
  if (compared) return comparing(compared[1], Number(compared[2]));
  if (/^[1-5]xx$/.test(wanted)) return (text) => text.startsWith(wanted[0]);
  if (wanted.includes("*")) {
    const whole = new RegExp(`^${wanted.split("*").map(quoted).join(".*")}$`, "s");
    return (text) => whole.test(text.toLowerCase());
  }
  return (text) => text.toLowerCase().includes(wanted);
}

/** @param {string} text */
function quoted(text) {
  return text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}

/** @param {string} how @param {number} limit @returns {Test} */
function comparing(how, limit) {
  const holds = {
    ">": (/** @type {number} */ value) => value > limit,
    ">=": (/** @type {number} */ value) => value >= limit,
    "<": (/** @type {number} */ value) => value < limit,
    "<=": (/** @type {number} */ value) => value <= limit,
    "=": (/** @type {number} */ value) => value === limit,
  }[how];
  return (text) => text !== "" && Boolean(holds?.(Number(text)));
}

/** A name in a filter, quoted where it has to be. @param {string} name */
export function term(name) {
  return /[\s"*]/.test(name) ? `"${name.replaceAll('"', "")}"` : name;
}
