// The tables' columns: leases, runners, findings, faults.

import { isOpen } from "./lease.js";
import { Listing } from "./listing.js";
import { fails } from "./model.js";
import { remaining, spent, state } from "./standing.js";
import { duration, full, percent, thousands } from "./words.js";

/** @typedef {import("./model.js").Model} Model */

const OFTEN = { error: 3, warning: 2, note: 1 };

/** @param {Model} model */
export function leaseList(model) {
  const rest = (/** @type {any} */ one) => remaining(one, model) ?? NaN;
  const share = (/** @type {any} */ one) => spent(one, model);
  const used = (/** @type {any} */ one) => Math.max(one.worst_share ?? 0, share(one));
  return new Listing(
    "leases",
    [
      { key: "task", label: "task", width: 13, text: (one) => one.task },
      { key: "activity", label: "activity", width: 16, text: (one) => one.activity ?? "" },
      { key: "runner", label: "runner", width: 14, hide: "narrow", text: (one) => one.caller ?? "" },
      {
        key: "state",
        label: "state",
        width: 14,
        text: (one) => state(one, model),
        look: (one) =>
          isOpen(one)
            ? state(one, model) === "not seen"
              ? "ended"
              : `open ${alarm(share(one), one)}`
            : `ended ${/reassigned|gone|expired/.test(state(one, model)) ? "alarm" : ""}`,
      },
      {
        key: "left",
        label: "left",
        width: 9,
        number: true,
        title: "until the lease runs out",
        text: (one) => (Number.isNaN(rest(one)) ? "" : duration(Math.round(rest(one) * 10) / 10)),
        rank: rest,
        look: (one) => (isOpen(one) ? alarm(share(one), one) : ""),
      },
      {
        key: "used",
        label: "used",
        width: 8,
        number: true,
        title: "the largest share of the lease that was ever used up",
        text: (one) => percent(used(one)),
        rank: used,
        look: (one) => alarm(used(one), one),
      },
      {
        key: "ack",
        label: "ack",
        width: 9,
        number: true,
        hide: "narrow",
        title: "until the first beat",
        text: (one) => duration(one.ack),
        rank: (one) => one.ack ?? NaN,
      },
      {
        key: "beats",
        label: "beats",
        width: 8,
        number: true,
        hide: "small",
        text: (one) => thousands(one.beats?.ok ?? 0),
        rank: (one) => one.beats?.ok ?? 0,
      },
      {
        key: "failed",
        label: "failed",
        width: 9,
        number: true,
        hide: "narrow",
        text: (one) => (one.beats?.failed ? thousands(one.beats.failed) : ""),
        rank: (one) => one.beats?.failed ?? 0,
      },
    ],
    (one) => String(one.id),
    {
      attempt: (one) => one.attempt ?? "",
      pipeline: (one) => one.pipeline ?? "",
      outcome: (one) => one.outcome ?? "",
      open: (one) => (isOpen(one) ? "yes" : "no"),
    },
  );
}

/** @param {number} used @param {any} lease */
function alarm(used, { marks }) {
  const [notice = 0.5, late = 0.8] = marks ?? [];
  return used >= late ? "alarm" : used >= notice ? "warn" : "";
}

/** @param {Model} model */
export function runnerList(model) {
  const last = (/** @type {any} */ one) => one.heartbeats?.t?.at(-1) ?? NaN;
  return new Listing(
    "runners",
    [
      { key: "runner", label: "runner", width: 26, text: (one) => one.caller },
      {
        key: "calls",
        label: "calls",
        width: 11,
        number: true,
        text: (one) => thousands(one.calls ?? 0),
        rank: (one) => one.calls ?? 0,
      },
      {
        key: "tasks",
        label: "tasks",
        width: 11,
        number: true,
        text: (one) => thousands(one.tasks ?? 0),
        rank: (one) => one.tasks ?? 0,
      },
      {
        key: "beats",
        label: "beats",
        width: 11,
        number: true,
        hide: "narrow",
        text: (one) => thousands(one.beats?.ok ?? 0),
        rank: (one) => one.beats?.ok ?? 0,
      },
      {
        key: "used",
        label: "used",
        width: 11,
        number: true,
        title: "the worst share of a lease that it used up",
        text: (one) => percent(one.worst_share ?? null),
        rank: (one) => one.worst_share ?? NaN,
        look: (one) => alarm(one.worst_share ?? 0, {}),
      },
      {
        key: "polls",
        label: "polls",
        width: 10,
        number: true,
        hide: "narrow",
        text: (one) => thousands(one.polls ?? 0),
        rank: (one) => one.polls ?? 0,
      },
      {
        key: "unpolled",
        label: "unpolled",
        width: 12,
        number: true,
        hide: "narrow",
        title: "time without an open poll",
        text: (one) => duration(one.unpolled?.seconds ?? null),
        rank: (one) => one.unpolled?.seconds ?? NaN,
      },
      {
        key: "alive",
        label: "heartbeat",
        width: 15,
        title: "its last own heartbeat",
        text: (one) => model.time(model.zero + last(one)),
        full: (one) => full(model.zero + last(one)),
        look: () => "time",
        rank: last,
      },
    ],
    (one) => one.caller,
  );
}

/** @param {Model} model */
export function findingList(model) {
  return new Listing(
    "findings",
    [
      {
        key: "severity",
        label: "severity",
        width: 13,
        text: (one) => one.severity,
        look: (one) => `severity ${one.severity} ${fails(one) ? "" : "excused"}`,
        rank: (one) => (OFTEN[/** @type {"note"} */ (one.severity)] ?? 0) - (fails(one) ? 0 : 0.5),
      },
      {
        key: "time",
        label: "time",
        width: 15,
        title: "UTC",
        text: (one) => model.time(model.foundAt(one), 1),
        full: (one) => full(model.foundAt(one)),
        look: () => "time",
        rank: (one) => model.foundAt(one),
      },
      { key: "rule", label: "rule", width: 21, text: (one) => one.rule },
      { key: "task", label: "task", width: 10, text: (one) => one.task ?? "" },
      {
        key: "message",
        label: "what happened",
        width: 41,
        hide: "small",
        text: (one) => `${aside(one)}${one.message}`,
      },
    ],
    (one) => String(one.id),
    {
      runner: (one) => one.caller ?? "",
      certainty: (one) => one.certainty,
      state: (one) => one.state,
      fails: (one) => (fails(one) ? "yes" : "no"),
    },
  );
}

/** What a finding's message does not say: that it goes on, and why it fails no run. @param {any} finding */
function aside({ state: stands, certainty, cause, suppressed }) {
  const said = [
    stands === "open" ? "goes on" : "",
    certainty === "possible" ? "possible" : "",
    cause === "fault" ? "a fault of ours" : "",
    suppressed ? "suppressed" : "",
  ].filter(Boolean);
  return said.length ? `(${said.join(", ")}) ` : "";
}
