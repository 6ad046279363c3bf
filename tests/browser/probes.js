// What the tests ask of a page from within it.

globalThis.probes = {
  /** The rows of the table in sight, by their columns. */
  rows() {
    const heads = [...document.querySelectorAll("#table th button")].map((one) => one.dataset.sort);
    const cells = (row) => [...row.cells].map((cell, place) => [heads[place], cell.textContent]);
    return [...document.querySelectorAll("#table tbody tr[role=row]")].map((row) =>
      Object.fromEntries(cells(row)),
    );
  },

  /** The facts of what is opened. */
  facts() {
    const names = [...document.querySelectorAll("#detail > dl > dt")];
    return Object.fromEntries(names.map((name) => [name.textContent, name.nextElementSibling.textContent]));
  },

  /** How many pixels of the lanes are of each strong colour of the theme. */
  colours() {
    const lanes = document.getElementById("lane-canvas");
    const { width, height } = lanes;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(lanes, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const found = {};
    for (const name of ["red", "orange", "blue", "purple", "green"]) {
      const [r, g, b] = channels(name);
      found[name] = 0;
      for (let at = 0; at < data.length; at += 4) {
        const away = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
        found[name] += away < 12 && data[at + 3] > 250 ? 1 : 0;
      }
    }
    return found;
  },

  /** The columns of the lanes, in CSS pixels, that have a strong colour, and the last height where it is. */
  columns(name) {
    const lanes = document.getElementById("lane-canvas");
    const { width, height } = lanes;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(lanes, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const [r, g, b] = channels(name);
    const found = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const away = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
      const pixel = at / 4;
      if (away < 12) found.set(pixel % width, Math.floor(pixel / width));
    }
    const dense = width / lanes.clientWidth;
    return [...found].map(([x, y]) => [x / dense, y / dense]).sort(([one], [other]) => one - other);
  },

  /** Note what is written on the lanes from now on: the words, and where they begin and end. */
  watchWords() {
    globalThis.words = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      const wide = this.measureText(text).width;
      const from = this.textAlign === "center" ? x - wide / 2 : x;
      if (this.canvas.id === "lane-canvas") words.push({ text, from, to: from + wide });
      write.call(this, text, x, y);
    };
  },

  /** What can be used and has no name. */
  unnamed() {
    const used =
      "button, input, [role=tab], [role=grid], [role=application], [role=separator], aside, canvas, dialog";
    const named = (one) => one.ariaLabel || one.labels?.length || one.textContent.trim();
    return [...document.querySelectorAll(used)]
      .filter((one) => one.checkVisibility() && one.ariaHidden !== "true")
      .filter((one) => !one.getAttribute("aria-labelledby") && !named(one))
      .map((one) => one.outerHTML);
  },

  /** Ids that stand twice, or that something refers to and that are not there. */
  wrongIds() {
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    const referring = ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"];
    const referred = referring.flatMap((name) =>
      [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)),
    );
    return [
      ...ids.filter((id, place) => ids.indexOf(id) !== place),
      ...referred.filter((id) => !ids.includes(id)),
    ];
  },

  /** How far each colour of text stands out from each ground, as WCAG 2.2 reckons it (1.4.3). */
  contrast() {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const light = (name) => {
      const [r, g, b] = channels(name).map((channel) => linear(channel / 255));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (one, other) => {
      const [most, least] = [light(one), light(other)].sort((a, b) => b - a);
      return (most + 0.05) / (least + 0.05);
    };
    const texts = ["ink", "muted", "accent", "warn-text", "alarm-text", "good-text"];
    const grounds = ["paper", "raised", "soft"];
    const pairs = texts.flatMap((text) => grounds.map((ground) => [text, ground]));
    return Object.fromEntries(pairs.map(([text, ground]) => [`${text} on ${ground}`, ratio(text, ground)]));
  },

  /** Whether what has the focus shows it. */
  focusSeen() {
    const style = getComputedStyle(document.activeElement);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    const grid = document.activeElement.getAttribute("role") === "grid";
    return ring || (grid && document.querySelectorAll("#table tr.focused").length === 1);
  },

  focused() {
    const one = document.activeElement;
    return one.id || one.textContent.trim() || one.tagName;
  },

  /** Note from now on how long tasks take that take long. */
  watchTasks() {
    globalThis.tasks = [];
    const note = (list) => tasks.push(...list.getEntries().map((one) => Math.round(one.duration)));
    new PerformanceObserver(note).observe({ type: "longtask" });
  },
};

function channels(name) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
  return colour.match(/[0-9a-f]{2}/g).map((hex) => parseInt(hex, 16));
}
