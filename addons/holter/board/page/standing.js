// Where a lease stands at this moment, as far as anybody sees it.

import { headroom, isOpen, left } from "./lease.js";

/** @typedef {import("./model.js").Model} Model @typedef {import("./lease.js").Lease} Lease */

const AT_RISK = 0.2; // what is left of a lease from which on one more lost beat may be too many

/** Where a lease stands, in a word: the clock goes on between what the server tells.
 * @param {Lease} lease @param {Model} model */
export function state(lease, model) {
  if (!isOpen(lease)) return lease.outcome ?? lease.standing ?? "ended";
  const share = headroom(lease, model.watched()) ?? 1;
  if (!isSeen(lease, model)) return "not seen";
  if (share <= 0) return "expired";
  if (share <= AT_RISK) return "at risk";
  return /risk|expired/.test(lease.standing ?? "") ? "held" : (lease.standing ?? "open");
}

/** The seconds that are left of an open lease, negative once it has expired; null where nobody knows.
 * @param {Lease} lease @param {Model} model */
export function remaining(lease, model) {
  return isSeen(lease, model) ? left(lease, model.watched()) : null;
}

/** The share of an open lease that is used up, 0 where nobody knows.
 * @param {Lease} lease @param {Model} model */
export function spent(lease, model) {
  return isSeen(lease, model) ? 1 - (headroom(lease, model.watched()) ?? 1) : 0;
}

/** Whether anybody knows: while recording is paused, only of what had expired before; after that, of a lease that
 * may have been renewed or ended meanwhile, only as long as it may last. @param {Lease} lease @param {Model} model */
function isSeen(lease, model) {
  const over = (headroom(lease, model.watched()) ?? 1) <= 0;
  return over ? !lease.unsure : model.watching;
}
