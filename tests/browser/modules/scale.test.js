import assert from "node:assert/strict";
import { test } from "node:test";
import { Fold } from "./fold.js";
import { Scale, ticks } from "./scale.js";

const NIGHT = new Fold([{ from: 100, to: 30_100, why: "stopped" }], 10);

test("a folded axis is drawn to scale but for its fold", () => {
  const scale = new Scale(0, 210, 0, 2100, NIGHT);
  assert.deepEqual([scale.from, scale.to], [0, 30_200]);
  assert.deepEqual(
    [0, 50, 100, 15_100, 30_100, 30_150].map((t) => scale.x(t)),
    [0, 500, 1000, 1050, 1100, 1600],
  );
  for (const x of [0, 999, 1001, 1050, 1099, 1101, 2100]) assert.ok(Math.abs(scale.x(scale.t(x)) - x) < 1e-6);
  assert.deepEqual([scale.over(105), scale.place(1050)], [1050, 105]);
});

test("the fold under a pixel is found, and only where the lanes are", () => {
  const scale = new Scale(100, 200, 200, 1200, NIGHT);
  assert.deepEqual(
    [150, 200, 250, 300, 400].map((x) => scale.cut(x) !== null),
    [false, false, true, false, false],
  );
});

test("lines stand on round times of day on both sides of a fold, and none in it", () => {
  assert.deepEqual(ticks(new Scale(0, 210, 0, 2100, NIGHT), 1003.5, 60), [16.5, 76.5, 30_136.5, 30_196.5]);
});
