from __future__ import annotations

from dataclasses import replace

from holter.lease.conduct.evidence import Evidence
from holter.lease.conduct.ledger import Ledger
from holter.lease.profile import DOCUMENTED

ONE = Evidence("poll-retried", 1.0, "once", (1,), None, "runner-1")


def test_each_kind_is_news_once_and_counted() -> None:
    ledger = Ledger(DOCUMENTED)

    assert [ledger.take(ONE), ledger.take(replace(ONE, calls=(2,)))] == [True, False]
    assert [(one.said, one.calls) for one in ledger.settled()] == [("once; 2 times in all", (1,))]


def test_another_task_or_caller_is_another_kind() -> None:
    ledger = Ledger(DOCUMENTED)
    others = (replace(ONE, caller="runner-2"), replace(ONE, task="task-1"), replace(ONE, rule="poll-storm"))

    assert all([ledger.take(ONE), *map(ledger.take, others)])
    assert not ledger.take(replace(ONE, task="task-1", caller="runner-3"))


def test_what_is_certain_takes_the_place_of_what_is_possible() -> None:
    ledger = Ledger(DOCUMENTED)
    ledger.take(replace(ONE, certain=False))

    assert ledger.take(replace(ONE, calls=(1, 2)))
    assert [(one.said, one.calls) for one in ledger.settled()] == [("once", (1, 2))]
    assert not ledger.take(replace(ONE, at=2.0, certain=False))
    assert [(one.said, one.certain) for one in ledger.settled()] == [("once; 2 times in all", True)]


def test_what_a_fault_explains_gives_way_to_what_it_does_not() -> None:
    ledger = Ledger(DOCUMENTED)
    ledger.take(replace(ONE, cause="fault"))

    assert ledger.take(replace(ONE, certain=False))


def test_a_profile_switches_rules_off() -> None:
    ledger = Ledger(replace(DOCUMENTED, rules={"poll-retried": "off", "poll-storm": "error"}))

    assert not ledger.take(ONE)
    assert [*ledger.settled()] == []
