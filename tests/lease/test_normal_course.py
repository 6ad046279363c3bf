"""The short way of a beat in the normal course, held against the way that all other calls go."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holter.lease.audit import Audit, audited
from holter.lease.conduct.panel import Panel
from holter.lease.edges import Kind, Timeline
from holter.lease.machine import Lease
from holter.lease.order import edges
from holter.lease.profile import DOCUMENTED, STRICT, Profile
from holter.report import json
from holter.wire.message import Broken, Interaction, Mark, Origin
from holter.wire.operations import INTERNAL, INVALID, TASK_NOT_FOUND

from .history import ZERO, History, task_object
from .runners import told

Entries = Sequence[Interaction | Mark]


def the_long_way(entries: Entries, profile: Profile) -> Audit:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Lease, "renewed", lambda *_: False)
        patched.setattr(Lease, "finished", lambda *_: False)
        patched.setattr(Panel, "_calm", lambda *_: False)
        return audited(entries, profile)


def said(audit: Audit) -> object:
    state = [(lease.age(1e6), lease.part, lease.heard_first, lease.beats) for lease in audit.leases]
    return json.value(audit), audit.callers, audit.calls, state


def assert_both_ways_agree(entries: Entries, profile: Profile = DOCUMENTED) -> None:
    assert said(audited(entries, profile)) == said(the_long_way(entries, profile))


@pytest.mark.parametrize("seed", range(40_000, 40_400))
def test_random_histories_are_judged_the_same_both_ways(seed: int) -> None:
    assert_both_ways_agree(told(seed).middle.entries)


def test_the_short_way_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    count: Counter[bool] = Counter()

    def counted(short: Callable[..., bool]) -> Callable[..., bool]:
        def counting(*about: object) -> bool:
            taken = short(*about)
            count[taken] += 1
            return taken

        return counting

    monkeypatch.setattr(Lease, "renewed", counted(Lease.renewed))
    monkeypatch.setattr(Lease, "finished", counted(Lease.finished))
    audited(History(latency=0.1).handed(0).beat(*range(1, 1000, 10)).finished(1000).entries, DOCUMENTED)
    assert count == {True: 101}


KINDS = ["fields", "cancel", "500", "400", "gone", "broken", "fault", "done", "again"]

steps = st.tuples(
    st.sampled_from([0.0, 0.5, 10.0, 59.9, 60.0, 75.0, 75.000001, 80.0, 299.0, 301.0, 901.0]),
    st.sampled_from(
        ["beat"] * 8 + ["fields", "cancel", "500", "400", "gone", "broken", "fault", "done", "again"]
    ),
    st.sampled_from([0.0, 0.1, 2.0, 20.0]),
    st.sampled_from(["task-1", "task-1", "task-2"]),
)


def history(moves: Sequence[tuple[float, str, float, str]]) -> list[Interaction | Mark]:
    found, at = (
        History().handed(1.0).handed(1.5, task="task-2", attempt="B_2026-01-02T00:00:00_Attempt=1"),
        2.0,
    )
    for wait, what, latency, task in moves:
        at += wait
        step(found, what, round(at, 6), latency, task)
    calls = [entry for entry in found.entries if isinstance(entry, Interaction)]
    return [*found.entries[:1], *in_order_of_answers(calls)]


def in_order_of_answers(calls: Sequence[Interaction]) -> Iterator[Interaction]:
    """As a session writes them: each knows the oldest that was still on its way."""
    ordered = sorted(calls, key=lambda call: (call.ended, call.seq))
    for number, call in enumerate(ordered, 1):
        waiting = [other.asked for other in ordered[number - 1 :] if (other.asked or 0) <= (call.ended or 0)]
        yield replace(call, seq=number, oldest=min(at for at in waiting if at is not None))


def step(found: History, what: str, at: float, latency: float, task: str) -> None:
    beat, finish = "ReportTaskProgress", "SetTaskStatus"
    match what:
        case "beat" | "cancel":
            found.call(beat, at, task=task, response={"canceled": what == "cancel"}, latency=latency)
        case "fields":
            found.call(beat, at, task=task, request={"fields": [{"key": str(at)}]}, latency=latency)
        case "500" | "400" | "gone":
            status = 500 if what == "500" else 400
            error = {"500": INTERNAL, "400": INVALID, "gone": TASK_NOT_FOUND}[what]
            found.call(beat, at, task=task, status=status, error=error, latency=latency)
        case "broken":
            found.call(beat, at, task=task, status=None, broken=Broken.UPSTREAM, latency=latency)
        case "fault":
            found.call(beat, at, task=task, origin=Origin.FAULT, latency=latency)
        case "done":
            found.call(finish, at, task=task, request={"taskStatus": "FINISHED"}, latency=latency)
        case "again":
            body = task_object(f"{task}-again", "Copy_2026-01-02T00:00:00_Attempt=1")
            found.call("PollForTask", at, task=f"{task}-again", response=body, latency=latency)


@given(st.lists(steps, max_size=25), st.sampled_from([DOCUMENTED, STRICT, DOCUMENTED.scaled(0.1)]))
@settings(max_examples=500, deadline=None)
def test_made_up_histories_are_judged_the_same_both_ways(
    moves: list[tuple[float, str, float, str]], profile: Profile
) -> None:
    assert_both_ways_agree(history(moves), profile)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gap", [70.0, 100.0, 400.0, 1000.0])
@pytest.mark.parametrize("beats", [0, 1, 2])
@pytest.mark.parametrize("last", ["beat", "broken"])
def test_what_came_before_a_beat_in_the_normal_course_is_not_forgotten(
    kind: str, gap: float, beats: int, last: str
) -> None:
    usual = [(30.0, "beat", 0.1, "task-1")]
    moves = [*usual * 2, (30.0, kind, 0.1, "task-1"), *usual * beats, (30.0, last, 0.1, "task-1")]
    moves += [(gap, "beat", 0.1, "task-1"), *usual]
    assert_both_ways_agree(history(moves))


def in_plain_order(entries: Entries) -> list[tuple[float, Kind, int]]:
    """The edges of calls, without a heap: sorted by moment, and of equals by who was written first."""
    calls = [entry for entry in entries if isinstance(entry, Interaction)]
    found = [
        (at, number, kind)
        for number, call in enumerate(calls)
        for at, kind in ((call.asked, Kind.ASKED), (call.ended, Kind.ENDED))
        if at is not None
    ]
    return [(at, kind, calls[number].seq) for at, number, kind in sorted(found, key=lambda one: one[:2])]


@given(st.lists(steps, max_size=25))
@settings(max_examples=300, deadline=None)
def test_edges_come_in_the_order_of_time(moves: list[tuple[float, str, float, str]]) -> None:
    entries = history(moves)
    found = [(edge.at, edge.kind, edge.interaction) for edge in edges(entries, Timeline())]
    assert [(at, kind, call.seq) for at, kind, call in found if call] == in_plain_order(entries)
    assert all(a[0] <= b[0] for a, b in itertools.pairwise(found))


def test_a_call_that_ends_before_it_was_asked_has_both_its_edges() -> None:
    call = Interaction("ReportTaskProgress", {}, {}, mono=(5.0, 4.0, 4.0), oldest=4.0, at=ZERO)
    found = [(edge.at, edge.kind) for edge in edges([call], Timeline())]
    assert found == [(4.0, Kind.ENDED), (5.0, Kind.ASKED)]


def test_live_the_first_beat_may_bring_the_deadline_nearer() -> None:
    audit = Audit(replace(DOCUMENTED, rules={"ack-slow": "off", "gap-over-advice": "off"}))
    poll, beat = History().handed(0, reportProgressTimeout="1 minute").beat(5).entries[1:]
    assert isinstance(poll, Interaction)
    assert isinstance(beat, Interaction)
    audit.feed(audit.timeline.passed(1, poll))
    assert audit.next_due() == DOCUMENTED.limits.ack
    audit.feed(audit.timeline.passed(2, beat))
    assert audit.next_due() == 65.0
