// What stands at the left of a lane: its tasks, and who does what.

import { isOpen } from "./lease.js";
import { write } from "./pens.js";
import { palette } from "./theme.js";

const FONT = "11px system-ui, sans-serif";
const BOLD = "600 12px system-ui, sans-serif";
const NARROW = 100; // pixels; below that there is room for the task alone

/** @param {CanvasRenderingContext2D} pen @param {import("./rows.js").Row} row
 * @param {{ top: number, high: number, wide: number }} place */
export function drawLabel(pen, { leases, first }, { top, high, wide }) {
  const colours = palette();
  const lease = leases.find(isOpen) ?? leases[leases.length - 1];
  const names = leases.length > 3 ? [leases[0].task, "\u2026", lease.task] : leases.map((one) => one.task);
  const [middle, narrow, inset] = [top + high / 2, wide < NARROW, first ? 8 : 18];
  const room = wide - inset - 6;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.font = BOLD;
  pen.fillStyle = colours.ink;
  write(pen, names.join(" \u21bb "), inset, narrow ? middle : middle - 7, room);
  if (!first) {
    pen.fillStyle = colours.faint;
    pen.fillRect(10, top - high / 2 + 6, 1, high - 6);
    pen.fillRect(10, middle - 1, 5, 1);
  }
  if (narrow) return;
  pen.font = FONT;
  pen.fillStyle = colours.muted;
  write(pen, [lease.activity, lease.caller].filter(Boolean).join(" \u00b7 "), inset, middle + 7, room);
}
