import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "./api.js";
import { Stream } from "./stream.js";

globalThis.document = { addEventListener() {}, visibilityState: "visible" };
globalThis.addEventListener = () => {};

/** A server that gives these answers one after the other, and a taker that writes down what comes. */
function stage(...answers) {
  const log = [];
  const server = {
    async ask(path, { signal }) {
      log.push(path);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { body: answer(signal) };
    },
  };
  const taker = {
    begin: async () => (log.push("begin"), 5),
    take: (event, data) => log.push(`${event} ${JSON.stringify(data)}`),
    told: (state) => log.push(state),
  };
  const stream = new Stream(server, taker);
  stream.pause = async (why) => taker.told(`reconnecting: ${why.message}`);
  return { stream, log };
}

const says = (text) => () => new Blob([text]).stream();
const waits = (text) => (signal) =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      signal.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
const END = says("event: end\ndata: {}\n\n");

test("it begins with the whole, goes on from there, and ends with the run", async () => {
  const { stream, log } = stage(
    says('event: now\ndata: {"now":1}\nid: 6\n\nevent: end\ndata: {}\nid: 7\n\n'),
  );
  await stream.follow();
  assert.deepEqual(log, ["begin", "v1/events?after=5", "live", 'now {"now":1}', "end {}", "ended"]);
});

test("a stream that breaks is taken up after the last event that came", async () => {
  const { stream, log } = stage(
    says("event: now\ndata: {}\nid: 9\n\nevent: now\ndata: {"),
    new Refusal(0, "gone"),
    END,
  );
  await stream.follow();
  assert.deepEqual(
    log.filter((one) => /^v1|^begin|^recon/.test(one)),
    [
      "begin",
      "v1/events?after=5",
      "reconnecting: the server closed the stream",
      "v1/events?after=9",
      "reconnecting: gone",
      "v1/events?after=9",
    ],
  );
});

test("whoever is told to reload asks for the whole anew, at once", async () => {
  const { stream, log } = stage(says("event: reload\ndata: {}\n\n"), END);
  await stream.follow();
  assert.deepEqual(log, [
    "begin",
    "v1/events?after=5",
    "live",
    "begin",
    "v1/events?after=5",
    "live",
    "end {}",
    "ended",
  ]);
});

test("a token that is refused is not tried again", async () => {
  const { stream, log } = stage(new Refusal(403, "no"));
  await stream.follow();
  assert.deepEqual(log, ["begin", "v1/events?after=5", "refused"]);
});

test("a machine that slept asks for the whole anew, although the connection seems to stand", async () => {
  const { stream, log } = stage(waits("event: now\ndata: {}\nid: 9\n\n"), END);
  const following = stream.follow();
  while (!log.includes("now {}")) await new Promise((resolve) => setTimeout(resolve, 5));
  stream.checked -= 3_600_000;
  stream.check();
  await following;
  assert.deepEqual(log.slice(4), [
    "reconnecting: this machine slept",
    "begin",
    "v1/events?after=5",
    "live",
    "end {}",
    "ended",
  ]);
});

test("a server that says nothing any more is asked again from where it stopped", async () => {
  const { stream, log } = stage(waits("event: now\ndata: {}\nid: 9\n\n"), END);
  const following = stream.follow();
  while (!log.includes("now {}")) await new Promise((resolve) => setTimeout(resolve, 5));
  stream.check();
  stream.heard -= 60_000;
  stream.check();
  await following;
  assert.deepEqual(log.slice(4, 6), ["reconnecting: Holter does not answer any more", "v1/events?after=9"]);
});

test("a server that stopped five seconds ago is noticed without anybody's doing", async () => {
  const { stream, log } = stage(waits("event: now\ndata: {}\nid: 9\n\n"), END);
  const following = stream.follow();
  while (!log.includes("now {}")) await new Promise((resolve) => setTimeout(resolve, 5));
  stream.heard -= 5000;
  await following;
  assert.equal(log[4], "reconnecting: Holter does not answer any more");
});
