"""Everything without a mouse, and everything said to who cannot see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import table

from holter.report import html


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keyboard") / "report.html"
    file.write_bytes(html.render(sample.value(30, 20)))
    return file


@pytest.fixture
def page(opened: Callable[..., Any], report: Path) -> Any:
    page, _ = opened()
    page.goto(report.as_uri())
    page.wait_for_selector("#table tbody tr[role=row]")
    return page


def focused(page: Any) -> str:
    found: str = page.evaluate("probes.focused()")
    return found


def selected(page: Any) -> list[str]:
    return [
        row.split("\t")[0].strip() for row in page.locator("#table tr[aria-selected=true]").all_inner_texts()
    ]


def test_tab_goes_through_the_page_in_the_order_of_reading(page: Any) -> None:
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(focused(page))
        if stops[-1] == "help-button" and stops.count("help-button") > 1:
            break
    wanted = ["skip", "help-button", "zoom-in", "zoom-all", "worst", "lanes", "split", "tab-leases", "filter"]
    places = [stops.index(name) for name in wanted]

    assert places == sorted(places)
    assert "tab-calls" not in stops  # one stop for all tabs: arrows choose
    assert any(stop.startswith("task") for stop in stops)


def test_the_focus_is_always_seen(page: Any) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("probes.focusSeen()"), focused(page)


def test_the_skip_link_leads_to_the_tables_and_leaves_the_address(page: Any) -> None:
    before = page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert (focused(page), page.url) == ("tables", before)


def test_arrows_go_over_lanes_and_calls_and_say_where_they_are(page: Any) -> None:
    page.focus("#lanes")
    said = page.locator("#lane-said")
    assert said.text_content().endswith("lane 1 of 30")
    page.keyboard.press("ArrowDown")
    assert "finished" in said.text_content()
    assert said.text_content().endswith("lane 2 of 30")
    page.keyboard.press("ArrowRight")
    assert said.text_content().startswith("hand-out at ")
    page.keyboard.press("ArrowRight")
    assert said.text_content().startswith("ack at ")
    page.keyboard.press("Enter")
    assert page.locator("#detail h2").inner_text().startswith("call #")
    page.keyboard.press("End")
    assert said.text_content().endswith("lane 30 of 30")
    page.keyboard.press("Enter")
    assert page.locator("#detail h2").inner_text().startswith("task task-")


def test_rows_are_gone_through_and_opened(page: Any) -> None:
    page.focus("#table table")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert selected(page) == ["task-3"]
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert selected(page) == ["task-30"]
    assert page.locator("#table table").get_attribute("aria-activedescendant") == "row-29"
    page.keyboard.press("Escape")
    assert page.locator("#detail").is_hidden()


def test_single_keys_do_what_the_help_says(page: Any) -> None:
    page.keyboard.press("3")
    assert page.locator("#tab-calls").get_attribute("aria-selected") == "true"
    page.keyboard.press("/")
    page.keyboard.type("task:task-3 4")
    assert page.locator("#filter").input_value() == "task:task-3 4"
    page.keyboard.press("Escape")
    assert page.locator("#filter").input_value() == ""
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    assert page.locator("#worst").get_attribute("aria-pressed") == "true"
    page.keyboard.press("?")
    assert "answers from 500 to 599" in page.locator("#help").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()


def test_tabs_are_chosen_with_arrows(page: Any) -> None:
    page.focus("#tab-leases")
    page.keyboard.press("ArrowRight")
    assert (focused(page), page.locator("#tab-runners").get_attribute("aria-selected")) == (
        "tab-runners",
        "true",
    )
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "tab-faults"


def test_the_bar_between_lanes_and_tables_moves_with_arrows(page: Any) -> None:
    before = page.locator("#lanes").bounding_box()["height"]
    page.focus("#split")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(50)
    assert page.locator("#lanes").bounding_box()["height"] > before
    assert page.locator("#split").get_attribute("aria-valuenow") == "60"


@pytest.mark.parametrize("tab", ["1", "2", "3", "4", "5"])
def test_everything_has_a_name_and_no_reference_is_dead(page: Any, tab: str) -> None:
    page.keyboard.press(tab)
    if tab != "5":
        page.locator("#table tbody tr[role=row]").first.click()
    assert page.evaluate("probes.unnamed()") == []
    assert page.evaluate("probes.wrongIds()") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out_from_their_ground(opened: Callable[..., Any], report: Path, scheme: str) -> None:
    page, _ = opened(color_scheme=scheme)
    page.goto(report.as_uri())

    weak = {
        name: round(ratio, 2) for name, ratio in page.evaluate("probes.contrast()").items() if ratio < 4.5
    }
    assert weak == {}  # WCAG 2.2, 1.4.3


def test_who_wants_no_motion_gets_none(opened: Callable[..., Any], report: Path) -> None:
    page, _ = opened(reduced_motion="reduce")
    page.goto(report.as_uri())
    page.evaluate("() => { document.getElementById('state').dataset.state = 'live'; }")
    assert (
        page.evaluate("() => getComputedStyle(document.getElementById('state'), '::before').animationName")
        == "none"
    )


def test_the_table_says_what_the_lanes_show(page: Any) -> None:
    assert len({row["task"] for row in table(page)}) > 10
    label = page.locator("#lanes").get_attribute("aria-label")
    assert "table of leases" in label
