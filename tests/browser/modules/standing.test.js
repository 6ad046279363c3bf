import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseOf } from "./lease.js";
import { Model } from "./model.js";
import { remaining, spent, state } from "./standing.js";

/** A model at a moment, paused since another if that is given. */
const at = (now, since) => {
  const model = new Model(() => 0);
  model.load({
    live: true,
    now,
    blind: since === undefined ? [] : [{ from: since, to: null, why: "paused" }],
  });
  return model;
};
const lease = leaseOf({ id: 1, task: "task-1", t0: 0, t1: null, deadline: 100, span: 100, standing: "held" });
const told = (model) => [state(lease, model), remaining(lease, model), spent(lease, model)];

test("an open lease goes down as time passes", () => {
  assert.deepEqual(told(at(50)), ["held", 50, 0.5]);
  assert.deepEqual(told(at(85)), ["at risk", 15, 0.85]);
  assert.deepEqual(told(at(130)), ["expired", -30, 1]);
});

test("while recording is paused nobody knows how a lease stands", () => {
  assert.deepEqual(told(at(130, 50)), ["not seen", null, 0]);
  assert.deepEqual(told(at(90, 85)), ["not seen", null, 0]);
});

test("what had expired before the pause has expired, and its time stands still", () => {
  assert.deepEqual(told(at(500, 130)), ["expired", -30, 1]);
});

test("a lease that is over is what became of it", () => {
  const over = { ...lease, t1: 80, outcome: "finished" };
  assert.deepEqual([state(over, at(500)), remaining(over, at(500))], ["finished", null]);
});

test("one that may have been renewed or ended while nobody looked is not said to have expired", () => {
  const unsure = { ...lease, unsure: true };
  assert.deepEqual([state(unsure, at(50)), remaining(unsure, at(50))], ["held", 50]);
  assert.deepEqual(
    [state(unsure, at(130)), remaining(unsure, at(130)), spent(unsure, at(130))],
    ["not seen", null, 0],
  );
});
