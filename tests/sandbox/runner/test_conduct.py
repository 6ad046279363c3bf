from __future__ import annotations

from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.misbehaviour import Kind, parse


def test_an_honest_runner_has_no_faults() -> None:
    assert Roster(()).deal("Copy") == {}


def test_faults_are_dealt_to_the_components_that_the_glob_names() -> None:
    roster = Roster([parse("no-status:task=Slow*"), parse("double-status:task=?opy")])
    assert set(roster.deal("SlowCopy")) == {Kind.NO_STATUS}
    assert set(roster.deal("Copy")) == {Kind.DOUBLE_STATUS}
    assert roster.deal("copies") == {}


def test_times_counts_for_each_component_by_itself() -> None:
    roster = Roster([parse("no-ack:times=2")])
    assert [Kind.NO_ACK in roster.deal("A") for _ in range(3)] == [True, True, False]
    assert Kind.NO_ACK in roster.deal("B")


def test_of_two_faults_of_a_kind_the_first_that_applies_counts() -> None:
    roster = Roster([parse("stall:for=1,times=1"), parse("stall:for=2")])
    assert [roster.deal("A")[Kind.STALL].seconds for _ in range(3)] == [1.0, 2.0, 2.0]


def test_the_runner_as_a_whole_knows_its_faults() -> None:
    roster = Roster([parse("ignore-terminate")])
    assert roster.has(Kind.IGNORE_TERMINATE)
    assert not roster.has(Kind.CRASH)
