// The lanes on the screen: their canvas, what the hands and keys do to them, and when they are drawn.

import { fill, the } from "./dom.js";
import { FLAT } from "./fold.js";
import { Folding } from "./folding.js";
import { handleBrush, handleLanes } from "./gestures.js";
import { kindOf } from "./kinds.js";
import { Lanes } from "./lanes.js";
import { begin, end, headroom, isOpen } from "./lease.js";
import { penOf } from "./pens.js";
import { rowsOf } from "./rows.js";
import { drawOverview } from "./ruler.js";
import { Scale } from "./scale.js";
import { remaining, state } from "./standing.js";
import { repaint } from "./symbols.js";
import { notSeen } from "./tear.js";
import { calm, whenThemeChanges } from "./theme.js";
import { View } from "./view.js";
import { Walk } from "./walk.js";
import { between, duration } from "./words.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ pick: (picked: any) => void, leases: () => Lease[] }} Told
 */

const OVERVIEW = 40;

/** Everything that happens on the strip. */
export class Stage {
  /** @param {Model} model @param {Told} told */
  constructor(model, told) {
    this.model = model;
    this.told = told;
    this.view = new View();
    this.folding = new Folding(model);
    this.place = the("lanes");
    this.lanes = new Lanes(the("lane-canvas"), model, this.view);
    this.walk = new Walk(this.lanes, {
      pick: (picked) => told.pick(picked),
      changed: () => this.changed(),
      moved: () => this.moved(),
    });
    this.worst = false;
    /** @type {{ x: number, y: number } | null} where the pointer rests on the lanes */
    this.pointer = null;
    /** @type {number | undefined} */
    this.frame = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.hands();
    this.buttons();
    new ResizeObserver(() => this.resized()).observe(this.place);
    whenThemeChanges(() => {
      repaint();
      this.resized();
    });
  }

  hands() {
    handleLanes(this.place, this.lanes, this.view, {
      changed: () => this.changed(),
      click: (x, y) => this.clicked(x, y),
      hover: (x, y) => this.hovered(x, y),
      leave: () => this.left(),
    });
    handleBrush(
      the("overview"),
      () => this.whole,
      this.view,
      () => this.moved(),
    );
    this.place.addEventListener(
      "keydown",
      (/** @type {KeyboardEvent} */ event) => this.walk.key(event) && event.preventDefault(),
    );
    this.place.addEventListener("focus", () => this.lanes.focused < 0 && this.walk.row(0));
    this.place.addEventListener("blur", () => {
      this.lanes.focused = -1;
      this.changed();
    });
  }

  buttons() {
    const press = (/** @type {string} */ id, /** @type {() => void} */ deed) =>
      the(id).addEventListener("click", () => {
        deed();
        this.changed();
      });
    press("zoom-in", () => this.view.zoom(0.6));
    press("zoom-out", () => this.view.zoom(1 / 0.6));
    press("zoom-all", () => this.view.all());
    press("follow", () => this.follow(!this.view.follow));
    press("worst", () => this.worstFirst(!this.worst));
  }

  /** @param {boolean} on */
  worstFirst(on) {
    this.worst = on;
    the("worst").setAttribute("aria-pressed", String(on));
    this.rowsChanged();
  }

  /** Begin with what is worth looking at: all of a recording, the last minutes of a run that goes on. */
  begin() {
    this.rowsChanged();
    this.view.refold(this.folding.fold());
    this.view.tick(this.model.now(), this.extent);
    if (!this.model.live) return this.view.all();
    this.view.show(0, this.usual);
    this.follow(true);
  }

  /** @param {boolean} on */
  follow(on) {
    this.view.follow = on && this.model.live;
    this.changed();
  }

  /** How much time is looked at where nobody chose: some twenty beats. */
  get usual() {
    return 20 * (this.model.about.profile?.limits?.advice ?? 60);
  }

  /** Where the last thing ends: a run that goes on has deadlines ahead of it. */
  get extent() {
    const now = this.model.now();
    if (!this.model.live) return now;
    let last = Math.max(now, this.usual);
    for (const lease of this.model.leases.values()) if (isOpen(lease)) last = Math.max(last, end(lease, now));
    return last;
  }

  get whole() {
    const { extent, fold } = this.view;
    return new Scale(-0.01 * extent, 1.01 * extent, 8, this.lanes.width - 8, fold);
  }

  rowsChanged() {
    const [now, watched] = [this.model.now(), this.model.watched()];
    const badness = (/** @type {Lease} */ lease) =>
      isOpen(lease) ? 2 - (headroom(lease, watched) ?? 1) : (lease.worst_share ?? 0);
    this.lanes.rows = rowsOf(this.told.leases(), now, this.worst ? badness : undefined);
    this.changed();
  }

  resized() {
    const box = this.place.getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.lanes.fit(box.width, box.height);
    this.changed();
  }

  /** Draw what another stretch of time has, where it has anything. */
  moved() {
    this.lanes.seek();
    this.changed();
  }

