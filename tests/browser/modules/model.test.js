import assert from "node:assert/strict";
import { test } from "node:test";
import { Model } from "./model.js";

const PAGE = {
  live: true,
  now: 30,
  zero: "2026-11-21T01:00:00Z",
  leases: [
    {
      id: 0,
      task: "task-1",
      t0: 1,
      t1: null,
      deadline: 901,
      span: 900,
      dots: { t: [1], kind: "h", seq: [1] },
    },
  ],
  findings: [
    { rule: "gap-over-limit", severity: "error", task: "task-1", caller: "r", state: "open", at: "x" },
  ],
  callers: [{ caller: "r", calls: 1, tasks: 1 }],
  calls: {
    seq: [1],
    t: [0.5],
    op: [0],
    ops: ["PollForTask"],
    caller: [0],
    callers: ["r"],
    task: [1],
    tasks: ["", "task-1"],
    answer: [0],
    answers: ["200"],
    origin: [0],
    origins: ["live"],
    ms: [500],
  },
};
const BEAT = {
  seq: 2,
  t: 31,
  op: "ReportTaskProgress",
  caller: "r",
  task: "task-1",
  answer: "200",
  origin: "live",
  ms: 4,
  lease: 0,
  kind: "a",
};

const loaded = (clock = () => 0) => {
  const model = new Model(clock);
  model.load(structuredClone(PAGE));
  model.news();
  return model;
};

test("a call is a row, a dot of its lease, and one more of its runner; once", () => {
  const model = loaded();
  model.take("call", BEAT);
  model.take("call", BEAT);
  assert.equal(model.calls.length, 2);
  assert.equal(model.calls.word("op", 1), "ReportTaskProgress");
  assert.equal(model.leases.get(0).dots.t.length, 2);
  assert.equal(model.callers.get("r").calls, 2);
  assert.deepEqual([...model.news()].sort(), ["callers", "calls", "leases"]);
});

test("a call of a lease that is told of only after it is kept", () => {
  const model = loaded();
  model.take("call", { ...BEAT, seq: 3, t: 32, task: "task-2", lease: 1, kind: "h" });
  model.take("lease", {
    id: 1,
    task: "task-2",
    activity: "Copy",
    t0: 33,
    t1: null,
    deadline: 153,
    span: 120,
  });
  const lease = model.leases.get(1);
  assert.equal(lease.activity, "Copy");
  assert.deepEqual([lease.dots.t.length, lease.dots.t.values[0]], [1, 33]);
  assert.equal(model.tasks.get("task-2"), lease);
});

test("a lease that changes keeps its dots and all that was not told", () => {
  const model = loaded();
  model.take("lease", { id: 0, deadline: 931, dots: { t: [], kind: "", seq: [] } });
  assert.deepEqual(
    [model.leases.get(0).deadline, model.leases.get(0).dots.t.length, model.leases.get(0).task],
    [931, 1, "task-1"],
  );
});

test("a closed finding takes the place of the open one, another is new", () => {
  const model = loaded();
  const closed = { ...PAGE.findings[0], state: "closed", at: "x", message: "closed" };
  model.take("finding", closed);
  assert.deepEqual(
    [...model.findings.values()].map((one) => one.message),
    ["closed"],
  );
  model.take("finding", closed);
  model.take("finding", { ...closed, at: "later" });
  assert.deepEqual([...model.findings.keys()], [0, 1]);
});

test("a finding takes the place of the open one that it grew out of, and of no other", () => {
  const model = loaded();
  const gap = { severity: "note", task: "task-1", caller: "r", state: "open", at: "y", interactions: [4, 5] };
  model.take("finding", { ...gap, rule: "ack-slow" });
  model.take("finding", { ...gap, rule: "ack-missing", at: "z", interactions: [4, 9] });
  model.take("finding", { ...gap, rule: "gap-over-advice", at: "z", interactions: [7] });
  model.take("finding", { ...gap, rule: "poll-overlap", at: "z" });
  assert.deepEqual(
    [...model.findings.values()].map((one) => one.rule),
    ["gap-over-limit", "ack-missing", "gap-over-advice", "poll-overlap"],
  );
});

