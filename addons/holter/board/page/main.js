// The beginning: a report brings its data with it, a run that goes on is asked.

import { Server } from "./api.js";
import { App } from "./app.js";
import { Doing } from "./deeds.js";
import { say, the } from "./dom.js";
import { Keep, lookAgain, looks } from "./keep.js";
import { handleSplit, obey } from "./keys.js";
import { explain } from "./legend.js";
import { Model } from "./model.js";
import { printable } from "./paper.js";
import { Stream } from "./stream.js";

const model = new Model(() => performance.now() / 1000);
const embedded = document.getElementById("holter-page");
const server = embedded ? null : new Server(location.hash.slice(1));
const doing = server ? new Doing(server, model, tell) : null;
const app = new App(model, server ? (seq) => server.get(`v1/calls/${seq}`) : fromReport, doing);

explain();
handleKeys();
/** @type {number | undefined} */
let split;
const moveSplit = handleSplit(the("split"), (share) => {
  split = share;
  the("strip").style.height = `${share * 100}%`;
});
printable(
  model,
  () => app.stage.lanes.rows,
  app.stage.view,
  () => [
    [app.lists.findings, [...model.findings.values()]],
    [app.lists.leases, [...model.leases.values()]],
    [app.lists.runners, [...model.callers.values()]],
  ],
);
if (embedded) showReport(embedded.textContent ?? "");
else if (server) showRun(server);
setInterval(() => app.tick(), 1000);

/** The report's own bodies of a call, where it has them. @param {number} seq @returns {Promise<any>} */
async function fromReport(seq) {
  return model.about.bodies?.[seq] ?? null;
}

/** @param {string} text */
function showReport(text) {
  document.body.classList.add("frozen");
  model.load(JSON.parse(text));
  app.head.connection = "frozen";
  app.look();
  app.stage.begin();
  goOn();
}

/** Go on as it was looked at before the page was loaded anew, and keep that for the next time. */
function goOn() {
  const { recording, zero } = model.about;
  const keep = new Keep(`${location.pathname} ${recording ?? zero}`);
  const said = keep.read();
  lookAgain(app, said);
  if (said.split > 0) moveSplit(said.split);
  addEventListener("pagehide", () => keep.write({ ...looks(app), split }));
}

/** @param {Server} asked */
function showRun(asked) {
  if (!/^[\w-]+$/.test(asked.token)) {
    return refuse("the address lacks the token; open the link that Holter printed");
  }
  let begun = false;
  const stream = new Stream(asked, {
    async begin() {
      model.load(await asked.get("v1/page"));
      app.look();
      if (!begun) {
        app.stage.begin();
        goOn();
      }
      begun = true;
      return model.about.after;
    },
    take(event, data) {
      model.take(event, data);
      if (event !== "now") app.changed();
    },
    told(state, says) {
      if (state === "refused") return refuse(says);
      app.head.connection = state;
      app.head.why = says;
      doing?.able(state === "live" && !model.ended);
      if (state === "ended") model.take("end", {});
      app.changed();
    },
  });
  stream.follow();
  addEventListener("hashchange", () => location.reload());
}

/** @param {string} says */
function refuse(says) {
  model.load({});
  app.head.connection = "refused";
  app.head.why = says;
  doing?.able(false);
  app.look();
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** Say something for a while. @param {string} text @param {boolean} [wrong] */
function tell(text, wrong = false) {
  const toast = the("toast");
  toast.hidden = false;
  toast.classList.toggle("wrong", wrong);
  say(toast, text);
  clearTimeout(fading);
  fading = setTimeout(unsay, wrong ? 12_000 : 4000);
}

function unsay() {
  the("toast").hidden = true;
}

function handleKeys() {
  const press = (/** @type {string} */ id) => () => the(id).hidden || the(id).click();
  const help = () => the("help").showModal();
  const tabs = ["leases", "runners", "calls", "findings", "faults"];
  obey({
    ...Object.fromEntries(tabs.map((tab, place) => [String(place + 1), () => app.choose(tab)])),
    "/": () => the("filter").focus(),
    "?": help,
    "+": press("zoom-in"),
    "=": press("zoom-in"),
    "-": press("zoom-out"),
    0: press("zoom-all"),
    f: press("follow"),
    w: press("worst"),
    Escape: close,
  });
  the("toast").addEventListener("click", unsay);
  the("help-button").addEventListener("click", help);
  the("skip").addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault(); // the address keeps the token
    the("tables").focus();
  });
}

/** Close what is open: what is said first, then the filter, then the detail. */
function close() {
  const filter = the("filter");
  if (!the("toast").hidden) unsay();
  else if (document.activeElement === filter) {
    if (filter.value) app.choose(app.tab, "");
    else filter.blur();
  } else if (app.picked) {
    app.pick(null);
    if (!document.activeElement || document.activeElement === document.body) app.table.grid.focus();
  }
}
