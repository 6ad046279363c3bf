"""swallow, as a plan asks for it."""

from __future__ import annotations

from holter.faults.plans import Mode
from holter.wire.decision import Cut

from .scenes import BEAT, END, asked, cut, live, plan, refusal


def test_the_service_gets_each_tasks_first_beat_and_the_runner_hears_nothing() -> None:
    made = plan("then: {swallow_ack: true}")
    found = []
    for task in ("a", "b", "a"):
        call = asked(BEAT, task)
        assert made.before(call) is None
        found.append(made.after(call, live()))
        made.ended(call)

    assert [decision is not None for decision in found] == [True, True, False]
    decision = cut(found[0])
    assert (decision.cut, decision.delay, decision.by) == (Cut.CLOSE, 0.0, "r1")


def test_a_status_is_swallowed_after_a_silence() -> None:
    made, call = plan("then: {swallow_status: true, silent_for: 3}"), asked(END)

    assert made.before(call) is None
    assert cut(made.after(call, live())).delay == 3.0


def test_the_silence_ends_within_a_day() -> None:
    said = refusal("then: {swallow_status: true, silent_for: 1e6}")

    assert "$.rules[0].then.silent_for: must be at most 86400 seconds, a day" in said


def test_another_number_can_be_meant() -> None:
    made = plan("when: {nth_of_task: 2}, then: {swallow_ack: true}")
    calls = [asked(), asked()]

    assert [made.after(call, live()) is not None for call in calls if not made.before(call)] == [False, True]


def test_where_there_is_no_service_nothing_can_be_swallowed() -> None:
    assert "needs a service behind Holter, which replay has not" in refusal(
        "then: {swallow_ack: true}", mode=Mode.REPLAY
    )
