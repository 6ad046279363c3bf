"""A thousand leases and a hundred thousand beats: whatever is done with them, the page stays fluent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS, choose

from holter.report import html

LONGEST = 200  # milliseconds that one task may take after loading
ROUNDS = 3

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("big") / "report.html"
    file.write_bytes(html.render(sample.value(1000, 100)))
    return file


def test_no_task_takes_long_with_a_thousand_leases(
    opened: Callable[..., Any], report: Path, shots: Path
) -> None:
    page, _ = opened()
    page.goto(report.as_uri())
    page.wait_for_selector(ROWS)
    assert page.locator("#totals").inner_text().startswith("102\u202f000 calls")
    page.wait_for_timeout(500)
    page.evaluate("probes.watchTasks()")
    worst = []
    for _round in range(ROUNDS):  # what else the machine does counts too: the best round is the page's own
        page.evaluate("() => { tasks.length = 0; }")
        used(page)
        worst.append(max(page.evaluate("() => tasks"), default=0))
        if worst[-1] < LONGEST / 2:
            break
    page.screenshot(path=str(shots / "thousand.png"))

    assert min(worst) < LONGEST, worst


def test_no_task_takes_long_while_calls_come_in_to_a_thousand_leases(opened: Callable[..., Any]) -> None:
    page, _ = opened(calm=False)
    page.route("**/*", Served(sample.value(1000, 100, live=True), calls=3000))
    page.goto("http://127.0.0.1:9/#token")
    page.locator("#totals", has_text="105\u202f000 calls").wait_for()
    page.evaluate("probes.watchTasks()")
    worst = []
    for _round in range(ROUNDS):
        page.evaluate("() => { tasks.length = 0; }")
        used(page)
        worst.append(max(page.evaluate("() => tasks"), default=0))
        if worst[-1] < LONGEST / 2:
            break

    assert min(worst) < LONGEST, worst
    assert page.locator("#totals").inner_text().split("\n")[1] == "5 open leases"


def test_the_file_is_small_beside_its_data(report: Path, tmp_path: Path) -> None:
    empty = len(html.render(sample.head(1.0)))

    assert empty < 400_000  # two million are allowed
    assert report.stat().st_size < 10_000_000


class Served:
    """A server of the live page in the browser's own network: it tells of some calls, and then waits."""

    def __init__(self, value: dict[str, Any], calls: int) -> None:
        self._value = json.dumps(value)
        first, lease = len(value["calls"]["seq"]) + 1, value["leases"][-1]
        self._events = "".join(
            f"event: call\ndata: {json.dumps(self._call(first + n, value['now'] + n / 1000, lease))}\n\n"
            for n in range(calls)
        )
        self._asked = 0

    def _call(self, seq: int, t: float, lease: dict[str, Any]) -> dict[str, Any]:
        words = {"op": "ReportTaskProgress", "caller": lease["caller"], "task": lease["task"]}
        return {
            "seq": seq,
            "t": t,
            **words,
            "answer": "200",
            "origin": "live",
            "ms": 4.0,
            "lease": lease["id"],
            "kind": "o",
        }

    def __call__(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path == "/v1/page":
            route.fulfill(body=self._value, content_type="application/json")
        elif path == "/v1/events":
            self._asked += 1
            if self._asked == 1:
                route.fulfill(body=self._events, content_type="text/event-stream")
        elif path.startswith("/v1/"):
            route.fulfill(status=404, body="{}")
        else:
            name = path.removeprefix("/page/") if path != "/" else "index.html"
            kind = {"html": "text/html", "css": "text/css", "js": "text/javascript"}[name.split(".")[-1]]
            route.fulfill(body=(html.PAGE / name).read_text(), content_type=kind)


def used(page: Any) -> None:
    """Do with the page what people do."""
    box = page.locator("#lanes").bounding_box()
    x, y = box["x"] + 700, box["y"] + 150
    page.mouse.move(x, y)
    for way in (300, -300):
        for _ in range(10):
            page.mouse.wheel(0, way)
    page.mouse.move(x, box["y"] + 10)  # the wheel zooms on the time line
    for way in (-150, 150):
        for _ in range(10):
            page.mouse.wheel(0, way)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 400, y - 60, steps=20)
    page.mouse.up()
    for name in ("#worst", "#zoom-in", "#zoom-out", "#zoom-all", "#worst"):
        page.click(name)
    choose(page, "Calls")
    for text in ("op:ReportTaskProgress answer:5xx", "task-7", ""):
        page.fill("#filter", text)
    for key in ("ms", "time", "task", "answer", "seq"):
        page.click(f"[data-sort={key}]")
    page.locator("#table").hover()
    for _ in range(10):
        page.mouse.wheel(0, 3000)
    page.locator(ROWS).nth(8).click()
    choose(page, "Leases")
    page.fill("#filter", "task-1")
    page.fill("#filter", "")
    page.locator(ROWS).nth(4).click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
