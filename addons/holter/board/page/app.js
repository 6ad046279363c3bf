// The page as a whole: what was picked is picked everywhere, and what changed is drawn once a frame.

import { CallList } from "./calllist.js";
import { Detail } from "./detail.js";
import { say, the } from "./dom.js";
import { term } from "./filter.js";
import { Head } from "./head.js";
import { handleTabs } from "./keys.js";
import { findingList, leaseList, runnerList } from "./lists.js";
import { showRules } from "./rulelist.js";
import { Stage } from "./stage.js";
import { Table } from "./table.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./links.js").Picked} Picked
 */

const TAB_OF = { call: "calls", lease: "leases", finding: "findings", runner: "runners" };
const KIND_OF = { calls: "call", leases: "lease", findings: "finding", runners: "runner" };
const APART = 250; // milliseconds between two looks at what is new

/** Head, lanes, tables and detail of one model. */
export class App {
  /** @param {Model} model @param {(seq: number) => Promise<any>} fetchCall
   * @param {import("./deeds.js").Doing | null} doing */
  constructor(model, fetchCall, doing) {
    this.model = model;
    this.doing = doing;
    this.tab = "leases";
    this.lists = {
      leases: leaseList(model),
      runners: runnerList(model),
      calls: new CallList(model),
      findings: findingList(model),
    };
    this.faultFilter = "";
    /** @type {Record<string, string>} the filters less those that a link made of what was recorded */
    this.typed = {};
    this.head = new Head(model, (tab, filter) => this.choose(tab, filter));
    this.stage = new Stage(model, {
      pick: (picked) => this.pick(picked),
      leases: () => this.lists.leases.rows,
    });
    this.table = new Table(the("table"), { open: (row) => this.opened(row), sort: (key) => this.sort(key) });
    this.detail = new Detail(model, {
      pick: (picked, jump) => this.pick(picked, jump),
      close: () => this.pick(null),
      callsOf: (key, name) => this.choose("calls", `${key}:${term(name)}`, false),
      fetchCall,
      cancel: doing ? (task) => doing.cancel(task) : null,
    });
    this.known = new Set();
    this.looked = 0;
    handleTabs(the("tabs"), (tab) => this.choose(tab));
    the("filter").addEventListener("input", () => this.filtered());
    this.choose("leases");
  }

  /** Take note of what is new, soon, and not too often. */
  changed() {
    if (this.waiting) return;
    const wait = Math.max(0, this.looked + APART - performance.now());
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      this.look();
    }, wait);
  }

  look() {
    this.looked = performance.now();
    const news = this.model.news();
    if (news.has("leases")) this.lists.leases.take([...this.model.leases.values()]);
    if (news.has("leases")) this.stage.rowsChanged();
    this.count();
    this.head.draw();
    if (news.has(this.tab === "runners" ? "callers" : this.tab)) this.showTab();
    if (news.has("findings")) this.announce();
    this.detail.refresh(news);
    this.stage.changed();
  }

  /** What goes on even where nothing is new: clocks, and what is left of the leases. */
  tick() {
    this.head.tick();
    if (this.tab === "leases" && this.model.live && !this.model.ended && !this.waiting) this.showTab();
    if (this.model.live) this.detail.refresh(new Set(["leases"]));
  }

  count() {
    const { leases, callers, calls, findings, faults } = this.model;
    const counts = {
      leases: leases.size,
      runners: callers.size,
      calls: calls.length,
      findings: findings.size,
      faults: faults.rules.length ?? 0,
    };
    for (const [tab, count] of Object.entries(counts))
      say(the(`tab-${tab}`).querySelector("b"), count ? String(count) : "");
  }

  /** Say what was found since it was last said. */
  announce() {
    const key = (/** @type {any} */ one) => `${one.id} ${one.rule}`; // a gap that grows breaks worse rules
    const fresh = [...this.model.findings.values()].filter((one) => !this.known.has(key(one)));
    fresh.forEach((one) => this.known.add(key(one)));
    if (this.greeted && fresh.length)
      say(
        the("news"),
        fresh
          .slice(-3)
          .map((one) => `${one.severity}: ${one.message}`)
          .join(". "),
      );
    this.greeted = true;
  }

  /** Show a tab. @param {string} tab @param {string} [filter] @param {boolean} [typed] */
  choose(tab, filter, typed = true) {
    this.tab = tab;
    for (const button of the("tabs").querySelectorAll("[role=tab]")) {
      const chosen = button.dataset.tab === tab;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
    the("table").hidden = tab === "faults";
    the("faults").hidden = tab !== "faults";
    the("table").setAttribute("aria-labelledby", `tab-${tab}`);
    if (filter !== undefined) this.setFilter(filter, typed);
    the("filter").value = this.filter;
    this.showTab();
  }

  /** @returns {any} the list behind the tab; none for faults */
  get list() {
    return this.lists[/** @type {"leases"} */ (this.tab)];
  }

  get filter() {
    return this.list ? this.list.filter : this.faultFilter;
  }

  /** @param {string} text @param {boolean} [typed] */
  setFilter(text, typed = true) {
    this.typed[this.tab] = typed ? text : "";
    if (this.list) this.list.filter = text;
    else this.faultFilter = text;
  }

  filtered() {
    this.setFilter(the("filter").value);
    this.showTab();
  }

  showTab() {
    const { list, doing } = this;
    const able = doing && !this.model.ended;
    const trouble = list
      ? this.listed(list)
      : showRules(this.model.faults.rules, this.faultFilter, able ? (rule) => doing.buttons(rule) : null);
    say(the("filter-trouble"), trouble);
    the("filter").setAttribute("aria-invalid", String(Boolean(trouble)));
  }

  /** @param {any} list */
  listed(list) {
    const { leases, callers, findings } = this.model;
    /** @type {Record<string, Map<any, any>>} */
    const all = { leases, runners: callers, findings };
    list.take([...(all[list.name]?.values() ?? [])]);
    this.table.sorted = list.sorted;
    this.table.picked = this.picked && TAB_OF[this.picked.kind] === this.tab ? String(this.picked.id) : null;
    this.table.show(list.source);
    if (list.name === "leases") this.stage.rowsChanged();
    return list.trouble;
  }

  /** @param {string} key */
  sort(key) {
    this.list.sort(key);
    this.showTab();
  }

  /** @param {number} row */
  opened(row) {
    if (row < 0 || row >= this.list.rows.length) return;
    const id = this.list.source.id(row);
    this.pick(
      { kind: /** @type {any} */ (KIND_OF)[this.tab], id: this.tab === "runners" ? id : Number(id) },
      true,
    );
  }

  /** Pick a thing everywhere; `jump` has the lanes go there. @param {Picked | null} picked
   * @param {boolean} [jump] */
  pick(picked, jump = false) {
    this.picked = picked;
    this.detail.show(picked);
    this.stage.show(picked, jump);
    this.table.picked = picked && TAB_OF[picked.kind] === this.tab ? String(picked.id) : null;
    const row = this.table.picked === null ? -1 : this.list.row(this.table.picked);
    if (row >= 0) this.table.move(row);
    else this.table.draw();
  }
}
