// The stylesheet's colours for what is drawn by hand: one place says what a colour is.

const NAMES = [
  ...["paper", "raised", "ink", "muted", "faint", "line", "grid", "grid-strong", "accent"],
  ...["blue", "sky", "green", "orange", "red", "purple", "yellow", "blind"],
];

/** @typedef {Record<string, string>} Palette */

/** @type {Palette | null} */
let known = null;

/** The colours that hold now. @returns {Palette} */
export function palette() {
  known ??= coloursOf(getComputedStyle(document.documentElement));
  return known;
}

/** @param {CSSStyleDeclaration} style @returns {Palette} */
function coloursOf(style) {
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Draw in the colours of paper, whatever the screen's are. @template T @param {() => T} draw */
export function inPrint(draw) {
  known = printed();
  try {
    return draw();
  } finally {
    known = null;
  }
}

/** The stylesheet's own rule for paper: as long as a page stands on a screen, no element has its colours.
 * @returns {Palette | null} */
function printed() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const forPrint = /** @type {CSSMediaRule[]} */ (
    rules.filter((rule) => rule instanceof CSSMediaRule && rule.conditionText === "print")
  );
  const inner = /** @type {CSSStyleRule[]} */ (forPrint.flatMap((rule) => [...rule.cssRules]));
  const root = inner.find((rule) => rule.selectorText === ":root");
  return root ? coloursOf(root.style) : null;
}

/** Call back when light becomes dark, or the page goes to paper and back. @param {() => void} then */
export function whenThemeChanges(then) {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", () => {
      known = null;
      then();
    });
  }
}

/** Whether things should move as little as possible. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
