"""The engine and its plan: what a fault does to a call, and what is kept and judged of it."""

from __future__ import annotations

from tests.faults.scenes import plan
from tests.lease.history import ZERO
from tests.test_session import BEAT, END, REAL, Run

from holter.faults.expect import Expectation
from holter.faults.log import expecting
from holter.wire.codec import answer
from holter.wire.decision import Answer, Forward
from holter.wire.message import Broken, Mark, Moment, Origin


def planned(*rules: str) -> Run:
    return Run(plan(*rules))


def test_an_answer_of_a_fault_after_the_service_stands_beside_the_services_own() -> None:
    run = planned("when: {op: ReportTaskProgress}, then: {error: InternalServiceError, stage: after}")
    run.handed(1.0)
    assert run.ask(BEAT, 2.0, {"taskId": REAL}) == Forward()
    decision = run.session.on_reply(BEAT, answer({"canceled": False}), 2.5, 2.5)

    assert isinstance(decision, Answer)
    assert decision.reply.status == 500
    call = run.tape.calls[1]
    assert (call.status, call.origin, call.fault) == (500, Origin.FAULT, "r1")
    assert call.upstream == {"status": 200, "response": {"canceled": False}}
    lease = run.audit.lease("task-1")
    assert lease is not None
    assert lease.age(12.5) == 10.0, "the service took the beat"


def test_an_answer_that_waits_is_kept_when_it_goes_to_the_client() -> None:
    run = planned("when: {op: ReportTaskProgress}, then: {delay: 5, stage: after}")
    run.ask(BEAT, 2.0, {"taskId": REAL})
    decision = run.session.on_reply(BEAT, answer({"canceled": False}), 2.5, 2.5)
    assert (decision.delay, run.tape.calls) == (5.0, [])
    run.session.on_released(BEAT, 7.5)
    run.session.on_released(BEAT, 8.0)

    (call,) = run.tape.calls
    assert (call.mono, call.origin, call.fault, call.upstream) == ((2.0, 7.5, 7.5), Origin.LIVE, "r1", None)


def test_a_client_that_goes_while_its_answer_waits_does_not_undo_what_the_service_took() -> None:
    run = planned("when: {op: ReportTaskProgress}, then: {delay: 5, stage: after}")
    run.handed(1.0)
    run.ask(BEAT, 2.0, {"taskId": REAL})
    run.session.on_reply(BEAT, answer({"canceled": False}), 2.5, 2.5)
    run.session.on_broken(BEAT, Broken.CLIENT, 3.0)

    call = run.tape.calls[1]
    assert (call.broken, call.origin, (call.upstream or {})["status"]) == (Broken.CLIENT, Origin.FAULT, 200)
    (lease,) = run.audit.leases
    assert lease.beats.ok == 1


def test_every_decision_is_marked_with_the_time_at_which_it_was_made() -> None:
    run = planned("when: {op: ReportTaskProgress}, then: [{delay: 1}, {close: true, stage: after}]")
    run.ask(BEAT, 2.0, {"taskId": REAL})
    run.session.on_reply(BEAT, answer({"canceled": False}), 3.5, 3.5)
    run.session.on_broken(BEAT, Broken.US, 3.5)

    marks = [entry for entry in run.tape.entries if isinstance(entry, Mark) and entry.what == "fault"]
    assert [(mark.at, mark.mono, mark.more["decision"]) for mark in marks] == [
        (ZERO + 2.0, 2.0, "forward"),
        (ZERO + 3.5, 3.5, "break"),
    ]
    assert [mark.more["task"] for mark in marks] == ["task-1", "task-1"]
    assert REAL not in repr(run.tape.entries)


def test_an_answer_of_the_service_goes_to_the_client_as_it_is() -> None:
    run = Run()
    run.ask(BEAT, 2.0, {"taskId": REAL})
    reply = answer({"canceled": False})

    decision = run.session.on_reply(BEAT, reply, 2.5, 2.5)
    assert decision == Answer(reply, Origin.LIVE)
    assert run.session.on_reply("never asked", reply, 2.5, 2.5) == decision


def test_a_plan_knows_what_the_lease_knows() -> None:
    run = planned("when: {lease_age: 60, attempt: '@Copy_*', op: ReportTaskProgress}, then: {cancel: true}")
    run.handed(1.0)
    found = [run.ask(BEAT, at, {"taskId": REAL}, key=at) for at in (30.0, 62.0)]

    assert [isinstance(decision, Answer) for decision in found] == [False, True]


def test_what_a_plan_expects_is_held_against_what_was_kept() -> None:
    run = planned("then: {cancel: true}")
    expect = expecting([Expectation("r1", "no_status", True)])
    run.session.mark(Mark("fault", ZERO, 0.0, {"did": "armed", **expect}))
    run.handed(1.0)
    decision = run.ask(BEAT, 2.0, {"taskId": REAL})
    assert isinstance(decision, Answer)
    run.reply(BEAT, 2.0, decision.reply)
    run.ask(END, 3.0, {"taskId": REAL, "taskStatus": "FINISHED"})
    run.reply(END, 3.0)

    run.session.close(Moment(ZERO + 4, 4.0))

    missed = [finding for finding in run.told.findings if finding.rule == "expectation-missed"]
    assert missed == [finding for finding in run.audit.findings if finding.rule == "expectation-missed"]
    assert [(one.task, one.interactions) for one in missed] == [("task-1", (2, 3))]
    assert missed[0].message == "task-1: after 'r1', it was reported FINISHED; expected no status"


def test_a_plan_forgets_what_ended_and_refuses_nothing_after_the_close() -> None:
    run = planned("when: {op: ReportTaskProgress, at_most_at_once: 1}, then: {refuse: 60}")
    run.ask(BEAT, 2.0, {"taskId": REAL})
    run.session.on_broken(BEAT, Broken.US, 2.0)
    found = [run.session.on_connect(Moment(ZERO + at, at)) for at in (1.9, 2.1)]
    run.session.close(Moment(ZERO + 3, 3.0))

    assert (found, run.session.on_connect(Moment(ZERO + 3, 3.0))) == ([None, "r1"], None)
    marks = [one for one in run.tape.entries if isinstance(one, Mark) and one.more.get("did") == "refused"]
    assert marks == [Mark("fault", ZERO + 2.1, 2.1, {"did": "refused", "rule": "r1"})]
