"""How late a loop is told to be."""

from __future__ import annotations

import asyncio
import time

from tests.board.waiting import until

from holter.board.lag import EVERY, OVER, Lag


def test_the_worst_of_the_last_minute_and_the_sum_are_told() -> None:
    lag = Lag()
    assert (lag.worst, lag.total) == (0.0, 0.0)
    for late in (0.5, 0.25, -0.1):
        lag.note(late)

    assert (lag.worst, lag.total) == (0.5, 0.75)
    for _ in range(round(OVER / EVERY)):
        lag.note(0.0)
    assert (lag.worst, lag.total) == (0.0, 0.75)


def test_a_loop_that_is_kept_busy_is_seen() -> None:
    async def run() -> float:
        lag = Lag()
        looking = asyncio.create_task(lag.watch())
        await asyncio.sleep(0)
        time.sleep(EVERY + 0.2)
        await until(lambda: lag.total > 0)
        looking.cancel()
        return lag.worst

    assert asyncio.run(run()) > 0.1
