"""A hook that fails tells it, and raises nothing."""

from __future__ import annotations

import asyncio

from mitmproxy import http
from mitmproxy.test import tflow

from holter.mitm.guarding import guarded, waiting


class Hooks:
    def __init__(self) -> None:
        self.told: list[tuple[http.HTTPFlow, str, str]] = []

    def stumbled(self, flow: http.HTTPFlow, hook: str, why: Exception) -> None:
        self.told.append((flow, hook, str(why)))

    @guarded
    def request(self, flow: http.HTTPFlow) -> None:
        raise ValueError("at once")

    @waiting
    async def response(self, flow: http.HTTPFlow) -> None:
        await asyncio.sleep(0)
        raise ValueError("later")

    @waiting
    async def error(self, flow: http.HTTPFlow) -> None:
        await asyncio.sleep(10)


def test_an_error_is_told_and_goes_no_further() -> None:
    hooks, flow = Hooks(), tflow.tflow()
    hooks.request(flow)
    asyncio.run(hooks.response(flow))

    assert hooks.told == [(flow, "request", "at once"), (flow, "response", "later")]


def test_a_hook_that_is_cancelled_is_no_error() -> None:
    hooks, flow = Hooks(), tflow.tflow()

    async def main() -> bool:
        running = asyncio.create_task(hooks.error(flow))
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
        return running.cancelled()

    assert asyncio.run(main())
    assert hooks.told == []


def test_a_hook_keeps_its_name_by_which_mitmproxy_finds_it() -> None:
    assert (Hooks.request.__name__, Hooks.response.__name__) == ("request", "response")
