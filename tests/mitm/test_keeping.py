"""The bound on mitmproxy's list of flows."""

from __future__ import annotations

import gc
import weakref

import pytest
from mitmproxy import http
from mitmproxy.addons.view import View
from mitmproxy.test import taddons, tflow

from holter.mitm.keeping import Keeping

from .inside import flow, within


def passed(view: View, keeping: Keeping, *flows: http.HTTPFlow) -> None:
    """Let flows go by as they do in mitmproxy."""
    for one in flows:
        view.add([one])
        keeping.response(one)


def kept(view: View, flows: list[http.HTTPFlow]) -> list[int]:
    return [number for number, one in enumerate(flows) if view.get_by_id(one.id)]


def test_thousands_of_calls_leave_no_more_than_the_bound_and_no_trace_of_the_others() -> None:
    view, keeping, gone = View(), Keeping(100), list[weakref.ref[http.HTTPFlow]]()

    async def run(around: taddons.context) -> None:
        for number in range(5000):
            one = flow()
            one.marked = ":red_circle:" if number % 10 == 0 else ""
            gone.append(weakref.ref(one))
            passed(view, keeping, one)
            assert view.store_count() <= 200
        del one

    within(view, keeping, do=run)
    gc.collect()

    assert len(view) == view.store_count() == 200
    assert sum(bool(one.marked) for one in view) == 110, "marked ones among the last 100, and 100 before"
    assert sum(ref() is not None for ref in gone) == 200
    assert len(keeping._ended) + len(keeping._marked) == 200
    assert len(view.settings) <= 200


def test_the_oldest_go_and_marked_ones_only_for_others_that_are_marked() -> None:
    view, keeping = View(), Keeping(2)
    flows = [flow() for _ in range(9)]
    for number in (0, 2, 3):
        flows[number].marked = ":red_circle:"

    async def run(around: taddons.context) -> None:
        passed(view, keeping, *flows)

    within(view, keeping, do=run)

    assert kept(view, flows) == [2, 3, 7, 8]


def test_a_call_that_is_on_its_way_to_the_client_stays_until_it_is_there() -> None:
    view, keeping = View(), Keeping(1)
    flows = [flow() for _ in range(4)]
    flows[0].live = True

    async def run(around: taddons.context) -> None:
        passed(view, keeping, *flows[:3])
        assert kept(view, flows) == [0, 2]
        assert not flows[0].error, "it was not killed"
        flows[0].live = False
        passed(view, keeping, flows[3])

    within(view, keeping, do=run)

    assert kept(view, flows) == [3]


def test_what_the_user_took_out_and_what_ends_twice_counts_once() -> None:
    view, keeping = View(), Keeping(2)
    flows = [flow() for _ in range(3)]

    async def run(around: taddons.context) -> None:
        passed(view, keeping, *flows[:2])
        keeping.error(flows[1])
        view.remove([flows[0]])
        passed(view, keeping, flows[2])

    within(view, keeping, do=run)

    assert kept(view, flows) == [1, 2]


def test_other_flows_are_left_alone() -> None:
    view, keeping = View(), Keeping(1)
    others = [tflow.tflow(resp=True) for _ in range(3)]

    async def run(around: taddons.context) -> None:
        passed(view, keeping, *others)

    within(view, keeping, do=run)

    assert kept(view, others) == [0, 1, 2]


@pytest.mark.parametrize("limit", [None, 1])
def test_without_a_bound_or_without_a_list_nothing_is_done(limit: int | None) -> None:
    view, keeping = View(), Keeping(limit)
    flows = [flow(), flow()]

    async def run(around: taddons.context) -> None:
        if limit is None:
            around.master.addons.add(view)
        passed(view, keeping, *flows)

    within(keeping, do=run)

    assert kept(view, flows) == [0, 1]
    assert len(keeping._ended) == 0
