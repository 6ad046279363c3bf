"""Long times that nobody saw are folded on the page's axis, and everything else goes by moments as before."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS, choose, detail
from tests.browser.running import Run, started, until

from holter.report import html

Open = Callable[..., Any]
CASSETTES = Path(__file__).parents[2] / "cassettes"
LOOK_AT_WORDS = "() => { words.length = 0; document.getElementById('zoom-all').click(); }"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of two real recordings, of which the second is moved to a later day."""
    folder = tmp_path_factory.mktemp("folds")
    later = (CASSETTES / "ack-late.yaml").read_text(encoding="utf-8")
    (folder / "later.yaml").write_text(later.replace("2026-11-21T11", "2026-11-23T02"), encoding="utf-8")
    files = (str(CASSETTES / "demo.yaml"), "later.yaml")
    audit = started(folder, "audit.log", "audit", *files, "--format", "html", "-o", "report.html")
    assert audit.wait(60) == 1, (folder / "audit.log").read_text()  # both have findings
    return folder / "report.html"


def shown(opened: Open, report: Path, look: str = "wide", **options: Any) -> Any:
    page, _ = opened(look, **options)
    page.goto(report.as_uri())
    page.wait_for_selector(ROWS)
    until(lambda: said(page))
    return page


def said(page: Any) -> str:
    """Return what the page says of the stretch of time that the lanes show."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: str = page.locator("#overview").evaluate("(place) => place.ariaDescription ?? ''")
    return found


def fold_at(page: Any) -> tuple[float, float]:
    """Return from where to where on the lanes the pointer comes upon a fold."""
    box, tip = page.locator("#lanes").bounding_box(), page.locator("#tip")
    found = []
    for x in range(210, int(box["width"]) - 10, 4):
        page.mouse.move(box["x"] + x, box["y"] + 36)
        if tip.is_visible() and "not seen" in tip.inner_text():
            found.append(x)
    return min(found), max(found)


def test_two_recordings_days_apart_are_both_wide(opened: Open, report: Path, shots: Path) -> None:
    page = shown(opened, report)
    begin, end = fold_at(page)
    assert 8 < end - begin < 60
    coloured = [x for name in ("green", "red", "blue") for x, _ in page.evaluate("probes.columns", name)]
    before, after = [x for x in coloured if 200 < x < begin], [x for x in coloured if x > end]
    wide = page.locator("#lanes").bounding_box()["width"]
    assert max(before) - min(before) > 0.25 * wide
    assert max(after) - min(after) > 0.1 * wide
    assert re.fullmatch(
        r"The lanes show 2026-11-21 .* to 2026-11-23 .*, less 42 h .* nobody saw\.", said(page)
    )
    page.mouse.move((begin + end) / 2, page.locator("#lanes").bounding_box()["y"] + 36)
    assert "42 h not seen, drawn narrow: Holter was stopped" in page.locator("#tip").inner_text()
    page.screenshot(path=str(shots / "folds.png"))


@pytest.mark.parametrize("look", ["wide", "narrow"])
def test_the_ruler_can_be_read_on_both_sides(opened: Open, report: Path, look: str) -> None:
    page = shown(opened, report, look)
    page.evaluate("probes.watchWords()")
    page.evaluate(LOOK_AT_WORDS)
    until(lambda: page.evaluate("() => words.length > 0"))
    words: list[dict[str, Any]] = page.evaluate("() => words")
    told = [word for word in words if re.match(r"\d{4}-|\d\d:", word["text"])]
    ruler = sorted(told, key=itemgetter("from"))
    times = [word["text"] for word in ruler]
    assert times[0].startswith("2026-11-21")
    assert any(time.startswith("08:03:") for time in times)
    assert "2026-11-23 02:04:12" in times or (look == "narrow" and "2026-11-23" in times)
    assert all(one["to"] < other["from"] for one, other in pairwise(ruler)), ruler
    assert look == "narrow" or any(word["text"] == "42 h not seen" for word in words)


def test_a_call_behind_the_fold_opens_where_it_is_drawn(opened: Open, report: Path) -> None:
    page = shown(opened, report)
    x, y = page.evaluate("probes.columns", "green")[-1]  # the late acknowledgement
    box = page.locator("#lanes").bounding_box()
    page.mouse.click(box["x"] + x - 3, box["y"] + y - 3)
    assert page.locator("#detail h2").inner_text().startswith("call ")
    assert detail(page)["task"] == "task-8"


def test_a_finding_and_the_keys_lead_across_the_fold(opened: Open, report: Path) -> None:
    page = shown(opened, report)
    for _ in range(6):
        page.click("#zoom-in")
    choose(page, "Findings")
    page.locator(ROWS, has_text="task-8").first.click()
    assert "02:04:" in said(page)
    assert "08:03:" not in said(page)
    page.focus("#lanes")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert "08:03:" in said(page)
    page.keyboard.press("0")
    assert "less 42 h" in said(page)


def test_a_stretch_is_drawn_on_the_overview_across_the_fold(opened: Open, report: Path) -> None:
    page = shown(opened, report)
    box = page.locator("#overview").bounding_box()
    for share in (0.3, 0.95):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 20)
        page.mouse.down() if share < 0.5 else page.mouse.up()
    assert "less" in said(page)
    page.keyboard.press("0")
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 20, steps=3)
    page.mouse.up()
    assert "less" not in said(page)
    assert "02:04:" in said(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fold_is_named_where_there_is_one(opened: Open, report: Path, tmp_path: Path, scheme: str) -> None:
    assert shown(opened, report, color_scheme=scheme).locator("#legend-fold").is_visible()
    (tmp_path / "whole.html").write_bytes(html.render(sample.value(4, 5)))
    assert shown(opened, tmp_path / "whole.html").locator("#legend-fold").is_hidden()


@pytest.mark.slow
def test_a_fold_that_comes_while_one_looks_moves_nothing(going: Run, opened: Open, shots: Path) -> None:
    page, _ = opened()
    page.goto(going.link)
    page.locator(ROWS).nth(2).wait_for(timeout=40_000)
    page.get_by_role("button", name="Pause").click()
    page.locator("#state[data-state=paused]").wait_for()
    page.click("#zoom-all")
    for _ in range(4):
        page.click("#zoom-in")
    page.focus("#lanes")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")  # brings the first call in sight
    assert page.locator("#legend-fold").is_hidden()
    page.wait_for_timeout(4000)  # longer than the advice, and than a tenth of what was seen
    before = said(page)
    page.get_by_role("button", name="Resume").click()
    page.locator("#legend-fold").wait_for()
    assert said(page).split(" to ")[0] == before.split(" to ")[0]
    page.click("#zoom-all")
    page.screenshot(path=str(shots / "folds-live.png"))
    assert "that nobody saw" in said(page)
