import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseOf } from "./lease.js";
import { rowsOf } from "./rows.js";
import { Scale, step, ticks } from "./scale.js";
import { View } from "./view.js";
import { clock, counted, duration, sortOf } from "./words.js";

const lease = (id, t0, t1, more = {}) =>
  leaseOf({ id, task: `task-${id}`, t0, t1, deadline: t1 === null ? t0 + 900 : null, span: 900, ...more });
const shown = (rows) => rows.map((row) => row.leases.map((one) => one.task).join("+"));

test("attempts of one task share a row while they do not overlap", () => {
  const attempt = (n) => ({ pipeline: "df-1", attempt: `@Copy_2026_Attempt=${n}` });
  const leases = [
    lease(1, 0, 10, attempt(1)),
    lease(3, 2, 20),
    lease(2, 10, 30, attempt(2)),
    lease(4, 25, 40, attempt(3)),
  ];
  const rows = rowsOf(leases, 50);
  assert.deepEqual(shown(rows), ["task-1+task-2", "task-4", "task-3"]);
  assert.deepEqual(
    rows.map((row) => [row.first, row.size]),
    [
      [true, 2],
      [false, 2],
      [true, 1],
    ],
  );
});

test("a task that was handed out again stands with the first, whatever its attempt is called", () => {
  const rows = rowsOf([lease(1, 0, 10), lease(2, 11, null, { redelivery_of: "task-1" })], 20);
  assert.deepEqual(shown(rows), ["task-1+task-2"]);
});

test("the worst come first when that is asked for", () => {
  const badness = (one) => ({ 1: 0.1, 2: 1.7, 3: 0.9 })[one.id];
  assert.deepEqual(shown(rowsOf([lease(1, 0, 5), lease(2, 1, null), lease(3, 2, 8)], 9, badness)), [
    "task-2",
    "task-3",
    "task-1",
  ]);
});

test("a moment and its place on the canvas lead to each other", () => {
  const scale = new Scale(10, 30, 100, 500);
  assert.deepEqual([scale.x(10), scale.x(30), scale.t(300), scale.perSecond], [100, 500, 20, 20]);
});

test("lines stand on round times of day with enough room between them", () => {
  assert.deepEqual(
    [1000, 20, 1, 0.02].map((perSecond) => step(perSecond, 84)),
    [0.1, 5, 120, 7200],
  );
  assert.deepEqual(ticks(new Scale(0, 10, 0, 100), 1003.5, 5), [1.5, 6.5]);
});

test("the window zooms about a moment that stays where it is, and never leaves what there is", () => {
  const view = new View();
  view.tick(100, 100);
  view.show(0, 100);
  view.zoom(0.5, 25);
  assert.deepEqual([view.from, view.to], [12.5, 62.5]);
  view.pan(1e6);
  assert.equal(view.to, 105);
  view.zoom(1e6);
  assert.deepEqual([view.from, view.to], [-5, 105]);
  view.zoom(1e-9);
  assert.ok(view.length >= view.shortest);
});

test("a window that follows has now in it, with room ahead", () => {
  const view = new View();
  view.tick(1000, 1000);
  view.show(940, 1000);
  view.follow = true;
  view.tick(1030, 1100);
  assert.deepEqual([view.from, view.to], [982, 1042]);
  view.pan(-5);
  assert.equal(view.follow, false);
});

test("a moment out of sight is brought into sight, one in sight moves nothing", () => {
  const view = new View();
  view.tick(1000, 1000);
  view.show(0, 100);
  view.reveal(50);
  assert.equal(view.from, 0);
  view.reveal(500);
  assert.deepEqual([view.from, view.to], [450, 550]);
});

test("times and counts in words", () => {
  assert.deepEqual([0.0634, 4.8, 12.34, 59.97, 125, 3780, -70].map(duration), [
    "0.063 s",
    "4.8 s",
    "12.3 s",
    "1 min",
    "2 min 5 s",
    "1 h 3 min",
    "-1 min 10 s",
  ]);
  assert.equal(duration(null), "");
  assert.deepEqual([clock(0.25), clock(0.25, 1), clock(NaN)], ["00:00:00", "00:00:00.2", ""]);
  assert.deepEqual([counted(1, "call"), counted(12345, "call")], ["1 call", "12\u202f345 calls"]);
  assert.deepEqual(["200", "400 X", "503", "broken by us", ""].map(sortOf), [
    "ok",
    "4xx",
    "5xx",
    "broken",
    "",
  ]);
});
