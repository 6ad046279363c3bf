// The swim-lanes: a row for each task, drawn for what is in sight and nothing else.

import { lowerBound } from "./columns.js";
import { drawLease } from "./drawing.js";
import { edges, gapsByTask } from "./gaps.js";
import { drawLabel } from "./label.js";
import { begin, end, lasts, nearest } from "./lease.js";
import { hatch, penOf, write } from "./pens.js";
import { drawCrew, drawGrid, drawRuler } from "./ruler.js";
import { Scale } from "./scale.js";
import { Stamps } from "./symbols.js";
import { drawTears } from "./tear.js";
import { palette } from "./theme.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./view.js").View} View
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ kind: string, id: number }} Picked
 */

const NEAR = 9;

/** Draws the lanes of a model through a view, and finds what lies under a pointer. */
export class Lanes {
  /** @param {HTMLCanvasElement} canvas @param {Model} model @param {View} view */
  constructor(canvas, model, view) {
    this.canvas = canvas;
    this.model = model;
    this.view = view;
    /** @type {Row[]} */
    this.rows = [];
    /** @type {Picked | null} */
    this.picked = null;
    this.focused = -1;
    this.now = 0;
    /** @type {Map<string, any[]>} */
    this.gaps = new Map();
    this.width = 600;
    this.height = 300;
    this.dense = 1;
    this.gutter = 196;
    this.ruler = 26;
    this.crew = 20;
    this.stamps = new Stamps(1, 4);
  }

  /** Take a size in CSS pixels. @param {number} width @param {number} height @param {number} [dense] */
  fit(width, height, dense = window.devicePixelRatio || 1) {
    this.width = width;
    this.height = height;
    this.dense = dense;
    this.gutter = width < 620 ? 84 : 196;
    this.stamps = new Stamps(dense, width < 620 ? 3.6 : 4);
  }

  get head() {
    return this.ruler + this.crew;
  }

  /** Rows are as high as there is room, within reason. */
  get high() {
    const room = (this.height - this.head) / Math.max(1, this.rows.length);
    return Math.max(this.width < 620 ? 30 : 34, Math.min(60, Math.floor(room)));
  }

  get scale() {
    return new Scale(this.view.from, this.view.to, this.gutter, this.width - 8, this.view.fold);
  }

  /** The farthest that the rows scroll. */
  get lowest() {
    return Math.max(0, this.rows.length * this.high - (this.height - this.head));
  }

  /** Where a row begins. @param {number} index */
  top(index) {
    return this.head + index * this.high - this.view.top;
  }

  /** The rows in sight: the first, and the one after the last. */
  get seen() {
    const { top } = this.view;
    const last = Math.ceil((top + this.height - this.head) / this.high);
    return [Math.floor(top / this.high), Math.min(this.rows.length, last)];
  }

  draw() {
    const { model, view, scale, height, width } = this;
    const pen = penOf(this.canvas, width, height, this.dense);
    view.top = Math.max(0, Math.min(view.top, this.lowest));
    this.now = model.now();
    this.gaps = gapsByTask(model.findings.values());
    pen.clearRect(0, 0, width, height);
    drawGrid(pen, scale, model.zero, this.head, height);
    const [first, last] = this.seen;
    pen.save();
    pen.beginPath();
    pen.rect(0, this.head, width, height - this.head);
    pen.clip();
    for (let index = first; index < last; index += 1) this.drawRow(pen, scale, index);
    this.drawLinks(pen, scale, first, last);
    pen.restore();
    this.drawBlind(pen, scale);
    this.drawNow(pen, scale);
    if (this.head) this.drawHead(pen, scale);
    drawTears(pen, scale, this.ruler, height);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Scale} scale */
  drawHead(pen, scale) {
    pen.clearRect(0, 0, this.width, this.head);
    drawRuler(pen, scale, this.model.zero, this.ruler);
    drawCrew(pen, scale, this.model, this.stamps, this.ruler, this.crew);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Scale} scale @param {number} index */
  drawRow(pen, scale, index) {
    const row = this.rows[index];
    const [top, high, colours] = [this.top(index), this.high, palette()];
    const chosen = row.leases.some((lease) => this.picked?.kind === "lease" && lease.id === this.picked.id);
    if (chosen || index === this.focused) {
      pen.fillStyle = colours.accent;
      pen.globalAlpha = chosen ? 0.13 : 0.07;
      pen.fillRect(0, top, this.width, high);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = colours.line;
    if (row.first) pen.fillRect(0, top, this.width, 1);
    pen.save();
    pen.beginPath();
    pen.rect(this.gutter, top, this.width - this.gutter, high);
    pen.clip();
    for (const lease of row.leases) {
      if (begin(lease) > scale.to || end(lease, this.now) < scale.from) continue;
      drawLease(
        { pen, scale, model: this.model, stamps: this.stamps },
        lease,
        this.band(top),
        this.gaps.get(lease.task) ?? [],
      );
      this.drawPicked(pen, scale, lease, top);
    }
    pen.restore();
    drawLabel(pen, row, { top, high, wide: this.gutter });
  }

  /** @param {Lease} lease @param {number} seq */
  placeOf({ dots }, seq) {
    const t = this.model.moment(seq);
    if (t === null) return -1;
    for (
      let place = lowerBound(dots.t, t - 0.01);
      place < dots.t.length && dots.t.values[place] <= t + 120;
      place += 1
    ) {
      if (dots.seq.values[place] === seq) return place;
    }
    return -1;
  }

  /** A ring around the call that is picked. @param {CanvasRenderingContext2D} pen @param {Scale} scale
   * @param {Lease} lease @param {number} top */
  drawPicked(pen, scale, lease, top) {
    const place = this.picked?.kind === "call" ? this.placeOf(lease, this.picked.id) : -1;
    if (place < 0) return;
    const [x, y] = [scale.x(lease.dots.t.values[place]), this.band(top).top];
    pen.strokeStyle = palette().accent;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 8, 0, 7);
    pen.stroke();
  }

