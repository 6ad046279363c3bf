import assert from "node:assert/strict";
import { test } from "node:test";
import { addDot, headroom, heldFor, leaseOf, nearest, settle } from "./lease.js";
import { fall } from "./trace.js";

const row = (more = {}) => ({
  id: 1,
  task: "task-1",
  t0: 10,
  t1: null,
  deadline: 120,
  span: 100,
  limits: { ack: 20, progress: 100 },
  beats: { ok: 2 },
  dots: { t: [4, 12, 20], kind: "hao", seq: [1, 2, 3] },
  ...more,
});
const times = ({ dots }) => [...dots.t.values.subarray(0, dots.t.length)];

test("a hand-out counts from its answer, however long the poll was held", () => {
  assert.deepEqual(times(leaseOf(row())), [10, 12, 20]);
});

test("a hand-out that came before the lease was known is put right", () => {
  const lease = leaseOf(row({ t0: null, dots: undefined }));
  addDot(lease, 4, "h", 1);
  lease.t0 = 10;
  settle(lease);
  assert.deepEqual(times(lease), [10]);
});

test("a call that comes late goes where it belongs, with its kind and number", () => {
  const lease = leaseOf(row());
  addDot(lease, 15, "e", 9);
  assert.deepEqual(times(lease), [10, 12, 15, 20]);
  assert.deepEqual([...lease.dots.seq.values.subarray(0, 4)], [1, 2, 9, 3]);
  assert.equal(String.fromCharCode(...lease.dots.kind.values.subarray(0, 4)), "haeo");
});

test("what is left of an open lease falls to nothing at its deadline", () => {
  const lease = leaseOf(row());
  assert.deepEqual(
    [20, 70, 120, 200].map((now) => headroom(lease, now)),
    [1, 0.5, 0, 0],
  );
  assert.equal(headroom(leaseOf(row({ t1: 30 })), 25), null);
});

test("until it is acknowledged a lease lasts as long as that may take, and then as its own limit says", () => {
  assert.equal(heldFor(leaseOf(row())), 100);
  assert.equal(heldFor(leaseOf(row({ beats: { ok: 0 }, span: 20 }))), 100);
  assert.equal(
    heldFor(leaseOf(row({ beats: { ok: 0 }, limits: { ack: 20, reportProgressTimeout: 60 } }))),
    60,
  );
});

test("the line falls from each renewal, and is full again at the next", () => {
  assert.deepEqual(fall(leaseOf(row()), 0, 200, 70, 0), [
    { t: 10, share: 1 },
    { t: 10, share: 1 },
    { t: 10, share: 1 },
    { t: 12, share: 0.9 },
    { t: 12, share: 1 },
    { t: 20, share: 0.92 },
    { t: 20, share: 1 },
    { t: 70, share: 0.5 },
  ]);
});

test("a refused beat renews nothing, and an empty lease runs along the bottom", () => {
  const refused = leaseOf(row({ dots: { t: [4, 12, 20], kind: "hae", seq: [1, 2, 3] } }));
  assert.deepEqual(fall(refused, 50, 300, 200, 0), [
    { t: 50, share: 0.62 },
    { t: 112, share: 0 },
    { t: 200, share: 0 },
  ]);
});

test("more renewals than there is room for are merged, and the lowest is kept", () => {
  const t = Array.from({ length: 1000 }, (_, place) => 10 + place / 100);
  const many = leaseOf(
    row({
      t0: 10,
      t1: 30,
      dots: { t: [...t, 29], kind: `ha${"o".repeat(999)}`, seq: t.map((_, place) => place).concat(1000) },
    }),
  );
  const points = fall(many, 0, 40, 40, 1);
  assert.ok(points.length < 40, String(points.length));
  assert.ok(Math.min(...points.map(({ share }) => share)) < 0.92);
});

test("the nearest call is found, within reason", () => {
  const { dots } = leaseOf(row());
  assert.deepEqual(
    [9, 11.4, 17, 40].map((t) => nearest(dots, t, t - 5, t + 5)),
    [0, 1, 2, -1],
  );
});
