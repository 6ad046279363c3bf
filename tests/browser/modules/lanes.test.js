import assert from "node:assert/strict";
import { test } from "node:test";
import { Lanes } from "./lanes.js";
import { leaseOf } from "./lease.js";
import { Model } from "./model.js";
import { View } from "./view.js";

const HELD = 34; // pixels of a row
const lease = (t0, more) => leaseOf({ id: t0, task: `task-${t0}`, t0, t1: t0 + 5, ...more });

/** Lanes of which three are in sight, a row for each lease. */
function lanes(...leases) {
  const made = new Lanes(null, new Model(() => 0), new View());
  made.rows = leases.map((one) => ({ leases: [one], group: one.task, first: true, size: 1 }));
  made.fit(800, made.head + 3 * HELD, 1);
  made.view.extent = 1000;
  return made;
}
const tens = Array.from({ length: 10 }, (_, number) => lease(number * 10));

/** The rows in sight after one looked at a stretch of time. */
function after(made, from, to) {
  made.view.show(from, to);
  made.seek();
  return made.seen;
}

test("rows that have nothing in the time that is looked at make way for the first that has", () => {
  const made = lanes(...tens);
  assert.deepEqual(after(made, 0, 20), [0, 3]);
  assert.deepEqual(after(made, 62, 90), [6, 9]);
  assert.deepEqual(after(made, 31, 34), [3, 6]);
});

test("rows stay as long as one of them has something, or none has", () => {
  const made = lanes(...tens);
  assert.deepEqual(after(made, 20, 90), [0, 3]);
  assert.deepEqual(after(made, 300, 400), [0, 3]);
});

test("an open lease that ran empty before has nothing there, one that is held has", () => {
  const open = (deadline) => lease(0, { t1: null, deadline });
  const rest = [lease(1), lease(2), lease(50)];
  assert.deepEqual(after(lanes(open(30), ...rest), 45, 60), [1, 4]);
  assert.deepEqual(after(lanes(open(50), ...rest), 45, 60), [0, 3]);
});