  /** Draw with the next frame. */
  changed() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    this.view.refold(this.folding.fold());
    this.view.tick(this.model.now(), this.extent);
    this.lanes.draw();
    if (this.pointer) this.hovered(this.pointer.x, this.pointer.y);
    const pen = penOf(the("overview"), this.lanes.width, OVERVIEW, this.lanes.dense);
    drawOverview(pen, this.whole, this.model, this.view, OVERVIEW);
    the("follow").setAttribute("aria-pressed", String(this.view.follow));
    the("follow").hidden = !this.model.live || this.model.ended;
    the("legend-fold").hidden = this.view.fold === FLAT;
    this.describe();
    this.goOn();
  }

  /** Say which stretch of time the lanes show. */
  describe() {
    const { from, to, fold } = this.lanes.scale;
    const { zero, dated } = this.model;
    const hidden = fold.hidden(from, to);
    const less = hidden ? `, less ${duration(hidden)} that nobody saw` : "";
    const said = `The lanes show ${between(zero + from, zero + to, dated || undefined)}${less}.`;
    const place = the("overview");
    if (place.ariaDescription !== said) place.ariaDescription = said;
  }

  /** While the run goes on, draw again as soon as something has moved by half a pixel. */
  goOn() {
    clearTimeout(this.timer);
    if (!this.model.live || this.model.ended) return;
    const fastest = calm() ? 1000 : 50;
    const wait = Math.max(fastest, Math.min(1000, 500 / this.lanes.scale.perSecond));
    this.timer = setTimeout(() => this.changed(), wait);
  }

  /** @param {number} x @param {number} y */
  clicked(x, y) {
    const { lease, seq, finding } = this.lanes.under(x, y);
    if (seq !== null) this.told.pick({ kind: "call", id: seq });
    else if (finding) this.told.pick({ kind: "finding", id: finding.id });
    else this.told.pick(lease ? { kind: "lease", id: lease.id } : null);
  }

  left() {
    this.pointer = null;
    the("tip").hidden = true;
  }

  /** Tell what lies under the pointer, which may rest while the view moves. @param {number} x @param {number} y */
  hovered(x, y) {
    this.pointer = { x, y };
    const { lease, seq, finding } = this.lanes.under(x, y);
    const cut = seq === null ? this.lanes.scale.cut(x) : null;
    const tip = the("tip");
    tip.hidden = !lease && !cut;
    if (cut) fill(tip, this.tipForCut(cut));
    else if (lease) fill(tip, this.tipFor(lease, seq, finding));
    else return;
    const [wide, high] = [tip.offsetWidth, tip.offsetHeight];
    const left = Math.max(4, Math.min(x + 14, this.lanes.width - wide - 4));
    const top = y + 18 + high > this.lanes.height ? Math.max(2, y - high - 12) : y + 18;
    tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  /** @param {Lease} lease @param {number | null} seq @param {any} finding */
  tipFor(lease, seq, finding) {
    const { calls, zero } = this.model;
    const place = seq === null ? -1 : calls.place(seq);
    if (seq !== null && place >= 0) {
      const kind = kindOf(lease.dots.kind.values[this.lanes.placeOf(lease, seq)] ?? 0);
      const when = this.model.time(zero + calls.t.values[place], 3);
      return `${kind.name}, call ${seq}: ${calls.word("op", place)}\n${when}, answered ${calls.word("answer", place)}`;
    }
    if (finding) return `${finding.severity}: ${finding.message}`;
    const rest = remaining(lease, this.model);
    const about = [lease.task, lease.activity, lease.caller].filter(Boolean).join(" \u00b7 ");
    const goes = rest === null ? "" : `, ${duration(Math.round(rest * 10) / 10)} left`;
    return `${about}\n${state(lease, this.model)}${goes}`;
  }

  /** @param {import("./fold.js").Cut} cut */
  tipForCut(cut) {
    const { zero } = this.model;
    return `${notSeen(cut)}, drawn narrow: ${cut.why}\n${between(zero + cut.from, zero + cut.to)}`;
  }

  /** Show what was picked; `jump` brings it in sight. @param {{kind: string, id: any} | null} picked
   * @param {boolean} jump */
  show(picked, jump) {
    this.lanes.picked = picked;
    if (picked && jump) this.jump(picked);
    this.changed();
  }

  /** @param {{kind: string, id: any}} picked */
  jump({ kind, id }) {
    const finding = kind === "finding" ? this.model.findings.get(id) : null;
    const place = kind === "call" ? this.model.calls.place(id) : -1;
    const task =
      finding?.task ?? (place >= 0 ? this.model.calls.word("task", place) : this.model.leases.get(id)?.task);
    const lease = kind === "lease" ? this.model.leases.get(id) : this.model.tasks.get(task);
    const row = this.lanes.rows.findIndex((one) => one.leases.some((other) => other === lease));
    if (kind === "runner") return;
    if (row >= 0) this.lanes.reveal(row);
    const moment = finding ? finding.t : place >= 0 ? this.model.calls.t.values[place] : null;
    if (typeof moment === "number") this.view.reveal(moment);
    else if (
      lease &&
      (begin(lease) > this.lanes.scale.to || end(lease, this.model.now()) < this.lanes.scale.from)
    )
      this.view.reveal(begin(lease));
  }
}
