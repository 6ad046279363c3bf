import assert from "node:assert/strict";
import { test } from "node:test";
import { between, clock, duration, full, percent, thousands } from "./words.js";

const DURATIONS = [
  [null, ""],
  [NaN, ""],
  [0.06, "0.06 s"],
  [4.8, "4.8 s"],
  [59.94, "59.9 s"],
  [59.95, "1 min"],
  [125, "2 min 5 s"],
  [-3780, "-1 h 3 min"],
  [2 * 86400 - 60, "47 h 59 min"],
  [2 * 86400, "2 d"],
  [8222 * 3600 + 600, "342 d 14 h"],
];

for (const [seconds, said] of DURATIONS)
  test(`${seconds} seconds are ${said || "nothing"}`, () => assert.equal(duration(seconds), said));

const wall = Date.UTC(2026, 10, 21, 23, 59, 58, 250) / 1000;

test("a moment is told as finely as it is wanted, with its day or without", () => {
  assert.equal(clock(wall), "23:59:58");
  assert.equal(clock(wall, 1), "23:59:58.2");
  assert.equal(clock(wall, 3, true), "2026-11-21 23:59:58.250");
  assert.equal(clock(wall, 0, true), "2026-11-21 23:59:58");
  assert.equal(full(wall), "2026-11-21 23:59:58.250 UTC");
  assert.deepEqual([clock(NaN), full(NaN)], ["", ""]);
});

test("two moments have their days where these are not the same, or where that is wanted", () => {
  assert.equal(between(wall, wall + 1), "23:59:58.2 to 23:59:59.2");
  assert.equal(between(wall, wall + 2), "2026-11-21 23:59:58.2 to 2026-11-22 00:00:00.2");
  assert.equal(between(wall, wall + 1, true), "2026-11-21 23:59:58.2 to 2026-11-21 23:59:59.2");
});

test("large numbers can be read", () => {
  assert.deepEqual([thousands(999), thousands(1234567)], ["999", "1\u202f234\u202f567"]);
  assert.deepEqual([percent(null), percent(0.996)], ["", "100 %"]);
});
