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
  if (!known) {
    const style = getComputedStyle(document.documentElement);
    known = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }
  return known;
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
