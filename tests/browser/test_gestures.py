"""Hands on the lanes: what the wheel, a drag, two fingers, the brush and the keys do to what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS
from tests.browser.running import until

from holter.report import html

PINCH = """([x, y]) => {
  const place = document.getElementById("lanes");
  place.setPointerCapture = () => {};
  const send = (type, pointerId, clientX) =>
    place.dispatchEvent(new PointerEvent(type, { pointerId, clientX, clientY: y, bubbles: true, button: 0 }));
  send("pointerdown", 1, x - 20);
  send("pointerdown", 2, x + 20);
  send("pointermove", 1, x - 120);
  send("pointermove", 2, x + 120);
  send("pointerup", 1, x - 120);
  send("pointerup", 2, x + 120);
}"""


@pytest.fixture
def page(opened: Callable[..., Any], tmp_path: Path) -> Any:
    file = tmp_path / "report.html"
    file.write_bytes(html.render(sample.value(40, 30)))
    page, _ = opened()
    page.goto(file.as_uri())
    page.wait_for_selector(ROWS)
    until(lambda: page.evaluate("() => document.getElementById('overview').ariaDescription"))
    return page


def window(page: Any) -> tuple[float, float]:
    """Return the stretch of time that the lanes show, in seconds of the day."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    said = page.locator("#overview").evaluate("(place) => place.ariaDescription")
    moments = [
        float(h) * 3600 + float(m) * 60 + float(s) for h, m, s in re.findall(r"(\d+):(\d+):(\d+\.\d+)", said)
    ]
    return moments[0], moments[1]


def length(page: Any) -> float:
    from_, to = window(page)
    return to - from_


def centre(page: Any) -> tuple[float, float]:
    box = page.locator("#lanes").bounding_box()
    return box["x"] + 700, box["y"] + 150


def test_the_wheel_scrolls_lanes_and_zooms_with_a_key_or_on_the_time_line(page: Any) -> None:
    whole = length(page)
    x, y = centre(page)
    page.mouse.move(x, y)
    page.mouse.wheel(0, 200)
    assert length(page) == whole
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    zoomed = length(page)
    assert zoomed < 0.8 * whole
    page.mouse.move(x, y - 140)
    page.mouse.wheel(0, -100)
    assert length(page) < zoomed


def test_two_fingers_zoom(page: Any) -> None:
    whole = length(page)
    page.evaluate(PINCH, [*centre(page)])
    assert length(page) < 0.4 * whole


def test_a_drag_moves_the_time_and_no_drag_is_a_click(page: Any) -> None:
    for _ in range(3):
        page.click("#zoom-in")
    before, x_y = window(page), centre(page)
    page.mouse.move(*x_y)
    page.mouse.down()
    page.mouse.move(x_y[0] - 300, x_y[1], steps=5)
    page.mouse.up()
    after = window(page)
    assert after[0] > before[0] + 10
    assert abs((after[1] - after[0]) - (before[1] - before[0])) < 0.3
    assert page.locator("#detail").is_hidden()
    page.mouse.click(40, x_y[1])
    assert page.locator("#detail").is_visible()


def test_a_stretch_is_drawn_on_the_overview(page: Any) -> None:
    whole = length(page)
    page.click("#zoom-all")
    box = page.locator("#overview").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 20, steps=5)
    page.mouse.up()
    assert 0.1 * whole < length(page) < 0.25 * whole


def test_keys_zoom_move_and_show_all(page: Any) -> None:
    whole = window(page)
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("+")
    zoomed = window(page)
    assert zoomed[1] - zoomed[0] < 0.3 * (whole[1] - whole[0])
    page.focus("#lanes")
    page.keyboard.press("Shift+ArrowRight")
    assert window(page)[0] > zoomed[0]
    page.keyboard.press("-")
    assert length(page) > zoomed[1] - zoomed[0]
    page.keyboard.press("0")
    assert window(page) == whole


def test_what_lies_under_the_pointer_is_told(page: Any) -> None:
    page.mouse.move(*centre(page))
    page.locator("#tip").wait_for()
    assert "task-" in page.locator("#tip").inner_text() or "call" in page.locator("#tip").inner_text()
    page.mouse.move(400, 700)
    assert page.locator("#tip").is_hidden()
