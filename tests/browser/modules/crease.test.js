import assert from "node:assert/strict";
import { test } from "node:test";
import { Column } from "./columns.js";
import { foldOf, seenBy } from "./crease.js";
import { FLAT } from "./fold.js";

const blind = (from, to, why = "stopped") => ({ from, to, why });
const none = new Column();
const edges = (fold) => fold.cuts.map(({ from, to }) => [from, to]);

test("what is folded is what nobody saw for long, beside what was seen and beside the advice", () => {
  const found = (stretches, seen, least) => edges(foldOf(stretches, none, seen, least));
  assert.deepEqual(found([blind(10, 10_000)], 20, 60), [[10, 10_000]]);
  assert.deepEqual(found([blind(10, 69)], 20, 60), []); // shorter than the advice
  assert.deepEqual(found([blind(10, 110)], 1001, 60), []); // under a tenth of what was seen
  assert.deepEqual(found([blind(10, 111)], 1001, 60), [[10, 111]]);
  assert.deepEqual(found([blind(10, null)], 20, 60), []); // it goes on
  assert.deepEqual(found([blind(0, 100)], 0, 60), []); // nothing was seen at all
  assert.equal(foldOf([], none, 20, 60), FLAT);
});

test("stretches in any order that overlap are one fold with every reason", () => {
  const fold = foldOf(
    [blind(500, 900, "paused"), blind(10, 600), blind(600, 700), blind(2000, 3000)],
    none,
    9,
    1,
  );
  assert.deepEqual(fold.cuts, [blind(10, 900, "stopped, paused"), blind(2000, 3000)]);
});

test("a call that was asked in a stretch all the same is not hidden", () => {
  const found = (...calls) => edges(foldOf([blind(10, 1000)], new Column(calls), 20, 60));
  assert.deepEqual(found(2, 10, 1000, 1003), [[10, 1000]]);
  assert.deepEqual(found(700, 400), [
    [10, 400],
    [400, 700],
    [700, 1000],
  ]);
  assert.deepEqual(found(990, 2), [[10, 990]]);
});

test("a fold takes a fortieth of what was seen, and many of them take less each", () => {
  const wide = (count) => {
    const stretches = Array.from({ length: count }, (_, n) => blind(n * 2000 + 10, n * 2000 + 1990));
    return foldOf(stretches, none, 1000, 60).narrow;
  };
  assert.deepEqual([1, 10, 100].map(wide), [25, 25, 3]);
});

test("what was seen is all but what was not", () => {
  assert.equal(seenBy([], 100), 100);
  assert.equal(seenBy([blind(10, 30), blind(20, 40), blind(90, null)], 100), 60);
  assert.equal(seenBy([blind(-10, 10), blind(95, 120)], 100), 85);
});
