// Everything the page knows, kept as the server tells it. It draws nothing and asks nobody.

import { Calls } from "./calls.js";
import { addDot, isOpen, leaseOf, settle } from "./lease.js";
import { clock, wallOf } from "./words.js";

/** @typedef {import("./lease.js").Lease} Lease */

const AHEAD = 3; // seconds that the clock goes on by itself: the server tells the time every second
const A_DAY = 86_400; // seconds; days begin at midnight UTC
const PARTS = ["leases", "findings", "callers", "calls", "faults", "blind", "state"];

/** One run, or a recording of one. `changed` names the parts that are new since somebody took note. */
export class Model {
  /** @type {Record<string, any>} */
  about = {};
  live = false;
  ended = false;
  paused = false;
  mode = ""; // record, replay or sandbox
  zero = 0; // seconds since 1970
  told = 0;
  toldAt = 0;
  /** @type {Map<number, Lease>} */
  leases = new Map();
  /** @type {Map<string, Lease>} */
  tasks = new Map();
  /** @type {Map<number, any>} */
  findings = new Map();
  nextFinding = 0;
  /** @type {Map<string, any>} */
  callers = new Map();
  calls = new Calls();
  /** @type {{ from: number, to: number | null, why: string }[]} */
  blind = [];
  /** @type {{ seed: any, rules: any[] }} */
  faults = { seed: null, rules: [] };
  /** @type {Record<string, any>} */
  summary = {};
  changed = new Set(PARTS);

  /** @param {() => number} clock seconds that only grow */
  constructor(clock) {
    this.clock = clock;
  }

  /** Take in the page's data as a whole. @param {Record<string, any>} page */
  load(page) {
    const { leases = [], findings = [], callers = [] } = page;
    this.about = page;
    this.live = Boolean(page.live);
    this.ended = Boolean(page.ended);
    this.paused = Boolean(page.state?.paused);
    this.mode = page.state?.mode ?? "";
    this.zero = page.zero ? Date.parse(page.zero) / 1000 : 0;
    this.at(page.now ?? 0);
    this.leases = new Map(leases.map((/** @type {any} */ row) => [row.id, leaseOf(row)]));
    this.tasks = new Map([...this.leases.values()].map((lease) => [lease.task, lease]));
    this.findings = new Map(
      findings.map((/** @type {any} */ row, /** @type {number} */ id) => [id, { ...row, id }]),
    );
    this.nextFinding = findings.length;
    this.callers = new Map(callers.map((/** @type {any} */ row) => [row.caller, row]));
    this.calls = new Calls(page.calls);
    this.blind = page.blind ?? [];
    this.faults = page.faults ?? { seed: null, rules: [] };
    this.summary = page.summary ?? {};
    PARTS.forEach((part) => this.changed.add(part));
  }

  /** The run's own time, seconds since its zero. */
  now() {
    if (!this.live || this.ended) return this.told;
    return this.told + Math.max(0, Math.min(AHEAD, this.clock() - this.toldAt));
  }

  /** Whether what passes is seen now: not while recording is paused. */
  get watching() {
    return this.blind.at(-1)?.to !== null;
  }

  /** Up to when it was seen: of what came after that, nobody knows. */
  watched() {
    return this.watching ? this.now() : Math.min(this.now(), this.blind[this.blind.length - 1].from);
  }

  /** @param {number} now */
  at(now) {
    this.told = now;
    this.toldAt = this.clock();
  }

  /** Take in one event. @param {string} event @param {Record<string, any>} data */
  take(event, data) {
    if (typeof data.now === "number") this.at(data.now);
    const taking = TAKING[event];
    if (taking) taking(this, data);
  }

  /** What is new since this was last asked. @returns {Set<string>} */
  news() {
    const found = this.changed;
    this.changed = new Set();
    return found;
  }

  /** The moment of a call, null where it is not known here. @param {number} seq */
  moment(seq) {
    const place = this.calls.place(seq);
    return place < 0 ? null : this.calls.t.values[place];
  }

  /** Whether a time of day is not enough to say when something was. */
  get dated() {
    return Math.floor(this.zero / A_DAY) !== Math.floor((this.zero + this.now()) / A_DAY);
  }

  /** A moment in words, with its day where there are several. @param {number} wall @param {number} [digits] */
  time(wall, digits) {
    return clock(wall, digits, this.dated);
  }

  /** When something was found, on the wall clock. @param {any} finding */
  foundAt(finding) {
    return typeof finding.t === "number" ? this.zero + finding.t : wallOf(finding.at);
  }

  /** When a call was answered, null where it is not known here. @param {number} seq */
  answered(seq) {
    const place = this.calls.place(seq);
    return place < 0 ? null : this.calls.t.values[place] + (this.calls.ms.values[place] || 0) / 1000;
  }

