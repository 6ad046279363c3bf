// Which lease is drawn in which row: the attempts of one task together, those that overlap one below the other.

import { begin, end } from "./lease.js";

/**
 * @typedef {import("./lease.js").Lease} Lease
 * @typedef {{ leases: Lease[], group: string, first: boolean, size: number }} Row
 * `first`: the row is its group's first; `size`: how many rows the group has.
 */

/** The rows for these leases, in the order of the first hand-out of each group; or the worst group first.
 * @param {Iterable<Lease>} leases @param {number} now @param {(lease: Lease) => number} [badness]
 * @returns {Row[]} */
export function rowsOf(leases, now, badness) {
  const groups = [...grouped(leases)].map(([group, members]) => packed(group, members, now));
  if (badness) {
    const worst = (/** @type {Row[]} */ rows) => Math.max(...rows.flatMap((row) => row.leases.map(badness)));
    const keyed = groups.map((rows) => /** @type {const} */ ([worst(rows), rows]));
    return keyed.sort(([one], [other]) => other - one).flatMap(([, rows]) => rows);
  }
  return groups.sort(([one], [other]) => begin(one.leases[0]) - begin(other.leases[0])).flat();
}

/** @param {Iterable<Lease>} leases @returns {Map<string, Lease[]>} */
function grouped(leases) {
  const names = new Map();
  const groups = new Map();
  for (const lease of leases) {
    const name = instance(lease) ?? names.get(lease.redelivery_of) ?? `task ${lease.task}`;
    names.set(lease.task, name);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(lease);
  }
  return groups;
}

/** What the attempts of one task have in common. @param {Lease} lease */
function instance(lease) {
  const found = /^(.+)_Attempt=\d+$/.exec(lease.attempt ?? "");
  return found ? `${lease.pipeline ?? ""} ${found[1]}` : null;
}

/** @param {string} group @param {Lease[]} leases @param {number} now @returns {Row[]} */
function packed(group, leases, now) {
  /** @type {Row[]} */
  const rows = [];
  for (const lease of leases.sort((one, other) => begin(one) - begin(other))) {
    const room = rows.find((row) => end(row.leases[row.leases.length - 1], now) <= begin(lease) + 1e-9);
    if (room) room.leases.push(lease);
    else rows.push({ leases: [lease], group, first: !rows.length, size: 0 });
  }
  rows.forEach((row) => (row.size = rows.length));
  return rows;
}
