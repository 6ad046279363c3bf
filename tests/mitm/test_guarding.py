"""A hook that fails tells it, and raises nothing."""

from __future__ import annotations

import asyncio

from mitmproxy import http
from mitmproxy.test import tflow

from holter.mitm.guarding import HANDLED, guarded, waiting


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


class Seeing:
    """Notes which flow is being handled, before and after it lets others run."""

    def __init__(self) -> None:
        self.seen: list[http.HTTPFlow | None] = []

    def stumbled(self, flow: http.HTTPFlow, hook: str, why: Exception) -> None:
        self.seen.append(HANDLED.get())

    @guarded
    def request(self, flow: http.HTTPFlow) -> None:
        self.seen.append(HANDLED.get())
        raise ValueError

    @waiting
    async def response(self, flow: http.HTTPFlow) -> None:
        await asyncio.sleep(0)
        self.seen.append(HANDLED.get())


def test_while_a_hook_runs_its_flow_is_known_even_if_others_run_in_between() -> None:
    hooks, one, two = Seeing(), tflow.tflow(), tflow.tflow()

    async def main() -> None:
        hooks.request(one)
        await asyncio.gather(hooks.response(one), hooks.response(two))

    asyncio.run(main())

    assert hooks.seen == [one, one, one, two]
    assert HANDLED.get() is None
