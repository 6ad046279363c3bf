// The run as it goes on: events read from one long answer, taken up again where it broke off.

import { Refusal } from "./api.js";
import { Events } from "./sse.js";

/**
 * @typedef {{ begin: () => Promise<string | number | undefined>, take: (event: string, data: any) => void,
 *   told: (state: "live" | "reconnecting" | "ended" | "refused", says: string) => void }} Taker
 * `begin` fetches the whole anew and returns the number of the last event in it.
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const SILENCE = 5000; // the server tells the time every second
const LOOK = 1000; // how often it is asked whether anything was heard
const SLEPT = 90_000; // timers of a hidden page run once a minute

/** Follows a run until it ends. */
export class Stream {
  /** @param {import("./api.js").Server} server @param {Taker} taker */
  constructor(server, taker) {
    this.server = server;
    this.taker = taker;
    /** @type {string | null} */
    this.after = null;
    this.failed = 0;
    this.heard = Date.now();
    this.checked = Date.now();
    this.ended = false;
    this.stop = new AbortController();
    this.wake = () => {};
  }

  /** Go on until the run has ended, or the token is refused. */
  async follow() {
    const checking = setInterval(() => this.check(), LOOK);
    try {
      await this.goOn();
    } finally {
      clearInterval(checking);
    }
  }

  async goOn() {
    document.addEventListener(
      "visibilitychange",
      () => document.visibilityState === "visible" && this.check(),
    );
    addEventListener("online", () => this.wake());
    while (!this.ended) {
      try {
        await this.once();
      } catch (why) {
        if (why instanceof Refusal && why.status === 403) return this.taker.told("refused", why.message);
        await this.pause(why);
      }
    }
    this.taker.told("ended", "the run has ended");
  }

  async once() {
    this.stop = new AbortController();
    if (this.after === null) this.after = String((await this.taker.begin()) ?? "");
    const path = `v1/events?after=${encodeURIComponent(this.after)}`;
    const answer = await this.server.ask(path, { signal: this.stop.signal });
    this.heard = Date.now();
    this.failed = 0;
    this.taker.told("live", "");
    await this.read(/** @type {ReadableStream<Uint8Array>} */ (answer.body));
    if (!this.ended && this.after !== null) throw new Refusal(0, "the server closed the stream");
  }

  /** @param {ReadableStream<Uint8Array>} body */
  async read(body) {
    const events = new Events();
    const reader = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.heard = Date.now();
      for (const told of events.take(decoder.decode(value, { stream: true }))) {
        if (this.takeOne(told)) return void (await reader.cancel());
      }
    }
  }

  /** Take in an event, and tell whether the stream is done with. @param {import("./sse.js").Told} told */
  takeOne({ event, data, id }) {
    if (event === "reload") {
      this.after = null;
      return true;
    }
    if (id !== null) this.after = id;
    if (data) this.taker.take(event, JSON.parse(data));
    this.ended = this.ended || event === "end";
    return this.ended;
  }

  /** Look whether the stream is still alive, or the machine slept and everything is to be asked anew. */
  check() {
    const now = Date.now();
    const slept = now - this.checked > SLEPT;
    this.checked = now;
    if (slept) this.after = null;
    if (slept || now - this.heard > SILENCE) {
      this.heard = now;
      this.stop.abort(new Refusal(0, slept ? "this machine slept" : "Holter does not answer any more"));
      this.wake();
    }
  }

  /** Wait longer each time. @param {unknown} why */
  async pause(why) {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failed) * (0.75 + Math.random() / 2);
    this.failed = Math.min(this.failed + 1, 10);
    this.taker.told("reconnecting", why instanceof Refusal ? why.message : "the connection broke");
    await new Promise((resolve) => {
      this.wake = () => resolve(undefined);
      setTimeout(resolve, wait);
    });
  }
}
