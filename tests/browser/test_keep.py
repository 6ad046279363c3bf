"""A page that is loaded again is looked at as before, and keeps nothing that was recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS, choose, table
from tests.browser.running import Run, until

from holter.report import html

Open = Callable[..., Any]
KEPT = "() => JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage })"
FORBIDDEN = """Object.defineProperty(window, "sessionStorage", {
  get() { throw new DOMException("forbidden", "SecurityError"); },
});"""


def written(folder: Path, recording: str) -> str:
    file = folder / f"{recording}.html"
    file.write_bytes(html.render({**sample.value(40, 30), "recording": recording}))
    return file.as_uri()


def shown(page: Any, link: str) -> Any:
    page.goto(link)
    page.wait_for_selector(ROWS)
    until(lambda: stretch(page))
    return page


def again(page: Any) -> None:
    page.reload()
    page.wait_for_selector(ROWS)
    until(lambda: stretch(page))


def stretch(page: Any) -> str:
    """Return what is said of the stretch of time that the lanes show, once they are drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    said: str = page.locator("#overview").evaluate("(place) => place.ariaDescription ?? ''")
    return said


def handled(page: Any) -> None:
    """Choose, filter, sort, zoom and move what there is."""
    page.fill("#filter", "task:task-1*")
    choose(page, "Calls")
    page.fill("#filter", "op:Report*")
    page.locator("[data-sort=ms]").click()
    page.locator("#zoom-in").click()
    page.locator("#worst").click()
    page.locator("#split").focus()
    page.keyboard.press("ArrowUp")


def look(page: Any) -> list[object]:
    """Return how the page is looked at."""
    chosen = page.locator("[role=tab][aria-selected=true]").get_attribute("data-tab")
    heights = page.locator("#split").get_attribute("aria-valuenow"), page.locator("#strip").bounding_box()
    worst = page.locator("#worst").get_attribute("aria-pressed")
    return [chosen, page.locator("#filter").input_value(), table(page)[:5], stretch(page), worst, heights]


def test_a_report_is_looked_at_as_before_and_another_one_anew(opened: Open, tmp_path: Path) -> None:
    one, other = written(tmp_path, "one"), written(tmp_path, "other")
    page, _ = opened()
    fresh = look(shown(page, one))
    handled(page)
    before = look(page)
    assert before[:2] == ["calls", "op:Report*"]
    assert all(now != then for now, then in zip(before, fresh, strict=True))
    again(page)
    assert look(page) == before
    choose(page, "Leases")
    assert page.locator("#filter").input_value() == "task:task-1*"

    assert look(shown(page, other)) == fresh
    assert look(shown(page, one))[3:] == before[3:]


def test_what_a_link_made_of_recorded_names_is_not_kept(opened: Open, tmp_path: Path) -> None:
    page, _ = opened()
    shown(page, written(tmp_path, "one"))
    page.locator(ROWS).first.click()
    page.get_by_role("button", name="Its calls").click()
    assert page.locator("#filter").input_value() == "task:task-1"
    again(page)

    assert page.locator("#filter").input_value() == ""
    kept = page.evaluate(KEPT)
    assert '"tab\\":\\"calls' in kept
    assert [word for word in ("task-1", "runner-", "df-", "Copy") if word in kept] == []


def test_where_the_browser_keeps_nothing_the_page_works_without(opened: Open, tmp_path: Path) -> None:
    page, _ = opened()
    page.add_init_script(FORBIDDEN)
    fresh = look(shown(page, written(tmp_path, "one")))
    handled(page)
    again(page)

    assert look(page) == fresh


@pytest.mark.slow
def test_a_run_that_goes_on_keeps_all_but_its_token(going: Run, opened: Open) -> None:
    page, _ = opened()
    page.goto(going.link)
    page.wait_for_selector(ROWS)
    page.locator("#follow").click()
    page.locator("#zoom-in").click()
    page.fill("#filter", "state:held")
    choose(page, "Findings")
    before = stretch(page)
    page.reload()
    page.wait_for_selector("#state[data-state=live]")

    until(lambda: stretch(page) == before)
    assert page.locator("#follow").get_attribute("aria-pressed") == "false"
    assert page.locator("#tab-findings").get_attribute("aria-selected") == "true"
    choose(page, "Leases")
    assert page.locator("#filter").input_value() == "state:held"
    assert going.link.partition("#")[2] not in page.evaluate(KEPT)
