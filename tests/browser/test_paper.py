"""The page printed by a real browser: light, cut between lanes, with whole tables and every day told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS

from holter.report import html

Open = Callable[..., Any]
LEASES = 40
STRIPS = 10  # of four lanes each
TIME_LINE, STRIP = 92, 272  # pixels high
BLACK = """(selector) => Promise.all([...document.querySelectorAll(selector)].map(async (canvas) => {
  await canvas.decode?.();
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4)
    found += data[at + 3] === 255 && data[at] + data[at + 1] + data[at + 2] === 0 ? 1 : 0;
  return found;
}))"""

LINES = """(cells) => cells.map((cell) => {
  const text = document.createRange();
  text.selectNodeContents(cell);
  return text.getClientRects().length;
})"""


def shown(opened: Open, folder: Path, **options: Any) -> Any:
    file = folder / "report.html"
    file.write_bytes(html.render(sample.value(LEASES, 30)))
    page, _ = opened(**options)
    page.goto(file.as_uri())
    page.wait_for_selector(ROWS)
    return page


def laid_out(page: Any) -> None:
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")


def cleared(page: Any) -> None:
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")


def pictures(pdf: bytes) -> list[list[int]]:
    """Return how high the wide pictures on each sheet of a PDF are: the time line and the strips of lanes."""
    objects = {
        number: head.split(b"stream")[0]
        for number, head in re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    }

    def within(head: bytes) -> Iterator[int]:
        wide = re.search(rb"/Subtype /Image\n/Width 1920\n/Height (\d+)", head)
        if wide:
            yield int(wide[1])
        for number in re.findall(rb"/[XP]\d+ (\d+) 0 R", head):
            yield from within(objects[number])

    return [list(within(head)) for head in objects.values() if head.startswith(b"<</Type /Page\n")]


@pytest.mark.parametrize(("landscape", "sheets"), [(False, 2), (True, 3)])
def test_lanes_begin_on_the_first_sheet_and_each_has_a_time_line(
    opened: Open, tmp_path: Path, shots: Path, landscape: bool, sheets: int
) -> None:
    page = shown(opened, tmp_path)
    file = shots / f"report-{'landscape' if landscape else 'upright'}.pdf"
    page.pdf(path=str(file), format="A4", landscape=landscape)
    found = pictures(file.read_bytes())

    assert all(sheet.count(TIME_LINE) == 1 and len(sheet) > 1 for sheet in found[:sheets]), found
    assert not any(found[sheets:])
    assert sum(sheet.count(STRIP) for sheet in found) == STRIPS  # one that is cut stands on two sheets
    assert len(found) <= 12
    assert page.locator("#paper").count() == 0


def test_lanes_are_cut_apart_between_strips_that_leave_no_sheet_half_empty(
    opened: Open, tmp_path: Path
) -> None:
    page = shown(opened, tmp_path)
    page.set_viewport_size({"width": 1032, "height": 688})  # what is left of an A4 sheet that lies
    page.emulate_media(media="print")
    laid_out(page)
    rows = page.locator("#paper .lanes tbody tr")
    assert set(rows.evaluate_all("(all) => all.map((row) => getComputedStyle(row).breakInside)")) == {"avoid"}
    assert max(rows.evaluate_all("(all) => all.map((row) => row.getBoundingClientRect().height)")) < 688 / 4


def test_what_is_printed_is_whole(opened: Open, tmp_path: Path) -> None:
    page = shown(opened, tmp_path)
    laid_out(page)
    assert page.locator("#paper .lanes tbody img").count() == STRIPS
    assert page.locator("#paper table:not(.lanes) tbody tr").count() == 4 + LEASES + 2
    cleared(page)
    assert page.locator("#paper").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_light_whatever_the_screen_is(opened: Open, tmp_path: Path, scheme: str) -> None:
    page = shown(opened, tmp_path, color_scheme=scheme)
    assert sum(page.evaluate(BLACK, "#lane-canvas")) == 0  # only paper has black ink
    laid_out(page)
    assert min(page.evaluate(BLACK, "#paper tbody img")) > 50
    assert sum(page.evaluate(BLACK, "#legend canvas")) > 50
    cleared(page)
    assert sum(page.evaluate(BLACK, "#legend canvas")) == 0
    page.click("#zoom-all")
    assert sum(page.evaluate(BLACK, "#lane-canvas")) == 0


def test_no_time_is_broken_in_two(opened: Open, tmp_path: Path) -> None:
    page = shown(opened, tmp_path)
    page.set_viewport_size({"width": 500, "height": 700})
    page.emulate_media(media="print")
    laid_out(page)
    lines = page.locator("#paper td.time").evaluate_all(LINES)
    assert lines == [1] * (4 + 2)  # findings and runners


def test_the_legend_has_no_gradient_that_a_printed_file_would_lose(opened: Open, tmp_path: Path) -> None:
    page = shown(opened, tmp_path)
    page.emulate_media(media="print")
    looks = page.locator("#legend .swatch").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).backgroundImage)"
    )
    assert len(looks) == 5
    assert [look for look in looks if re.search(r"rgba|/ 0", look)] == []
