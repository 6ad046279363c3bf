// The keyboard, wherever the focus is.

/** @typedef {Record<string, () => void>} Keys */

/** Obey single keys, but never while somebody types or a dialog is open.
 * @param {Keys} keys by `KeyboardEvent.key` */
export function obey(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches("input, textarea, select");
    if (document.querySelector("dialog[open]") || (typing && event.key !== "Escape")) return;
    const deed = keys[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

/** Tabs as the keyboard expects them: one stop, arrows choose. @param {HTMLElement} list
 * @param {(tab: string) => void} choose */
export function handleTabs(list, choose) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  list.addEventListener("click", (event) => {
    const tab = /** @type {HTMLElement} */ (event.target).closest("[role=tab]");
    if (tab instanceof HTMLElement) choose(tab.dataset.tab ?? "");
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const seen = tabs.filter((tab) => !tab.hidden);
    const next =
      seen[
        (seen.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step + seen.length) % seen.length
      ];
    event.preventDefault();
    event.stopPropagation();
    choose(next.dataset.tab ?? "");
    next.focus();
  });
}

/** A bar between two parts that can be moved, with the hand or the arrows; what is returned moves it too.
 * @param {HTMLElement} bar @param {(share: number) => void} set takes the upper part's share, 0 to 1
 * @returns {(share: number) => void} */
export function handleSplit(bar, set) {
  const place = /** @type {HTMLElement} */ (bar.parentElement);
  const put = (/** @type {number} */ share) => {
    const kept = Math.max(0.15, Math.min(0.85, share));
    bar.setAttribute("aria-valuenow", String(Math.round(kept * 100)));
    set(kept);
  };
  bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
  bar.addEventListener("pointermove", (event) => {
    const box = place.getBoundingClientRect();
    if (bar.hasPointerCapture(event.pointerId)) put((event.clientY - box.top) / box.height);
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -0.05, ArrowDown: 0.05 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    put(Number(bar.getAttribute("aria-valuenow")) / 100 + step);
  });
  return put;
}
