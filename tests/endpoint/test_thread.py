from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from holter.endpoint.thread import in_thread


def test_what_runs_in_the_thread_starts_before_the_block_and_ends_after_it() -> None:
    seen: list[object] = []

    @asynccontextmanager
    async def start() -> AsyncIterator[str]:
        seen.append("started")
        yield "value"
        seen.append("ended")

    with in_thread(start) as hosted:
        assert hosted.value == "value"
        assert seen == ["started"]
        assert hosted.call(threading.get_ident) != threading.get_ident()
    assert seen == ["started", "ended"]


def test_an_error_on_the_way_up_or_down_is_raised_here() -> None:
    @asynccontextmanager
    async def never() -> AsyncIterator[None]:
        raise LookupError("up")
        yield

    @asynccontextmanager
    async def badly() -> AsyncIterator[None]:
        yield
        raise LookupError("down")

    with pytest.raises(LookupError, match="up"), in_thread(never):
        pytest.fail("it did not start")
    with pytest.raises(LookupError, match="down"), in_thread(badly):
        pass
