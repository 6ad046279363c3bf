import assert from "node:assert/strict";
import { test } from "node:test";
import { Keep, lookAgain, looks } from "./keep.js";

const store = () => {
  const kept = new Map();
  return { kept, getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text) };
};
const forbidden = () => {
  throw new Error("SecurityError");
};

/** A page without a browser, and what was done to it. */
const page = () => {
  const list = (...keys) => ({
    sorted: { key: "", down: false },
    source: { columns: keys.map((key) => ({ key })) },
  });
  return {
    tab: "leases",
    typed: {},
    lists: { leases: list("task"), calls: list("seq", "ms") },
    done: [],
    choose(tab, filter) {
      this.tab = tab;
      if (filter !== undefined) this.typed[tab] = filter;
      this.done.push([tab, filter]);
    },
    stage: {
      worst: false,
      view: {
        from: 0,
        to: 60,
        follow: false,
        show(from, to) {
          Object.assign(this, { from, to });
        },
      },
      worstFirst(on) {
        this.worst = on;
      },
      follow(on) {
        this.view.follow = on;
      },
    },
  };
};

test("what is kept comes back, and of another run nothing", () => {
  const shared = store();
  new Keep("a.html 1", () => shared).write({ tab: "calls" });
  assert.deepEqual(new Keep("a.html 1", () => shared).read(), { tab: "calls" });
  assert.deepEqual(new Keep("a.html 2", () => shared).read(), {});
  assert.deepEqual(new Keep("b.html 1", () => shared).read(), {});
});

test("without storage, or with what is not ours in it, nothing was kept and nothing breaks", () => {
  const keep = new Keep("x", forbidden);
  keep.write({ tab: "calls" });
  assert.deepEqual(keep.read(), {});
  for (const text of ["{", "null", "7", '"x"', "[]"]) {
    const odd = store();
    odd.kept.set("holter x", text);
    const app = page();
    lookAgain(app, new Keep("x", () => odd).read());
    assert.deepEqual([app.tab, app.typed, app.stage.view.to], ["leases", {}, 60]);
  }
});

test("a page that is loaded again is looked at as before", () => {
  const before = page();
  before.tab = "calls";
  before.typed = { leases: "late", calls: "op:Poll*", faults: "cancel" };
  before.lists.calls.sorted = { key: "ms", down: true };
  before.stage.worst = true;
  before.stage.view.show(12.5, 20);
  before.stage.view.follow = true;
  const again = page();
  lookAgain(again, JSON.parse(JSON.stringify(looks(before))));
  assert.deepEqual(looks(again), looks(before));
});

test("what makes no sense any more is left out", () => {
  const app = page();
  const odd = { tab: "secrets", filters: { calls: 7, leases: "" }, view: { from: 9, to: 3, follow: true } };
  lookAgain(app, { ...odd, sorted: { calls: { key: "gone", down: true }, leases: 3 }, worst: "yes" });
  assert.deepEqual(looks(app), looks(page()));
});
