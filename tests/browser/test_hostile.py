"""What a stranger may have written into a recording: it is shown, and never runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser import sample
from tests.browser.rows import ROWS, choose, table

from holter.report import html

CORPUS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "<!--<script>",
    "javascript:alert(1)",
    "]]><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "</title></textarea></style><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "\u2028\u2029\u202e\u0000\u001b[31m",
    "__proto__",
)


def poisoned(value: Any, poison: str) -> Any:
    """Return a value with a poison in every text that a stranger writes."""
    if isinstance(value, dict):
        return {key: _poisoned(key, item, poison) for key, item in value.items()}
    return [poisoned(item, poison) for item in value] if isinstance(value, list) else value


KEPT = ("version", "zero", "kind", "severity", "certainty", "state", "at", "by")


def _poisoned(key: str, value: Any, poison: str) -> Any:
    if isinstance(value, str) and key not in KEPT:
        return poison + value
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [poison + text for text in value]
    return poisoned(value, poison)


@pytest.mark.parametrize("poison", CORPUS, ids=range(len(CORPUS)))
def test_nothing_that_was_recorded_runs_or_becomes_a_part_of_the_page(
    opened: Callable[..., Any], tmp_path: Path, poison: str
) -> None:
    value = sample.value(12, 4)
    value["bodies"] = {
        str(seq): {
            "call": {"fault": "x"},
            "request": {"a": "b"},
            "response": ["c"],
            "checks": [{"path": "$", "says": "d"}],
        }
        for seq in range(1, 80)
    }
    file = tmp_path / "report.html"
    file.write_bytes(html.render(poisoned(value, poison)))
    page, watched = opened()
    page.goto(file.as_uri())
    page.wait_for_selector(ROWS)
    for tab in ("Runners", "Calls", "Findings", "Leases"):
        choose(page, tab)
        page.locator(ROWS).first.click()
        page.wait_for_timeout(30)
    choose(page, "Faults")
    box = page.locator("#lanes").bounding_box()
    page.mouse.move(box["x"] + 700, box["y"] + 80)
    choose(page, "Leases")

    assert table(page)[0]["task"] == f"{poison}task-1"
    assert page.locator("script").count() == 2
    assert page.locator("iframe, img, svg script, #table svg, #detail svg").count() == 0
    assert [url for url in watched.asked if not url.startswith(("data:", file.as_uri()))] == []
    assert page.evaluate(
        "() => ({}).polluted === undefined && document.querySelectorAll('[onerror], [onload]').length === 0"
    )


def test_the_data_of_a_report_is_what_was_put_in(opened: Callable[..., Any], tmp_path: Path) -> None:
    value = poisoned(sample.value(1, 1), "".join(CORPUS))
    file = tmp_path / "report.html"
    file.write_bytes(html.render(value))
    page, _ = opened()
    page.goto(file.as_uri())

    assert json.loads(page.locator("#holter-page").text_content()) == value
