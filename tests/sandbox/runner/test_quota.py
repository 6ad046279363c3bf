from __future__ import annotations

import threading

from holter.sandbox.runner.quota import Quota


def test_without_a_maximum_there_is_always_one_more() -> None:
    quota = Quota(None)
    assert all(quota.claim() for _ in range(100))


def test_empty_polls_cost_nothing_and_tasks_cost_one_each() -> None:
    quota = Quota(2)
    for taken in (False, True, False, True):
        assert quota.claim()
        quota.settle(taken=taken)
    assert not quota.claim()


def test_no_more_polls_are_under_way_than_tasks_may_be_taken() -> None:
    quota, second = Quota(1), []
    assert quota.claim()
    waiter = threading.Thread(target=lambda: second.append(quota.claim()))
    waiter.start()
    waiter.join(0.05)
    assert waiter.is_alive()
    quota.settle(taken=True)
    waiter.join(10)
    assert second == [False]
