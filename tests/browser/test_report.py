"""The report in one file, opened from disk by a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS, choose, colours, detail, table
from tests.browser.running import until

from holter.report import html

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("report"), sample.value(40, 30))


def written(folder: Path, value: dict[str, Any]) -> Path:
    file = folder / "report.html"
    file.write_bytes(html.render(value))
    return file


def shown(opened: Open, file: Path, look: str = "wide", **options: Any) -> tuple[Any, Any]:
    page, watched = opened(look, **options)
    page.goto(file.as_uri())
    page.wait_for_selector(ROWS)
    return page, watched


@pytest.mark.smoke
def test_it_shows_leases_and_findings_and_asks_nobody(opened: Open, report: Path) -> None:
    page, watched = shown(opened, report)

    assert page.locator("#state").inner_text() == "report"
    assert page.locator("#totals").inner_text().split("\n")[:2] == ["1\u202f280 calls", "40 leases"]
    assert table(page)[0]["task"] == "task-1"
    choose(page, "Findings")
    assert [row["task"] for row in table(page)] == ["task-4", "task-14", "task-24", "task-34"]
    assert [url for url in watched.asked if not url.startswith(("data:", report.as_uri()))] == []


def test_what_needs_a_server_is_not_there(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)

    for name in ("Pause", "Mark", "Report", "Follow"):
        assert page.get_by_role("button", name=name, exact=True).count() == 0
    choose(page, "Faults")
    assert page.locator("#fault-form").is_hidden()
    assert page.locator("#rules tbody tr").count() == 1
    assert page.locator("#rules button").count() == 0
    page.locator("#totals button").first.click()
    choose(page, "Leases")
    page.locator(ROWS).first.click()
    assert page.locator("#cancel-task").count() == 0


def test_the_gap_of_a_late_task_is_red_in_the_lanes(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    assert colours(page)["blue"] > 1000
    page.fill("#filter", "task:task-5*")
    until(lambda: page.locator("#table tbody tr[role=row]").count() == 1)
    page.wait_for_timeout(100)
    before = colours(page)["red"]
    page.fill("#filter", "task:task-4")
    page.wait_for_timeout(200)
    choose(page, "Findings")
    page.locator(ROWS).first.click()
    page.wait_for_timeout(200)

    assert colours(page)["red"] > before + 500


def test_a_finding_leads_to_its_proof_and_its_task(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    choose(page, "Findings")
    page.locator(ROWS).nth(1).click()
    facts = detail(page)
    assert (facts["task"], facts["limit"], facts["source"]) == (
        "task-14",
        "15 min (progress)",
        "AWS API reference",
    )
    assert "task-14 had no beat" in page.locator("#detail .message").inner_text()

    first = facts["proof"].split()[0]
    page.get_by_role("button", name=first, exact=True).click()
    assert page.locator("#detail h2").inner_text() == f"call {first}"
    page.locator("#detail").get_by_role("button", name="task-14", exact=True).click()
    assert detail(page)["state"] == "finished"
    page.get_by_role("button", name="Its calls").click()
    assert {row["task"] for row in table(page)} == {"task-14"}
    assert page.locator("#filter").input_value() == "task:task-14"


def test_bodies_that_came_along_are_shown_and_others_are_said_to_be_elsewhere(
    opened: Open, tmp_path: Path
) -> None:
    value = sample.value(2, 3)
    request = {"taskId": "task-1", "fields": [{"key": "percentComplete", "stringValue": "50"}]}
    value["bodies"] = {
        "2": {"call": {"seq": 2, "try": {"n": 2}}, "request": request, "response": {"canceled": False}}
    }
    page, _ = shown(opened, written(tmp_path, value))
    choose(page, "Calls")
    page.fill("#filter", "seq:=2")
    page.locator(ROWS).first.click()
    said = page.locator("#detail").inner_text()
    assert '"percentComplete"' in said
    assert '"canceled": false' in said
    page.fill("#filter", "seq:=3")
    page.locator(ROWS).first.click()
    assert "in the recording, not in this report" in page.locator("#detail").inner_text()


def test_a_filter_that_means_nothing_says_so(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    page.fill("#filter", "tsk:task-1")

    assert page.locator("#filter-trouble").inner_text().startswith("there is no tsk: here; there are task: ")
    assert page.locator("#filter").get_attribute("aria-invalid") == "true"
    page.fill("#filter", "used:>50")
    assert page.locator("#filter-trouble").inner_text() == ""


def test_columns_sort_both_ways_and_tasks_by_their_numbers(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    heading = page.locator("th", has=page.locator("[data-sort=task]"))
    heading.get_by_role("button").click()
    assert [row["task"] for row in table(page)][:11][-2:] == ["task-10", "task-11"]
    assert heading.get_attribute("aria-sort") == "ascending"
    heading.get_by_role("button").click()
    assert table(page)[0]["task"] == "task-40"
    assert heading.get_attribute("aria-sort") == "descending"


def test_only_the_rows_in_sight_are_in_the_page(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    choose(page, "Calls")
    assert page.locator("#table table").get_attribute("aria-rowcount") == "1281"
    assert len(table(page)) < 60
    page.locator("#table").evaluate("(place) => place.scrollTo(0, 1e9)")
    until(lambda: page.evaluate("probes.rows().some((row) => row.seq === '1')"))
    assert len(table(page)) < 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", ["wide", "narrow"])
def test_it_fits_the_screen(opened: Open, report: Path, shots: Path, scheme: str, look: str) -> None:
    page, _ = shown(opened, report, look, color_scheme=scheme)
    page.screenshot(path=str(shots / f"report-{scheme}-{look}.png"))
    choose(page, "Findings")
    page.locator(ROWS).first.click()
    page.screenshot(path=str(shots / f"report-finding-{scheme}-{look}.png"))

    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")


def test_every_item_of_the_legend_is_seen(opened: Open, report: Path) -> None:
    page, _ = shown(opened, report)
    page.evaluate("() => { document.getElementById('legend-fold').hidden = false; }")
    box = page.locator("#legend").bounding_box()
    unseen = (
        "({ bottom, right }) => [...document.querySelectorAll('#legend li')]"
        ".filter((one) => one.getBoundingClientRect().bottom > bottom + 1"
        " || one.getBoundingClientRect().right > right + 1).map((one) => one.textContent)"
    )
    edges = {"bottom": box["y"] + box["height"], "right": box["x"] + box["width"]}
    assert page.evaluate(unseen, edges) == []
    page.evaluate("() => document.body.classList.remove('frozen')")
    page.evaluate("() => { document.getElementById('follow').hidden = false; }")  # a run has one button more
    assert page.evaluate(unseen, edges) == []


def test_on_a_small_screen_nothing_that_counts_is_cut_off(opened: Open, tmp_path: Path) -> None:
    value = sample.value(12, 30)
    value["leases"][3].update(outcome="reassigned", worst_share=1.0)
    value["findings"].append(value["findings"][0] | {"certainty": "possible", "task": "task-2"})
    page, _ = shown(opened, written(tmp_path, value), "narrow")
    assert "1 excused" in page.locator("#totals").inner_text()
    head = page.locator("#head").bounding_box()
    for button in page.locator("#totals button").all():
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= head["y"] + head["height"]
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    assert page.locator("#table td.ended span, #table td.number span").evaluate_all(cut) == []
    choose(page, "Findings")
    assert page.locator("#table td.severity span").evaluate_all(cut) == []


def test_what_is_brushed_brings_its_lanes_in_sight(opened: Open, tmp_path: Path) -> None:
    value = sample.value(40, 5)
    for number, lease in enumerate(value["leases"]):
        later = number * 2000.0
        lease.update(t0=later, t1=later + 300, dots={"t": [later, later + 60], "kind": "ha", "seq": [1, 2]})
    value.update(now=80_000.0, blind=[], findings=[], calls={})
    page, _ = shown(opened, written(tmp_path, value))
    box = page.locator("#overview").bounding_box()
    page.mouse.move(box["x"] + 0.93 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 20, steps=3)
    page.mouse.up()
    assert drawn(page)["green"] > 10
    page.focus("#lanes")
    for _ in range(100):
        page.keyboard.press("Shift+ArrowLeft")
    assert drawn(page)["green"] > 10


def drawn(page: Any) -> dict[str, int]:
    """Return the colours of the lanes once what was done to them is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return colours(page)
