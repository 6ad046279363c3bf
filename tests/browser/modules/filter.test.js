import assert from "node:assert/strict";
import { test } from "node:test";
import * as filter from "./filter.js";

const only = (text) => filter.terms(text)[0];

test("a filter is words, keys with values, quotes and nots", () => {
  assert.deepEqual(filter.terms('op:Poll -task:"a b" late'), [
    { key: "op", not: false, wanted: "Poll" },
    { key: "task", not: true, wanted: "a b" },
    { key: null, not: false, wanted: "late" },
  ]);
  assert.deepEqual(filter.terms("   "), []);
});

const CASES = [
  ["late", "was Late again", true],
  ["late", "in time", false],
  ["-late", "in time", true],
  ["task:task-1", "task-12", true],
  ["task:task-1*", "task-12", true],
  ["task:*-1", "task-12", false],
  ["answer:5xx", "500 InternalServiceError", true],
  ["answer:5xx", "200", false],
  ["answer:5xx", "broken by 5 clients", false],
  ["ms:>100", "100.5", true],
  ["ms:>100", "99", false],
  ["ms:<=3", "3", true],
  ["ms:>0", "", false],
  ["ms:=4", "4", true],
  ["x:a.b", "aXb", false],
  ["x:(", "f(x)", true],
  ["x:[*", "[a", true],
];

for (const [text, found, holds] of CASES) {
  test(`${text} ${holds ? "takes" : "leaves"} ${found || "nothing"}`, () =>
    assert.equal(filter.test(only(text))(found), holds));
}

test("a key that is not there is named, with those that are", () => {
  assert.equal(
    filter.wrong(filter.terms("tsk:a"), ["task", "op"]),
    "there is no tsk: here; there are task: op:",
  );
  assert.equal(filter.wrong(filter.terms("task:a b"), ["task", "op"]), "");
});

test("a name with blanks or stars is quoted, and finds itself", () => {
  for (const name of ["task-1", "a b", "x*y"])
    assert.ok(filter.test(only(`task:${filter.term(name)}`))(name));
});