test("a withdrawn finding goes with all that its gap was told as, and no other takes its number", () => {
  const model = loaded();
  const told = { severity: "note", task: "task-9", caller: "r", state: "open", at: "y", interactions: [4] };
  const rules = () => [...model.findings.values()].map((one) => `${one.id} ${one.task} ${one.rule}`);
  model.take("finding", { ...told, rule: "ack-slow" });
  model.take("finding", { ...told, rule: "ack-slow", task: "task-10" });
  model.take("finding", { ...told, rule: "ack-slow", state: "withdrawn" });
  assert.deepEqual(rules(), ["0 task-1 gap-over-limit", "2 task-10 ack-slow"]);
  assert.deepEqual([model.totals().note, model.news().has("findings")], [1, true]);
  model.take("finding", { ...told, rule: "redelivery", interactions: [4, 8] });
  assert.deepEqual(rules().slice(2), ["3 task-9 redelivery"]);
});

test("what is withdrawn a second time takes nothing with it, nor what is closed", () => {
  const model = loaded();
  const closed = { ...PAGE.findings[0], state: "closed" };
  model.take("finding", closed);
  model.take("finding", { ...closed, state: "withdrawn" });
  model.take("finding", { ...closed, task: "task-3", state: "withdrawn" });
  assert.deepEqual([...model.findings.keys()], [0]);
});

test("runners' own heartbeats and being asked to leave are kept", () => {
  const model = loaded();
  model.take("call", { ...BEAT, seq: 5, task: null, lease: null, kind: "l", t: 40 });
  model.take("call", { ...BEAT, seq: 6, task: null, lease: null, kind: "t", t: 41 });
  assert.deepEqual(model.callers.get("r").heartbeats, { t: [40, 41], terminate: [6] });
});

test("time goes on by itself while a run does, and stands when it has ended", () => {
  let clock = 100;
  const model = loaded(() => clock);
  clock = 102;
  assert.equal(model.now(), 32);
  model.take("now", { now: 32.5 });
  clock = 103;
  assert.equal(model.now(), 33.5);
  model.take("end", {});
  clock = 200;
  assert.equal(model.now(), 33.5);
});

test("totals count what counts", () => {
  const model = loaded();
  model.take("finding", { ...PAGE.findings[0], rule: "other", suppressed: "known" });
  model.take("faults", {
    seed: 1,
    rules: [
      { name: "a", state: "armed" },
      { name: "b", state: "off" },
    ],
  });
  model.take("state", { paused: true, lost: 2 });
  assert.deepEqual(model.totals(), {
    error: 1,
    warning: 0,
    note: 0,
    excused: 1,
    calls: 1,
    leases: 1,
    open: 1,
    armed: 1,
    lost: 2,
  });
  assert.equal(model.paused, true);
});

test("the clock goes on by itself, but not for long: who is not told the time knows nothing", () => {
  let clock = 100;
  const model = loaded(() => clock);
  clock = 102;
  assert.equal(model.now(), 32);
  clock = 190;
  assert.equal(model.now(), 33);
  model.take("now", { now: 120 });
  assert.equal(model.now(), 120);
});

test("while recording is paused the leases stand as they were last seen", () => {
  let clock = 0;
  const model = loaded(() => clock);
  model.take("blind", { blind: [{ from: 20, to: null, why: "Holter was paused" }] });
  clock = 2;
  assert.deepEqual([model.watching, model.watched(), model.now()], [false, 20, 32]);
  model.take("blind", { blind: [{ from: 20, to: 32, why: "Holter was paused" }] });
  assert.deepEqual([model.watching, model.watched()], [true, 32]);
});

test("what is only possible, ours or suppressed is no error", () => {
  const model = loaded();
  const one = { severity: "error", certainty: "certain", rule: "r", state: "closed" };
  const others = [{ certainty: "possible" }, { cause: "fault" }, { suppressed: "known" }];
  [one, ...others.map((more) => ({ ...one, ...more }))].forEach((finding, at) =>
    model.take("finding", { ...finding, at: String(at), task: `task-${at}` }),
  );
  assert.deepEqual([model.totals().error, model.totals().excused], [2, 3]);
});

test("times have their day as soon as the run has gone over midnight, UTC", () => {
  const model = loaded();
  const last = Date.UTC(2026, 10, 21, 23, 59, 59) / 1000;
  assert.equal(model.time(last), "23:59:59");
  model.at(23 * 3600 - 1);
  assert.equal(model.time(last), "23:59:59");
  model.at(23 * 3600);
  assert.equal(model.time(last), "2026-11-21 23:59:59");
  assert.equal(model.foundAt({ at: "2026-11-21T01:00:07Z" }), model.zero + 7);
  assert.equal(model.foundAt({ at: "x", t: 8.5 }), model.zero + 8.5);
});