  /** How many of everything, for the page's head. */
  totals() {
    const count = { error: 0, warning: 0, note: 0, excused: 0 };
    for (const one of this.findings.values()) {
      const key = fails(one) ? one.severity : "excused";
      if (key in count) count[/** @type {"error"} */ (key)] += 1;
    }
    const open = [...this.leases.values()].filter(isOpen).length;
    const armed = this.faults.rules.filter((rule) => rule.state === "armed").length;
    return {
      ...count,
      calls: this.calls.length,
      leases: this.leases.size,
      open,
      armed,
      lost: this.summary.lost ?? 0,
    };
  }
}

/** Whether a finding counts: not one that is only possible, that a fault of ours caused, or that is suppressed.
 * @param {any} finding */
export function fails({ certainty, cause, suppressed }) {
  return certainty !== "possible" && cause !== "fault" && !suppressed;
}

/** @type {Record<string, (model: Model, data: any) => void>} */
const TAKING = {
  call(model, data) {
    if (model.calls.place(data.seq) >= 0) return;
    model.calls.add(data);
    model.changed.add("calls");
    countCaller(model, data);
    if (data.lease === null || data.lease === undefined) return;
    if (!model.leases.has(data.lease))
      changeLease(model, { id: data.lease, task: data.task, caller: data.caller });
    addDot(/** @type {Lease} */ (model.leases.get(data.lease)), data.t, data.kind, data.seq);
    model.changed.add("leases");
  },
  lease: changeLease,
  finding(model, data) {
    const known = sameFinding(model.findings.values(), data);
    const id = known ?? model.nextFinding;
    if (data.state === "withdrawn") model.findings.delete(id);
    else model.findings.set(id, { ...data, id });
    model.nextFinding = Math.max(model.nextFinding, id + 1);
    model.changed.add("findings");
  },
  caller(model, data) {
    model.callers.set(data.caller, { ...model.callers.get(data.caller), ...data });
    model.changed.add("callers");
  },
  blind(model, data) {
    model.blind = data.blind ?? [...model.blind, data];
    model.changed.add("blind");
  },
  faults(model, data) {
    model.faults = data;
    model.changed.add("faults");
  },
  state(model, data) {
    model.paused = data.paused ?? model.paused;
    if (typeof data.lost === "number") model.summary = { ...model.summary, lost: data.lost };
    model.changed.add("state");
  },
  summary(model, data) {
    model.summary = data;
    model.changed.add("state");
  },
  end(model) {
    model.at(model.now());
    model.ended = true;
    model.changed.add("state");
  },
};

/** @param {Model} model @param {any} data */
function changeLease(model, data) {
  const known = model.leases.get(data.id);
  if (known) {
    const { dots: _, ...changed } = data;
    Object.assign(known, changed);
    settle(known);
  } else {
    const lease = leaseOf(data);
    model.leases.set(lease.id, lease);
    model.tasks.set(lease.task, lease);
  }
  model.changed.add("leases");
}

/** The number of the finding that this one is, ends, or has grown out of. @param {Iterable<any>} findings
 * @param {any} one */
function sameFinding(findings, one) {
  for (const known of findings) {
    const alike = known.rule === one.rule && known.task === one.task;
    const same = alike && (known.task || known.caller === one.caller);
    if (known.state === "open" && (same || ofOneGap(known, one))) return known.id;
    if (same && known.at === one.at && one.state !== "withdrawn") return known.id;
  }
  return null;
}

const OF_A_GAP = /^(?:ack|gap-over|tail-over)-|^(?:abandoned|finished-without-ack)$/;

/** Whether two findings, the earlier first, tell of one gap: as it grows, it breaks worse rules.
 * @param {any} a @param {any} b */
function ofOneGap(a, b) {
  const began = a.interactions?.[0] === b.interactions?.[0];
  return a.task === b.task && began && OF_A_GAP.test(a.rule) && OF_A_GAP.test(b.rule);
}

/** Keep a runner's counts going: the server tells them only with the whole. @param {Model} model
 * @param {any} call */
function countCaller(model, call) {
  if (!call.caller) return;
  const row = model.callers.get(call.caller) ?? { caller: call.caller, calls: 0, tasks: 0 };
  row.calls += 1;
  row.heartbeats ??= { t: [], terminate: [] };
  if ("lt".includes(call.kind)) row.heartbeats.t.push(call.t);
  if (call.kind === "t") row.heartbeats.terminate.push(call.seq);
  if (call.kind === "h") row.tasks += 1;
  model.callers.set(call.caller, row);
  model.changed.add("callers");
}
