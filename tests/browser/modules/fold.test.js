import assert from "node:assert/strict";
import { test } from "node:test";
import { FLAT, Fold } from "./fold.js";

const blind = (from, to, why = "stopped") => ({ from, to, why });

/** Numbers that look random and are the same each time. @param {number} seed */
function chance(seed) {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

/** A fold of some stretches, and moments in, at and around them. @param {number} seed */
function some(seed) {
  const next = chance(seed);
  let t = 0;
  const cuts = Array.from({ length: Math.floor(next() * 6) }, () => {
    const from = t + next() * 1000;
    t = from + 1 + next() * 1e6;
    return blind(from, t);
  });
  const inside = cuts.flatMap(({ from, to }) => [from, from + next() * (to - from), to]);
  const around = Array.from({ length: 50 }, () => -500 + next() * (t + 2000));
  return { fold: new Fold(cuts, 1 + next() * 20), moments: [...inside, ...around].sort((a, b) => a - b) };
}

test("places grow with moments, each way undoes the other, and what is not folded keeps its length", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { fold, moments } = some(seed);
    const places = moments.map((t) => fold.place(t));
    moments.forEach((t, number) => {
      assert.ok(Math.abs(fold.moment(places[number]) - t) < 1e-3, `${seed}: ${t}`); // the finest that a page knows
      if (!number) return;
      const [apart, before] = [places[number] - places[number - 1], moments[number - 1]];
      assert.ok(t > before ? apart > 0 : apart === 0, `${seed}: ${before} and ${t}`);
      if (fold.hidden(before, t) === 0) assert.ok(Math.abs(apart - (t - before)) < 1e-6);
    });
    const [first, last] = [moments[0], moments[moments.length - 1]];
    const stretches = fold.stretches(first, last).reduce((sum, [from, to]) => sum + to - from, 0);
    assert.ok(Math.abs(stretches + fold.hidden(first, last) - (last - first)) < 1e-6);
  }
});

test("nothing leaps at the edges of a fold", () => {
  const fold = new Fold([blind(10, 1010), blind(1020, 2020)], 5);
  assert.deepEqual(
    [0, 10, 510, 1010, 1020, 1520, 2020, 2030].map((t) => fold.place(t)),
    [0, 10, 12.5, 15, 25, 27.5, 30, 40],
  );
  for (const edge of [10, 1010, 1020, 2020]) {
    assert.ok(fold.place(edge + 1e-6) - fold.place(edge - 1e-6) < 1e-5);
  }
});

test("without folds every moment is its own place", () => {
  for (const t of [-3, 0, 0.1, 1e9])
    assert.deepEqual([FLAT.place(t), FLAT.moment(t), FLAT.edge(t)], [t, t, t]);
  assert.deepEqual(FLAT.stretches(2, 5), [[2, 5]]);
});

test("a moment in a fold is nearest to one of its edges", () => {
  const fold = new Fold([blind(10, 110)], 5);
  assert.deepEqual(
    [3, 10, 20, 100, 110, 200].map((t) => fold.edge(t)),
    [3, 10, 10, 110, 110, 200],
  );
});
