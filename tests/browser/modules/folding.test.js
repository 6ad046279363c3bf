import assert from "node:assert/strict";
import { test } from "node:test";
import { FLAT } from "./fold.js";
import { Folding } from "./folding.js";
import { Model } from "./model.js";

const beat = (seq, t) => ({
  seq,
  t,
  op: "ReportTaskProgress",
  caller: "r",
  task: "",
  answer: "200",
  origin: "live",
});

/** A run of two hours, of which all but its first and last 100 seconds were not seen. */
function run() {
  const model = new Model(() => 0);
  model.load({ live: true, now: 7200, zero: "2026-11-21T01:00:00Z", blind: [], calls: {} });
  const pass = (/** @type {number} */ seconds) => model.at(model.now() + seconds);
  return { model, folding: new Folding(model), pass };
}
const PAUSE = { blind: [{ from: 100, to: 7100, why: "Holter was paused" }] };

test("a fold comes when a stretch gets its end, and stays the same while nothing speaks against it", () => {
  const { model, folding, pass } = run();
  assert.equal(folding.fold(), FLAT);
  model.take("blind", { blind: [{ from: 100, to: null, why: "Holter was paused" }] });
  assert.equal(folding.fold(), FLAT);
  model.take("blind", PAUSE);
  const fold = folding.fold();
  assert.deepEqual([fold.cuts.length, fold.narrow], [1, 5]);
  model.take("call", beat(1, 7201));
  pass(50);
  assert.equal(folding.fold(), fold);
});

test("a call that turns out to have been asked within a fold opens it there", () => {
  const { model, folding } = run();
  model.take("blind", PAUSE);
  folding.fold();
  model.take("call", beat(1, 3000));
  assert.deepEqual(
    folding.fold().cuts.map(({ from, to }) => [from, to]),
    [
      [100, 3000],
      [3000, 7100],
    ],
  );
});

test("once twice as much was seen, the fold is as wide as before beside it", () => {
  const { model, folding, pass } = run();
  model.take("blind", PAUSE);
  assert.equal(folding.fold().narrow, 5);
  pass(201);
  assert.equal(folding.fold().narrow, 401 / 40);
});

test("what a profile advises is never folded", () => {
  const { model, folding } = run();
  model.about = { profile: { limits: { advice: 7001 } } };
  model.take("blind", PAUSE);
  assert.equal(folding.fold(), FLAT);
});
