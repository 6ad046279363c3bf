// One runner opened: its tasks, its beats, and how it polls.

import { h } from "./dom.js";
import { apart } from "./links.js";
import { duration, percent, thousands } from "./words.js";

/** @typedef {import("./links.js").Links} Links */

/** @param {Links} links @param {string} name */
export function runnerView(links, name) {
  const one = links.model.callers.get(name);
  if (!one) return null;
  const leases = [...links.model.leases.values()].filter((lease) => lease.caller === name).slice(-30);
  const { beats, unpolled } = one;
  return [
    links.head("runner", name),
    h(
      "p",
      { class: "deeds" },
      links.button("Its calls", () => links.deeds.callsOf("caller", name)),
    ),
    links.facts([
      ["calls", thousands(one.calls ?? 0)],
      ["tasks", apart(leases.map((lease) => links.task(lease.task)))],
      ["beats", beats ? `${beats.ok}${beats.failed ? `, ${beats.failed} failed` : ""}` : ""],
      ["most used up", percent(one.worst_share ?? null)],
      ["polls", one.polls],
      [
        "without a poll",
        unpolled ? `${duration(unpolled.seconds)}, at once ${duration(unpolled.longest)}` : "",
      ],
      ["own heartbeats", one.heartbeats?.t?.length],
      ["findings", links.findings((finding) => finding.caller === name)],
    ]),
  ];
}
