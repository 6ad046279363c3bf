// Through the lanes by keyboard: from row to row and from call to call, said aloud as it goes.

import { say, the } from "./dom.js";
import { kindOf } from "./kinds.js";
import { remaining, state } from "./standing.js";
import { counted, duration } from "./words.js";

/**
 * @typedef {import("./lanes.js").Lanes} Lanes
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ pick: (picked: any) => void, changed: () => void, moved: () => void }} Told
 */

/** The place in the lanes that the keyboard is at. */
export class Walk {
  /** @param {Lanes} lanes @param {Told} told */
  constructor(lanes, told) {
    this.lanes = lanes;
    this.told = told;
    this.dot = -1;
  }

  /** The lease of the row that is stood on: the last that is in sight. @returns {Lease | undefined} */
  get lease() {
    const leases = this.lanes.rows[this.lanes.focused]?.leases ?? [];
    return leases.findLast((lease) => (lease.t0 ?? 0) <= this.lanes.scale.to) ?? leases[0];
  }

  /** Obey a key, and tell whether it was one of ours. @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { lanes } = this;
    const page = Math.max(1, Math.floor((lanes.height - lanes.head) / lanes.high) - 1);
    const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[
      event.key
    ];
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (rows !== undefined) this.row(lanes.focused + rows);
    else if (aside && event.shiftKey) this.pan(aside);
    else if (aside) this.step(aside);
    else if (event.key === "Enter" || event.key === " ") this.open();
    else return false;
    this.told.changed();
    return true;
  }

  /** @param {number} way */
  pan(way) {
    const { view } = this.lanes;
    view.pan(0.2 * way * view.length);
    this.told.moved();
  }

  /** @param {number} wanted */
  row(wanted) {
    const { lanes } = this;
    lanes.focused = Math.max(0, Math.min(wanted, lanes.rows.length - 1));
    lanes.reveal(lanes.focused);
    this.dot = -1;
    if (this.lease) say(the("lane-said"), this.spoken(this.lease));
  }

  /** @param {number} by */
  step(by) {
    if (this.lanes.focused < 0) return this.row(0);
    const { lease } = this;
    if (!lease?.dots.t.length) return;
    this.dot =
      this.dot < 0
        ? by > 0
          ? 0
          : lease.dots.t.length - 1
        : Math.max(0, Math.min(this.dot + by, lease.dots.t.length - 1));
    const t = lease.dots.t.values[this.dot];
    this.lanes.view.reveal(t);
    this.lanes.picked = { kind: "call", id: lease.dots.seq.values[this.dot] };
    const { name } = kindOf(lease.dots.kind.values[this.dot]);
    const [seq, when] = [
      lease.dots.seq.values[this.dot],
      this.lanes.model.time(this.lanes.model.zero + t, 1),
    ];
    say(the("lane-said"), `${name} at ${when}, call ${seq}, ${this.dot + 1} of ${lease.dots.t.length}`);
  }

  open() {
    const { lease } = this;
    if (!lease) return;
    this.told.pick(
      this.dot < 0 ? { kind: "lease", id: lease.id } : { kind: "call", id: lease.dots.seq.values[this.dot] },
    );
  }

  /** @param {Lease} lease */
  spoken(lease) {
    const rest = remaining(lease, this.lanes.model);
    const gaps = this.lanes.gaps.get(lease.task)?.length ?? 0;
    const parts = [
      ...[lease.task, lease.activity, lease.caller, state(lease, this.lanes.model)],
      counted(lease.beats?.ok ?? 0, "beat"),
      rest !== null ? `${duration(Math.round(rest))} left` : "",
      gaps ? counted(gaps, "gap") : "",
      `lane ${this.lanes.focused + 1} of ${this.lanes.rows.length}`,
    ];
    return parts.filter(Boolean).join(", ");
  }
}
