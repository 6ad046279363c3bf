import assert from "node:assert/strict";
import { test } from "node:test";
import { Events } from "./sse.js";

const STREAM =
  ': hello\n\nevent: call\ndata: {"seq":1}\n\nevent: now\ndata: {"now":2}\nid: 7\n\ndata: a\ndata: b\n\n';
const TOLD = [
  { event: "call", data: '{"seq":1}', id: null },
  { event: "now", data: '{"now":2}', id: "7" },
  { event: "message", data: "a\nb", id: null },
];

test("events are the same, wherever the pieces end", () => {
  for (let first = 0; first <= STREAM.length; first += 1) {
    for (let second = first; second <= STREAM.length; second += 7) {
      const events = new Events();
      const pieces = [STREAM.slice(0, first), STREAM.slice(first, second), STREAM.slice(second)];
      assert.deepEqual(
        pieces.flatMap((piece) => events.take(piece)),
        TOLD,
      );
    }
  }
});

test("lines may end as on any machine", () => {
  assert.deepEqual(new Events().take("event: a\r\ndata: 1\r\n\r\n"), [{ event: "a", data: "1", id: null }]);
});

test("a comment is no event, and an event that is not whole waits", () => {
  const events = new Events();
  assert.deepEqual(events.take(": still there\n\n"), []);
  assert.deepEqual(events.take("data: x\n"), []);
  assert.deepEqual(events.take("\n"), [{ event: "message", data: "x", id: null }]);
});
