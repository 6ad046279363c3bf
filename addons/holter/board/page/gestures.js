// Hands on the lanes: drag, wheel, pinch, click; and the brush on the overview.

/**
 * @typedef {import("./view.js").View} View
 * @typedef {import("./lanes.js").Lanes} Lanes
 * @typedef {(x: number, y: number) => void} At
 * @typedef {{ changed: () => void, click: At, hover: At, leave: () => void }} Told
 */

const CLICK = 4; // pixels that a click may stray

/** Pan, zoom and click on the lanes. @param {HTMLElement} place @param {Lanes} lanes @param {View} view
 * @param {Told} told */
export function handleLanes(place, lanes, view, told) {
  /** @type {Map<number, { x: number, y: number }>} */
  const down = new Map();
  let strayed = 0;

  place.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, at(place, event));
    told.leave();
    if (down.size === 1) strayed = 0;
    place.setPointerCapture(event.pointerId);
  });
  place.addEventListener("pointermove", (event) => {
    const [before, now] = [down.get(event.pointerId), at(place, event)];
    if (!before) return told.hover(now.x, now.y);
    strayed += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (down.size === 2) pinch(event.pointerId, now);
    else if (strayed > CLICK) drag(before, now);
    down.set(event.pointerId, now);
  });
  const up = (/** @type {PointerEvent} */ event) => {
    const last = down.get(event.pointerId);
    down.delete(event.pointerId);
    if (last && event.type === "pointerup" && strayed <= CLICK && !down.size) told.click(last.x, last.y);
  };
  place.addEventListener("pointerup", up);
  place.addEventListener("pointercancel", up);
  place.addEventListener("pointerleave", () => told.leave());
  place.addEventListener("dblclick", (event) => zoom(0.5, at(place, event).x));
  place.addEventListener("wheel", (event) => wheel(event), { passive: false });

  /** @param {{x: number, y: number}} before @param {{x: number, y: number}} now */
  function drag(before, now) {
    view.top -= now.y - before.y;
    if (now.x !== before.x) view.pan((before.x - now.x) / lanes.scale.perSecond);
    told.changed();
  }

  /** @param {number} id @param {{x: number, y: number}} now */
  function pinch(id, now) {
    const [other] = [...down].filter(([key]) => key !== id).map(([, point]) => point);
    const before = down.get(id) ?? now;
    const apart = Math.max(20, Math.abs(before.x - other.x));
    zoom(apart / Math.max(20, Math.abs(now.x - other.x)), (now.x + other.x) / 2);
  }

  /** @param {number} factor @param {number} x */
  function zoom(factor, x) {
    if (view.follow) view.zoom(factor);
    else view.zoom(factor, lanes.scale.place(x));
    told.changed();
  }

  /** @param {WheelEvent} event */
  function wheel(event) {
    const point = at(place, event);
    const far = event.deltaMode === 1 ? 20 : 1;
    const [dx, dy] =
      event.shiftKey && !event.deltaX ? [event.deltaY * far, 0] : [event.deltaX * far, event.deltaY * far];
    const zooms = event.ctrlKey || event.metaKey || event.altKey || point.y < lanes.head;
    if (!zooms && !dx && !lanes.lowest) return;
    event.preventDefault();
    if (zooms)
      return zoom(Math.exp(Math.max(-60, Math.min(60, dy)) * (event.ctrlKey ? 0.01 : 0.004)), point.x);
    view.top += dy;
    if (dx) view.pan(dx / lanes.scale.perSecond);
    told.changed();
  }
}

/** Choose a stretch on the overview: drag it, or drag its edges, or draw a new one.
 * @param {HTMLElement} place @param {() => import("./scale.js").Scale} scaleOf @param {View} view
 * @param {() => void} changed */
export function handleBrush(place, scaleOf, view, changed) {
  /** @type {null | ((t: number) => void)} */
  let moving = null;

  place.addEventListener("pointerdown", (event) => {
    place.setPointerCapture(event.pointerId);
    moving = grip(scaleOf(), at(place, event).x);
  });
  place.addEventListener("pointermove", (event) => {
    const scale = scaleOf();
    const { x } = at(place, event);
    place.style.cursor =
      Math.min(Math.abs(x - scale.over(view.from)), Math.abs(x - scale.over(view.to))) < 7
        ? "ew-resize"
        : "grab";
    if (!moving) return;
    view.follow = false;
    moving(scale.place(x));
    changed();
  });
  for (const end of ["pointerup", "pointercancel"]) place.addEventListener(end, () => (moving = null));
  place.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.zoom(
        Math.exp(event.deltaY * 0.004),
        view.follow ? undefined : scaleOf().place(at(place, event).x),
      );
      changed();
    },
    { passive: false },
  );

  /** What a press takes hold of. @param {import("./scale.js").Scale} scale @param {number} x
   * @returns {(now: number) => void} */
  function grip(scale, x) {
    const [from, to, start] = [view.from, view.to, scale.place(x)];
    if (Math.abs(x - scale.over(from)) < 7) return (now) => view.show(Math.min(now, to - view.shortest), to);
    if (Math.abs(x - scale.over(to)) < 7)
      return (now) => view.show(from, Math.max(now, from + view.shortest));
    const inside = start > from && start < to && to - from < 0.9 * view.extent;
    if (inside) return (now) => view.show(from + now - start, to + now - start);
    return (now) =>
      Math.abs(scale.over(now) - x) > 6 && view.show(Math.min(start, now), Math.max(start, now));
  }
}

/** @param {HTMLElement} place @param {MouseEvent} event */
function at(place, event) {
  const box = place.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}
