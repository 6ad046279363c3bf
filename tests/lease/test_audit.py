"""The audit as a whole: live and from the file it says the same."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from holter.lease.audit import Audit, audited
from holter.lease.finding import Finding, State
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Mark

from .history import ZERO, History


def live(entries: list[Interaction | Mark], told: list[Finding] | None = None) -> Audit:
    """Feed edges as a session does: each at its own moment; `told` takes what is said of them meanwhile."""
    told = [] if told is None else told
    audit = Audit(DOCUMENTED)
    moments: list[tuple[float, int, Interaction | Mark, str]] = []
    for number, entry in enumerate(entries):
        if isinstance(entry, Mark):
            moments.append((entry.mono or 0.0, number, entry, "mark"))
        else:
            moments.append((entry.asked or 0.0, number, entry, "asked"))
            moments.append((entry.ended or 0.0, number, entry, "ended"))
    for at, number, entry, edge in sorted(moments, key=lambda moment: (moment[0], moment[1])):
        audit.due(at)
        if isinstance(entry, Mark):
            told += audit.mark(entry)
        elif edge == "asked":
            told += audit.feed(audit.timeline.asked(number, entry))
        else:
            told += audit.feed(audit.timeline.ended(number, entry))
    audit.close()
    return audit


def random_history(seed: int) -> list[Interaction | Mark]:
    """A made-up recording: several tasks, slow and lost answers, refusals, cancels, redelivery."""
    chance = random.Random(seed)
    calls: list[Interaction] = []
    for number in range(1, chance.randint(2, 5)):
        task, at = f"task-{number}", chance.uniform(0, 100)
        attempt = f"A{chance.randint(1, 3)}_2026-01-02T00:00:00_Attempt=1"
        history = History(latency=chance.uniform(0, 3)).handed(at, task, attempt)
        for _ in range(chance.randint(0, 8)):
            at += chance.choice([1, 30, 70, 130, 310, 905]) * chance.uniform(0.9, 1.1)
            kind = chance.random()
            if kind < 0.7:
                history.beat(at, task=task, canceled=chance.random() < 0.05)
            elif kind < 0.8:
                history.failing(at, 500, "InternalServiceError", task=task)
            elif kind < 0.9:
                history.failing(at, 400, "ThrottlingException", task=task)
            else:
                history.failing(at, 400, "TaskNotFoundException", task=task)
        if chance.random() < 0.6:
            history.finished(at + chance.uniform(0, 400), task)
        calls += [entry for entry in history.entries if isinstance(entry, Interaction)]
    return written(calls)


def written(calls: list[Interaction]) -> list[Interaction | Mark]:
    calls.sort(key=lambda call: call.ended or 0.0)
    entries: list[Interaction | Mark] = [Mark("started", ZERO, 0.0)]
    for seq, call in enumerate(calls, 1):
        oldest = min(other.asked or 0.0 for other in calls[seq - 1 :])
        entries.append(replace(call, seq=seq, oldest=oldest))
    end = max((call.ended or 0.0 for call in calls), default=0.0) + 50
    return [*entries, Mark("stopped", ZERO + end, end)]


@given(st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_live_and_from_the_file_the_findings_are_the_same(seed: int) -> None:
    entries = random_history(seed)

    assert live(entries).findings == audited(entries, DOCUMENTED).findings


def test_a_deadline_is_reported_when_it_passes_and_again_when_the_gap_has_ended() -> None:
    history = History().handed(0).beat(1)
    audit = Audit(DOCUMENTED)
    audit.read(history.entries)

    assert audit.next_due() == 1 + 75
    assert audit.due(1 + 75) == []
    assert [finding.rule for finding in audit.due(77)] == ["gap-over-advice"]
    assert audit.due(200) == []
    assert audit.next_due() == 301
    assert [finding.rule for finding in audit.due(302)] == ["gap-over-5min"]
    (lost,) = audit.due(902)
    assert (lost.rule, lost.state, lost.severity) == ("gap-over-limit", State.OPEN, "error")
    assert audit.next_due() == float("inf")
    assert audit.findings == []


def test_while_a_beat_is_in_flight_no_deadline_passes() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(History().handed(0).beat(1).entries)
    (call,) = [entry for entry in History().beat(890).entries if isinstance(entry, Interaction)]
    audit.due(880)
    audit.feed(audit.timeline.asked("x", call))

    assert audit.due(5000) == []


def test_an_unacknowledged_task_is_reported_at_the_ack_limit() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(History().handed(0).entries)

    assert [finding.rule for finding in audit.due(76)] == ["ack-slow"]
    assert [finding.rule for finding in audit.due(120.5)] == ["ack-missing"]


def test_blind_time_is_never_blamed_on_the_runner() -> None:
    history = History().handed(0).beat(0).mark("stopped", 50).mark("started", 0.0, ZERO + 2000)
    (finding,) = history.beat(10).mark("stopped", 20).findings()

    assert (finding.rule, finding.certainty) == ("gap-over-limit", "possible")


def test_a_lease_goes_on_over_a_restart() -> None:
    history = History().handed(0).beat(0).mark("stopped", 10).mark("started", 0.0, ZERO + 20)
    audit = history.beat(10, 340).finished(341).audit()

    assert [finding.rule for finding in audit.findings] == ["gap-over-5min"]
    assert [lease.beats.ok for lease in audit.leases] == [3]


def test_the_same_task_id_handed_out_twice_is_one_lease() -> None:
    audit = History().handed(0).beat(1).handed(30).beat(31).finished(32).audit()

    assert len(audit.leases) == 1


def test_a_gap_in_which_entries_were_lost_is_possible_at_most() -> None:
    history = History().handed(0).beat(0)
    history.entries.append(Mark("lost", ZERO + 900, 900.0, {"count": 15, "why": "disk full", "since": 50.0}))

    assert history.beat(950).finished(951).rules() == ["gap-over-limit?"]


def test_a_lesser_rule_is_not_told_after_a_worse_one() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(History().handed(0, reportProgressTimeout="2 minutes").beat(1).entries)

    assert [finding.rule for finding in audit.due(125)] == ["gap-over-limit"]
    assert audit.due(302) == []


def test_while_a_task_is_not_acknowledged_nothing_says_that_it_was() -> None:
    audit = Audit(DOCUMENTED)
    audit.read(History().handed(0).entries)
    (told,) = audit.due(80)

    assert (told.rule, told.state) == ("ack-slow", State.OPEN)
    assert (
        told.message == "task-1 was handed out and not acknowledged for 80.00 s; the limit is 60 s (advice)"
    )
