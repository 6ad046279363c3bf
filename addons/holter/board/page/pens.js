// Canvases as sharp as the screen, and the fillings that are used on them.

import { palette } from "./theme.js";

/** Fit a canvas to its place, in device pixels, and return its pen, which counts in CSS pixels.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {number} dense
 * @returns {CanvasRenderingContext2D} */
export function penOf(canvas, width, height, dense) {
  const [wide, high] = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  return pen;
}

/** @type {Map<string, CanvasPattern>} */
const patterns = new Map();

/** Slanted lines of a colour: what is possible, or not seen. @param {CanvasRenderingContext2D} pen
 * @param {string} colour */
export function hatch(pen, colour) {
  const found = patterns.get(colour);
  if (found) return found;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 7;
  const stroke = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  stroke.strokeStyle = colour;
  stroke.lineWidth = 1.7;
  stroke.beginPath();
  for (const at of [-7, 0, 7]) {
    stroke.moveTo(at, 7);
    stroke.lineTo(at + 7, 0);
  }
  stroke.stroke();
  const made = /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
  patterns.set(colour, made);
  return made;
}

/** Write a text that ends where its room does. @param {CanvasRenderingContext2D} pen @param {string} text
 * @param {number} x @param {number} y @param {number} room */
export function write(pen, text, x, y, room) {
  if (room < 8 || !text) return;
  let shown = text.length > 200 ? text.slice(0, 200) : text;
  while (shown.length > 1 && pen.measureText(shown).width > room) {
    shown = `${shown.slice(0, Math.min(shown.length - 2, Math.ceil(shown.length * 0.85)))}\u2026`;
  }
  pen.fillText(shown, x, y);
}

/** The colour of a severity. @param {string} severity */
export function severityColour(severity) {
  const colours = palette();
  return { error: colours.red, warning: colours.orange }[severity] ?? colours.blue;
}
