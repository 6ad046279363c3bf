"""A report over several days says which day it is: in tables, in details and on the time line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.rows import ROWS, choose, detail, table
from tests.browser.running import started, until

Open = Callable[..., Any]
CASSETTES = Path(__file__).parents[2] / "cassettes"
DAYS = ("2026-11-21", "2026-11-23", "2026-11-24", "2027-11-04")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of recordings of four days."""
    folder = tmp_path_factory.mktemp("days")
    late = (CASSETTES / "ack-late.yaml").read_text(encoding="utf-8")
    for number, date in enumerate(DAYS):
        moved = late.replace("2026-11-21T11", f"{date}T02")
        other = re.sub(r'(?m)^recording: ".*"$', f'recording: "0000000{number}"', moved)
        (folder / f"{number}.yaml").write_text(other, encoding="utf-8")
    files = [f"{number}.yaml" for number in range(len(DAYS))]
    audit = started(folder, "audit.log", "audit", *files, "--format", "html", "-o", "report.html")
    assert audit.wait(60) == 1, (folder / "audit.log").read_text()  # it has findings
    return folder / "report.html"


def shown(opened: Open, report: Path, look: str = "wide") -> Any:
    page, _ = opened(look)
    page.goto(report.as_uri())
    page.wait_for_selector(ROWS)
    return page


@pytest.mark.parametrize("look", ["wide", "narrow"])
def test_the_time_line_names_each_day_behind_a_fold(opened: Open, report: Path, look: str) -> None:
    page = shown(opened, report, look)
    page.evaluate("probes.watchWords()")
    page.evaluate("() => { words.length = 0; document.getElementById('zoom-all').click(); }")
    until(lambda: page.evaluate("() => words.length > 0"))
    words = [word["text"] for word in page.evaluate("() => words")]
    for date in DAYS:
        assert any(word.startswith((date, date[5:])) for word in words), words


@pytest.mark.parametrize("look", ["wide", "narrow"])
@pytest.mark.parametrize("tab", ["Findings", "Calls", "Runners"])
def test_tables_tell_the_day_and_in_their_titles_the_moment_in_full(
    opened: Open, report: Path, look: str, tab: str
) -> None:
    page = shown(opened, report, look)
    choose(page, tab)
    cells = page.locator("#table td.time")
    told = [(cell.inner_text(), cell.get_attribute("title")) for cell in cells.all() if cell.inner_text()]
    assert told or tab == "Runners"  # not every runner has a heartbeat of its own
    for text, title in told:
        assert re.fullmatch(r"202\d-11-\d\d\s\d\d:\d\d:\d\d(\.\d+)?", text)
        assert re.fullmatch(r"202\d-11-\d\d \d\d:\d\d:\d\d\.\d{3} UTC", title)
    spans = page.locator("#table td.time span")
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth || one.offsetHeight > 27).length"
    assert spans.evaluate_all(cut) == 0


def test_details_and_tips_tell_the_day(opened: Open, report: Path) -> None:
    page = shown(opened, report)
    choose(page, "Findings")
    page.locator(ROWS).last.click()
    assert detail(page)["time"].startswith("2027-11-04 ")
    page.locator("#detail").get_by_role("button", name="#").first.click()
    assert detail(page)["time"].startswith("2027-11-04 ")
    page.locator("#detail").get_by_role("button", name=re.compile(r"^task-\d+$")).first.click()
    assert detail(page)["handed out"].startswith("2027-11-04 ")
    assert "2027-11-04" in page.locator("#overview").evaluate("(place) => place.ariaDescription")


def test_one_day_needs_no_date(opened: Open, tmp_path: Path) -> None:
    command = ("audit", str(CASSETTES / "ack-late.yaml"), "--format", "html", "-o", "one.html")
    assert started(tmp_path, "audit.log", *command).wait(60) == 1
    page = shown(opened, tmp_path / "one.html")
    choose(page, "Findings")
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d", table(page)[0]["time"])
    assert page.locator("#table td.time").first.get_attribute("title").startswith("2026-11-21 ")


def test_a_tip_goes_with_what_it_tells_of(opened: Open, report: Path) -> None:
    page = shown(opened, report)
    box, tip = page.locator("#lanes").bounding_box(), page.locator("#tip")
    steps = iter(range(210, 1200, 4))
    while not (tip.is_visible() and "not seen" in tip.inner_text()):
        page.mouse.move(box["x"] + next(steps), box["y"] + 60)
    page.focus("#lanes")
    for _ in range(40):
        page.keyboard.press("Shift+ArrowRight")
    until(lambda: not tip.is_visible() or "not seen" not in tip.inner_text())
    page.keyboard.press("0")
    until(lambda: tip.is_visible() and "not seen" in tip.inner_text())
    page.mouse.down()
    assert tip.is_hidden()
    page.mouse.up()
