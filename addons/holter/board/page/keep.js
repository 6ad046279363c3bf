// How the page is looked at, kept over a reload: nothing of what was recorded, and never the token.

/**
 * @typedef {import("./app.js").App} App
 * @typedef {{ getItem: (name: string) => string | null, setItem: (name: string, text: string) => void }} Store
 */

/** What one tab of the browser keeps of one run or report; nothing where the browser forbids it. */
export class Keep {
  /** @param {string} name tells it from all others @param {() => Store} [open] may throw */
  constructor(name, open = () => sessionStorage) {
    this.name = `holter ${name}`;
    this.open = open;
  }

  /** @returns {Record<string, any>} */
  read() {
    try {
      return Object(JSON.parse(this.open().getItem(this.name) ?? "{}"));
    } catch {
      return {}; // forbidden, or nothing of ours
    }
  }

  /** @param {Record<string, any>} said */
  write(said) {
    try {
      this.open().setItem(this.name, JSON.stringify(said));
    } catch {
      // forbidden or full: then a reload begins anew
    }
  }
}

/** How the page is looked at. @param {App} app @returns {Record<string, any>} */
export function looks(app) {
  const { from, to, follow } = app.stage.view;
  const sorted = Object.entries(app.lists).map(([tab, list]) => [tab, list.sorted]);
  return {
    tab: app.tab,
    filters: app.typed,
    sorted: Object.fromEntries(sorted),
    view: { from, to, follow },
    worst: app.stage.worst,
  };
}

/** Look at the page in this way, as far as that makes sense; it must show something already.
 * @param {App} app @param {Record<string, any>} said */
export function lookAgain(app, { tab, filters, sorted, view, worst }) {
  for (const [name, list] of Object.entries(app.lists)) {
    const { key, down } = Object(sorted?.[name]);
    const known = key === "" || list.source.columns.some((/** @type {any} */ column) => column.key === key);
    if (known) list.sorted = { key, down: down === true };
  }
  const tabs = [...Object.keys(app.lists), "faults"];
  for (const name of tabs) {
    const text = filters?.[name];
    if (text && typeof text === "string") app.choose(name, text);
  }
  app.choose(tabs.includes(tab) ? tab : "leases");
  app.stage.worstFirst(worst === true);
  if (!(view?.to > view?.from)) return;
  app.stage.view.show(view.from, view.to);
  app.stage.follow(view.follow === true);
}
