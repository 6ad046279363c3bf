import assert from "node:assert/strict";
import { test } from "node:test";
import { Column, lowerBound, Names, order } from "./columns.js";

const drawn = (seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;

test("a column grows, and takes in what comes late where it belongs", () => {
  const column = new Column([1, 2]);
  for (let value = 3; value < 100; value += 1) column.add(value);
  column.add(2.5, lowerBound(column, 2.5));
  assert.deepEqual([...column.values.subarray(0, 4)], [1, 2, 2.5, 3]);
  assert.equal(column.length, 100);
  assert.equal(column.last, 99);
});

test("an empty column has no last number, and everything belongs at its beginning", () => {
  assert.ok(Number.isNaN(new Column().last));
  assert.equal(lowerBound(new Column(), 5), 0);
});

test("the lower bound is the first place that is not below", () => {
  const column = new Column([1, 3, 3, 7]);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 7, 8].map((wanted) => lowerBound(column, wanted)),
    [0, 0, 1, 1, 3, 3, 4],
  );
});

test("names are kept once, and nobody's name is the empty one", () => {
  const names = new Names(["", "a"]);
  assert.deepEqual(
    [names.number("a"), names.number("b"), names.number("b"), names.number(null)],
    [1, 2, 2, 0],
  );
});

for (const down of [false, true]) {
  test(`any keys are put in order, equal ones as they came, ${down ? "down" : "up"}`, () => {
    const random = drawn(7);
    for (let round = 0; round < 200; round += 1) {
      const keys = Float64Array.from({ length: Math.floor(random() * 40) }, () =>
        random() < 0.1 ? NaN : Math.floor(random() * 9) - 4,
      );
      const missing = (key) => (Number.isNaN(key) ? Infinity : down ? -key : key);
      const expected = [...keys.keys()].sort((one, other) =>
        missing(keys[one]) < missing(keys[other])
          ? -1
          : missing(keys[one]) > missing(keys[other])
            ? 1
            : one - other,
      );
      assert.deepEqual([...order(keys, down)], expected, `${[...keys]}`);
    }
  });
}

test("keys that are in order already stay, or turn round with equal ones as they came", () => {
  assert.deepEqual([...order(Float64Array.of(1, 2, 2, 3))], [0, 1, 2, 3]);
  assert.deepEqual([...order(Float64Array.of(1, 2, 2, 3), true)], [3, 1, 2, 0]);
});
