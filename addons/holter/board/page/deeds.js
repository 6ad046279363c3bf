// What can be done to a run that goes on: faults, pause, marks, the report.

import { fill, h, the } from "./dom.js";

/**
 * @typedef {import("./api.js").Server} Server
 * @typedef {import("./model.js").Model} Model
 */

const EXAMPLES = [
  "ReportTaskProgress:cancel:at_most=1",
  "ReportTaskProgress:InternalServiceError:p=0.1",
  "ReportTaskRunnerHeartbeat:terminate",
  "PollForTask:starve",
];

/** The controls that need a server; a report has none of them. */
export class Doing {
  /** @param {Server} server @param {Model} model @param {(text: string, wrong?: boolean) => void} tell */
  constructor(server, model, tell) {
    this.server = server;
    this.model = model;
    this.tell = tell;
    this.form = the("fault-form");
    this.note = the("mark-form");
    this.wire();
  }

  wire() {
    const input = this.form.querySelector("input");
    fill(
      the("fault-examples"),
      EXAMPLES.map((value) => h("option", { value })),
    );
    this.form.addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) this.add(input.value.trim()).then((done) => done && (input.value = ""));
    });
    the("pause").addEventListener("click", () => this.pause());
    the("mark").addEventListener("click", () => this.note.showModal());
    this.note.addEventListener("close", () => this.mark());
    the("report").addEventListener("click", () => this.report());
  }

  /** Do something, and say how it went. @param {() => Promise<any>} deed @param {string} said */
  async attempt(deed, said) {
    try {
      const found = await deed();
      this.tell(said);
      return found ?? true;
    } catch (why) {
      this.tell(/** @type {Error} */ (why).message, true);
      return null;
    }
  }

  /** Add a rule in short form. @param {any} rule */
  async add(rule) {
    const done = await this.attempt(() => this.server.post("v1/faults", rule), `armed: ${rule.name ?? rule}`);
    await this.refresh();
    return done;
  }

  /** @param {string} name @param {"arm" | "disarm" | "fire"} deed */
  async change(name, deed) {
    await this.attempt(
      () => this.server.post(`v1/faults/${encodeURIComponent(name)}/${deed}`),
      `${{ arm: "armed", disarm: "disarmed", fire: "meets the next call" }[deed]}: ${name}`,
    );
    await this.refresh();
  }

  /** Have the next beat of a task answered `canceled: true`. @param {string} task */
  async cancel(task) {
    const name = `cancel ${task}`;
    if (this.model.faults.rules.some((/** @type {any} */ rule) => rule.name === name))
      return this.change(name, "fire");
    const exact = task.replace(/[[*?]/g, "[$&]");
    return this.add({
      name,
      when: { op: "ReportTaskProgress", task: exact, at_most: 1 },
      then: { cancel: true },
    });
  }

  /** Ask for the rules as they stand: the stream tells too, but perhaps later. */
  async refresh() {
    await this.server.get("v1/faults").then(
      (rules) => this.model.take("faults", rules),
      () => {},
    );
  }

  async pause() {
    const deed = this.model.paused ? "resume" : "pause";
    const told = await this.attempt(
      () => this.server.post(`v1/${deed}`),
      deed === "pause" ? "paused: calls pass unseen" : "goes on",
    );
    if (told) this.model.take("state", told);
  }

  async mark() {
    const input = this.note.querySelector("input");
    const text = input.value.trim();
    if (this.note.returnValue === "write" && text)
      await this.attempt(() => this.server.post("v1/marks", { text }), `written: ${text}`);
    input.value = "";
    this.note.returnValue = "";
  }

  /** Fetch the page as one file, and have the browser keep it. */
  async report() {
    const answer = await this.attempt(() => this.server.ask("v1/report.html"), "the report is on its way");
    if (!answer) return;
    const url = URL.createObjectURL(await answer.blob());
    h("a", { href: url, download: `holter-${this.model.about.recording ?? "report"}.html` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  /** The buttons for a rule. @param {any} rule */
  buttons(rule) {
    const button = (/** @type {"arm" | "disarm" | "fire"} */ deed, /** @type {string} */ title) =>
      h(
        "button",
        {
          type: "button",
          title,
          "aria-label": `${deed} ${rule.name}`,
          onclick: () => this.change(rule.name, deed),
        },
        deed,
      );
    return [
      rule.state === "armed" ? button("disarm", "take it out") : button("arm", "arm it again"),
      button("fire", "let it meet the next call that it is about"),
    ];
  }

  /** Say whether the buttons can do anything. @param {boolean} able */
  able(able) {
    for (const id of ["pause", "mark", "report"]) the(id).disabled = !able;
    for (const one of this.form.elements) one.disabled = !able;
  }
}
