// Elements made by hand. What was recorded becomes text, never markup.

/** @typedef {Node | string | number | null | undefined | false | any[]} Child */

/** Make an element. Properties that begin with `on` are listeners, `class` and those with a dash attributes.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children  lists of them are taken apart
 * @returns {any} */
export function h(tag, props = {}, ...children) {
  const element = /** @type {any} */ (document.createElement(tag));
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "role" || name === "for" || name.includes("-"))
      element.setAttribute(name, String(value));
    else element[name] = value;
  }
  element.append(...kept(children));
  return element;
}

/** Give an element other children. @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function kept(children) {
  const found = children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
  return found.map((one) => (one instanceof Node ? one : String(one)));
}

/** The element of this id, which is there. @param {string} id @returns {any} */
export function the(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page lacks #${id}`);
  return found;
}

/** Have the text of an element be this, and touch it only where it is not. @param {Element} element
 * @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
