"""What the page makes of time in which nobody looked: recording is paused, or Holter itself stands still."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.rows import choose, colours, table
from tests.browser.running import Run, until

Open = Callable[..., Any]
TERM = 4.8  # seconds that a lease lasts there

pytestmark = pytest.mark.slow


def held(page: Any) -> bool:
    return {"acknowledged", "held"} >= states(page) != set()


def states(page: Any) -> set[str]:
    page.wait_for_timeout(100)
    return {row["state"] for row in table(page)}


def watched(page: Any, seconds: float) -> set[str]:
    """Look on for a while, and return every state that a lease was said to be in."""
    found, until = set[str](), time.monotonic() + seconds
    while time.monotonic() < until:
        found |= states(page)
    return found


def test_while_recording_is_paused_no_lease_is_said_to_run_out(going: Run, opened: Open, shots: Path) -> None:
    page, _ = opened()
    page.goto(going.link)
    until(lambda: held(page))
    page.get_by_role("button", name="Pause").click()
    until(lambda: states(page) == {"not seen"})
    assert watched(page, TERM + 1.5) == {"not seen"}
    assert {row["left"] for row in table(page)} == {""}
    assert colours(page)["red"] == 0
    page.screenshot(path=str(shots / "live-paused.png"))

    page.get_by_role("button", name="Resume").click()
    until(lambda: held(page))
    page.wait_for_timeout(1500)  # some beats more
    page.screenshot(path=str(shots / "live-resumed.png"))
    assert "0 errors" in page.locator("#totals").inner_text()
    choose(page, "Findings")
    gaps = [row["message"] for row in table(page) if row["rule"] == "gap-over-limit"]
    assert {message.split()[0] for message in gaps} == {"(possible)"}


def test_a_holter_that_stands_still_makes_no_lease_run_out(going: Run, opened: Open) -> None:
    page, _ = opened()
    page.goto(going.link)
    until(lambda: held(page))
    going.sandbox.send_signal(signal.SIGSTOP)
    try:
        assert "expired" not in watched(page, TERM + 1.5)
    finally:
        going.sandbox.send_signal(signal.SIGCONT)
    calls = page.locator("#tab-calls b").inner_text()
    until(lambda: page.locator("#tab-calls b").inner_text() != calls)
