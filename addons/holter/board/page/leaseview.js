// One lease opened: how it stands, how its beats came, and a button to cancel it.

import { h } from "./dom.js";
import { isOpen } from "./lease.js";
import { pretty } from "./pretty.js";
import { remaining, state } from "./standing.js";
import { counted, duration, percent } from "./words.js";

/**
 * @typedef {import("./links.js").Links} Links
 * @typedef {import("./lease.js").Lease} Lease
 */

/** @param {Links} links @param {number} id */
export function leaseView(links, id) {
  const lease = links.model.leases.get(id);
  if (!lease) return null;
  return [
    links.head("task", lease.task),
    deedsOf(links, lease),
    links.facts([...standing(links, lease), ...beats(lease), ...others(links, lease)]),
    lease.progress?.length ? [h("h3", {}, "last progress"), pretty(fieldsOf(lease.progress))] : [],
  ].flat();
}

/** @param {Links} links @param {Lease} lease */
function deedsOf(links, lease) {
  const { model, deeds } = links;
  const { cancel } = deeds;
  const able = cancel && isOpen(lease) && !model.ended;
  return h(
    "p",
    { class: "deeds" },
    able
      ? links.button("Cancel its next beat", () => cancel(lease.task), { id: "cancel-task", class: "danger" })
      : null,
    links.button("Its calls", () => deeds.callsOf("task", lease.task)),
  );
}

/** @param {Links} links @param {Lease} lease @returns {[string, any][]} */
function standing(links, lease) {
  const { model } = links;
  const [open, rest] = [isOpen(lease), remaining(lease, model)];
  const moment = (/** @type {number} */ t) => links.moment(model.zero + t);
  return [
    ["state", h("span", { class: open ? "open" : "ended" }, state(lease, model))],
    ["left", rest === null ? "" : duration(Math.round(rest * 10) / 10)],
    ["activity", lease.activity],
    ["attempt", lease.attempt],
    ["pipeline", lease.pipeline],
    ["runner", links.runner(lease.caller)],
    ["handed out", lease.t0 === null ? "before the recording" : moment(lease.t0)],
    ["ended", lease.t1 === null ? "" : moment(lease.t1)],
  ];
}

/** @param {Lease} lease @returns {[string, any][]} */
function beats({ ack, beats: counts = {}, interval = {}, worst_share: worst = null, limits = {} }) {
  const failed = counts.failed ? `, ${counts.failed} failed` : "";
  const { min, p50, max } = interval;
  return [
    ["first beat after", duration(ack)],
    ["beats", `${counted(counts.ok ?? 0, "beat")}${failed}`],
    [
      "between beats",
      max === undefined ? "" : `${duration(min)} to ${duration(max)}, half below ${duration(p50)}`,
    ],
    ["most used up", percent(worst)],
    [
      "limits",
      Object.entries(limits)
        .map(([name, seconds]) => `${name} ${duration(seconds)}`)
        .join(", "),
    ],
  ];
}

/** @param {Links} links @param {Lease} lease @returns {[string, any][]} */
function others(links, lease) {
  return [
    ["again as", links.task(lease.redelivered_as)],
    ["before as", links.task(lease.redelivery_of)],
    ["findings", links.findings((one) => one.task === lease.task)],
  ];
}

/** @param {{ key: string, stringValue?: string, refValue?: string }[]} fields */
function fieldsOf(fields) {
  return Object.fromEntries(fields.map(({ key, stringValue, refValue }) => [key, stringValue ?? refValue]));
}