  /** @param {number} top @returns {import("./drawing.js").Band} */
  band(top) {
    const peak = top + Math.max(9, this.high * 0.24);
    const base = top + this.high - 4;
    return { top: peak, base, middle: (peak + base) / 2 };
  }

  /** Lines from a lost lease to the one that came instead. @param {CanvasRenderingContext2D} pen @param {Scale} scale
   * @param {number} first @param {number} last */
  drawLinks(pen, scale, first, last) {
    const at = new Map();
    for (let index = Math.max(0, first - 2); index < Math.min(this.rows.length, last + 2); index += 1) {
      for (const lease of this.rows[index].leases)
        at.set(lease.task, { lease, y: this.band(this.top(index)) });
    }
    pen.strokeStyle = palette().red;
    pen.lineWidth = 1.3;
    pen.setLineDash([2, 3]);
    for (const { lease, y } of at.values()) {
      const next = at.get(lease.redelivered_as);
      const [from, to] = next ? [lease.t1 ?? begin(next.lease), begin(next.lease)] : [0, 0];
      if (!next || to < scale.from || from > scale.to) continue;
      const [x, end] = [Math.max(this.gutter, scale.x(from)), Math.max(this.gutter, scale.x(to))];
      pen.beginPath();
      pen.moveTo(x + 6, y.middle);
      pen.lineTo(end, y.middle);
      if (next.y.middle !== y.middle) pen.lineTo(end, next.y.middle - 8);
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Scale} scale */
  drawBlind(pen, scale) {
    const colours = palette();
    for (const { from, to, why } of this.model.blind) {
      const [x, until] = [
        Math.max(scale.left, scale.x(from)),
        Math.min(scale.right, scale.x(to ?? this.now)),
      ];
      if (until <= x) continue;
      pen.fillStyle = colours.blind;
      pen.globalAlpha = 0.35;
      pen.fillRect(x, this.head, until - x, this.height - this.head);
      pen.globalAlpha = 0.5;
      pen.fillStyle = hatch(pen, colours.faint);
      pen.fillRect(x, this.head, until - x, this.height - this.head);
      pen.globalAlpha = 1;
      pen.fillStyle = colours.muted;
      pen.font = FONT;
      pen.textBaseline = "alphabetic";
      if (until - x > 60) write(pen, `not seen: ${why}`, x + 5, this.height - 7, until - x - 8);
    }
  }

  /** @param {CanvasRenderingContext2D} pen @param {Scale} scale */
  drawNow(pen, scale) {
    const x = scale.x(this.now);
    if (!this.model.live || x < scale.left || x > scale.right) return;
    pen.fillStyle = palette().accent;
    pen.fillRect(x - 0.5, this.head - 4, 1, this.height);
  }

  /** What lies at a point: a call, a finding or a lease. @param {number} x @param {number} y
   * @returns {{ row: number, lease: Lease | null, seq: number | null, finding: any | null }} */
  under(x, y) {
    const row = y < this.head ? -1 : Math.floor((y - this.head + this.view.top) / this.high);
    const found = { row, lease: null, seq: null, finding: null };
    const there = this.rows[row];
    if (!there || x < this.gutter) return { ...found, lease: there?.leases[there.leases.length - 1] ?? null };
    const { scale } = this;
    const t = scale.t(x);
    const [from, to] = [scale.t(x - NEAR), scale.t(x + NEAR)];
    const lease = there.leases.find((one) => begin(one) <= to && from <= end(one, this.now));
    if (!lease) return found;
    const onLine = Math.abs(y - this.band(this.top(row)).top) <= NEAR + 2;
    const near = onLine ? nearest(lease.dots, t, from, to) : -1;
    const finding = (this.gaps.get(lease.task) ?? []).findLast(
      (one) => one.t0 <= t && t <= edges(one, this.model).possible,
    );
    return { row, lease, seq: near < 0 ? null : lease.dots.seq.values[near], finding: finding ?? null };
  }

  /** Where no row in sight has anything in the time that is looked at, go to the first that has. */
  seek() {
    const { from, to } = this.scale;
    const busy = (/** @type {Row} */ { leases }) =>
      leases.some((one) => begin(one) <= to && lasts(one) >= from);
    const whole = (/** @type {number} */ index) =>
      this.top(index) >= this.head && this.top(index) + this.high <= this.height;
    if (this.rows.some((row, index) => whole(index) && busy(row))) return;
    const found = this.rows.findIndex(busy);
    if (found >= 0) this.view.top = Math.min(found * this.high, this.lowest);
  }

  /** Have a row in sight. @param {number} index */
  reveal(index) {
    const room = this.height - this.head;
    const at = index * this.high;
    if (at < this.view.top) this.view.top = at;
    else if (at + this.high > this.view.top + room) this.view.top = at + this.high - room;
  }
}

const FONT = "11px system-ui, sans-serif";
