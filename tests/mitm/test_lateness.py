"""A signature that runs out while a fault holds its call back."""

from __future__ import annotations

import asyncio
import runpy
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holter.mitm.lateness import Lateness
from holter.wire.decision import Decision, Forward
from holter.wire.facts import signed_at
from holter.wire.message import Call, Interaction

from .inside import flow
from .rig import HOST, Rig, rig
from .test_resign import Strict, poll, resigned

SCRIPT = Path(__file__).parents[2] / "addons/datapipeline.py"


@dataclass
class Late:
    """A player that lets every call wait."""

    delay: float

    def decide(self, call: Call, asked: Interaction) -> Decision:
        return Forward(delay=self.delay)


@pytest.mark.parametrize(("delay", "late"), [(0.0, False), (1.2, True)])
def test_a_call_that_goes_out_too_late_is_told_of_once(tmp_path: Path, delay: float, late: bool) -> None:
    told: list[str] = []

    async def main() -> None:
        others = [Lateness(told.append, life=1.0)]
        async with rig(tmp_path, player=Late(delay), others=lambda _: others) as running:
            for _ in range(2):
                await running.call("poll_for_task", workerGroup="wg")

    asyncio.run(main())

    assert len(told) == late
    assert not late or "a call was held for 1 s, and its signature lasts 1 s: the service may" in told[0]


def test_under_stock_mitmproxy_its_log_tells_of_it(caplog: pytest.LogCaptureFixture) -> None:
    (late,) = [one for one in runpy.run_path(str(SCRIPT))["addons"] if isinstance(one, Lateness)]
    held = flow()
    held.live, held.response = True, None
    held.request.headers["authorization"] = "AWS4-HMAC-SHA256 ..."
    held.request.timestamp_start = time.time() - 400
    late.request(held)

    assert "a call was held for 400 s, and its signature lasts 300 s" in caplog.text


def test_what_is_signed_anew_is_signed_when_the_wait_is_over(tmp_path: Path) -> None:
    strict, delay = Strict(host=HOST), 1.5
    others, _ = resigned()

    async def main() -> tuple[datetime, Rig]:
        async with rig(tmp_path, mode="reverse", script=strict, player=Late(delay), others=others) as running:
            began = datetime.now(UTC)
            await poll(running)
            return began, running

    began, running = asyncio.run(main())
    stamp = signed_at(running.service.asked[0].header("x-amz-date"))

    assert strict.verdicts == [None]
    assert stamp is not None
    assert stamp >= began.timestamp() + delay - 1  # it has no fractions
