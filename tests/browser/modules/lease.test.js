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
/** The line of a lease in sight from one moment to another, now, with what was not seen. */
const drawn = (lease, from, to, now, blind = [], column = 0) => fall(lease, { from, to, now, blind }, column);
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
  assert.deepEqual(drawn(leaseOf(row()), 0, 200, 70), [
    [
      { t: 10, share: 1 },
      { t: 10, share: 1 },
      { t: 10, share: 1 },
      { t: 12, share: 0.9 },
      { t: 12, share: 1 },
      { t: 20, share: 0.92 },
      { t: 20, share: 1 },
      { t: 70, share: 0.5 },
    ],
  ]);
});

test("a refused beat renews nothing, and an empty lease runs along the bottom", () => {
  const refused = leaseOf(row({ dots: { t: [4, 12, 20], kind: "hae", seq: [1, 2, 3] } }));
  assert.deepEqual(drawn(refused, 50, 300, 200), [
    [
      { t: 50, share: 0.62 },
      { t: 112, share: 0 },
      { t: 200, share: 0 },
    ],
  ]);
});

const held = { dots: { t: [10, 20, 90], kind: "hao", seq: [1, 2, 3] } };

test("where nothing was seen there is no line, and after it the lease is taken for full", () => {
  assert.deepEqual(drawn(leaseOf(row(held)), 20, 200, 110, [{ from: 40, to: 80, why: "" }]), [
    [
      { t: 20, share: 0.5 },
      { t: 20, share: 0.5 },
      { t: 20, share: 1 },
      { t: 40, share: 0.8 },
    ],
    [
      { t: 80, share: 1 },
      { t: 90, share: 0.9 },
      { t: 90, share: 1 },
      { t: 110, share: 0.8 },
    ],
  ]);
});

test("what was not seen before what is in sight counts as well, and what goes on is no matter", () => {
  const blind = [
    { from: 15, to: 30, why: "" },
    { from: 28, to: 40, why: "" },
    { from: 70, to: null, why: "" },
  ];
  assert.deepEqual(drawn(leaseOf(row(held)), 50, 200, 70, blind), [
    [
      { t: 50, share: 0.9 },
      { t: 70, share: 0.7 },
    ],
  ]);
});

test("a beat within what was not seen renews nothing that was not taken for full later", () => {
  const blind = [{ from: 15, to: 30, why: "" }];
  const [, after] = drawn(leaseOf(row(held)), 0, 60, 60, blind);
  assert.deepEqual(after, [
    { t: 30, share: 1 },
    { t: 60, share: 0.7 },
  ]);
});

test("a lease that had run empty before what was not seen stays empty until it is renewed", () => {
  const late = { dots: { t: [10, 20, 200], kind: "hao", seq: [1, 2, 3] } };
  const line = (more, blind) => drawn(leaseOf(row({ ...late, ...more })), 100, 300, 250, blind).at(-1);
  const blind = [{ from: 130, to: 150, why: "" }];
  const again = [
    { t: 150, share: 0 },
    { t: 200, share: 0 },
    { t: 200, share: 1 },
    { t: 250, share: 0.5 },
  ];
  assert.deepEqual(line({}, blind), again);
  assert.deepEqual(line({}, [{ from: 125, to: 128, why: "" }, ...blind]), again);
  assert.equal(line({}, [{ from: 119, to: 150, why: "" }])[0].share, 1);
  const lost = { dots: { t: [10, 20], kind: "ha", seq: [1, 2] } };
  assert.deepEqual(line(lost, blind), [
    { t: 150, share: 0 },
    { t: 250, share: 0 },
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
  const [points] = drawn(many, 0, 40, 40, [], 1);
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
