import assert from "node:assert/strict";
import { test } from "node:test";
import { edges } from "./gaps.js";
import { Model } from "./model.js";

/** A recording of 100 seconds with calls of 2 s each. */
function model() {
  const calls = { seq: [7, 8, 9], t: [10, 50, 60], ms: [2000, 2000, null] };
  const made = new Model(() => 0);
  made.load({ now: 100, zero: "2026-11-21T01:00:00Z", calls });
  return made;
}

const gap = (more) => ({ t0: 10, state: "closed", certainty: "certain", interactions: [7], ...more });
const reached = (more) => {
  const { from, certain, possible } = edges(gap(more), model());
  return [from, certain, possible];
};

test("a gap that goes on reaches to this moment, whatever it may come to", () => {
  assert.deepEqual(reached({ state: "open", gap: { certain: 60, possible: 900 } }), [10, 100, 100]);
  assert.deepEqual(
    reached({ state: "open", certainty: "possible", gap: { certain: 0, possible: 900 } }),
    [10, 10, 100],
  );
});

test("a gap that goes on ends where nobody looked any more", () => {
  const paused = model();
  paused.live = true;
  paused.blind = [{ from: 70, to: null, why: "paused" }];
  const { certain, possible } = edges(gap({ state: "open", gap: { certain: 60, possible: 900 } }), paused);
  assert.deepEqual([certain, possible], [70, 70]);
});

test("a gap that a call ended reaches to its answer at most", () => {
  const told = { certain_to: 50, possible_to: 80 };
  assert.deepEqual(reached({ ...told, interactions: [7, 8] }), [10, 50, 52]);
  assert.deepEqual(reached({ ...told, certain_to: 55, interactions: [7, 8] }), [10, 52, 52]);
  assert.deepEqual(reached({ ...told, interactions: [7, 9] }), [10, 50, 60]); // it was never answered
});

test("a gap that no call ended, or one that is not kept, is as long as it is told", () => {
  const told = { certain_to: 50, possible_to: 80 };
  for (const interactions of [[], [7], [7, 3]])
    assert.deepEqual(reached({ ...told, interactions }), [10, 50, 80]);
  assert.deepEqual(reached({ gap: { certain: 20, possible: 30 } }), [10, 30, 40]);
});

test("a limit passed within its gap, and one that nobody set never did", () => {
  assert.equal(edges(gap({ limit: { seconds: 30 } }), model()).limit, 40);
  assert.equal(edges(gap({}), model()).limit, Infinity);
});
