import assert from "node:assert/strict";
import { test } from "node:test";
import { FLAT, Fold } from "./fold.js";
import { View } from "./view.js";

const FOLD = new Fold([{ from: 1000, to: 9000, why: "paused" }], 40);

/** A view of a run of 10,000 seconds. @param {number} from @param {number} to */
function looking(from, to) {
  const view = new View();
  view.tick(10_000, 10_000);
  view.show(from, to);
  return view;
}
const seen = (view) => [view.from, view.to].map((place) => view.fold.moment(place));

test("a fold that comes moves nothing of what is looked at, before it or behind it", () => {
  for (const [from, to] of [
    [100, 200],
    [9400, 9600],
  ]) {
    const view = looking(from, to);
    view.refold(FOLD);
    assert.deepEqual(seen(view), [from, to]);
    view.refold(FLAT);
    assert.deepEqual(seen(view), [from, to]);
  }
});

test("a fold that comes in the middle of what is looked at keeps its nearer edge where it was", () => {
  const view = looking(800, 1400);
  view.refold(FOLD);
  assert.deepEqual([view.from, view.to], [800, 1400]);
  assert.equal(view.fold.moment(view.to), 9360);
});

test("who looks at all of it looks at all of it afterwards", () => {
  const view = looking(0, 10_000);
  view.all();
  view.refold(FOLD);
  assert.ok(view.from <= 0 && view.to >= FOLD.place(10_000));
  assert.ok(view.length <= 1.1 * FOLD.place(10_000));
});

test("following and jumping go by moments", () => {
  const view = looking(0, 100);
  view.refold(FOLD);
  view.reveal(9500);
  assert.deepEqual(seen(view), [9450, 9550]);
  view.follow = true;
  view.tick(9900, 9950);
  assert.deepEqual(seen(view), [9820, 9920]);
  assert.equal(view.extent, 1990);
});
