"""A session that keeps nothing."""

from __future__ import annotations

from tests.faults.scenes import BEAT, text
from tests.told import Told

from holter.faults.planfile import parse
from holter.faults.plans import Plans
from holter.lease.profile import Profile
from holter.trial import Trial
from holter.wire.codec import answer
from holter.wire.decision import Deed, Forward, Order
from holter.wire.message import Call


def test_calls_are_judged_and_the_service_is_told_what_to_do() -> None:
    rule = "then: {lose_lease: true}, expect: {sends: FAILED}"
    told = Told()
    trial = Trial(parse(text(rule), "p"), Profile(), told)
    session, now = trial.session, trial.clock.now()

    decision = session.on_call(1, Call(BEAT, {"taskId": "real-1"}, now))
    assert decision == Forward(by="r1", order=Order(Deed.TAKE, "real-1"))
    session.on_reply(1, answer({"canceled": False}), now.mono, now.mono)
    trial.close()

    assert [call.fault for call, _ in told.calls] == ["r1"]
    assert [one.rule for one in trial.audit.findings if one.severity == "error"] == ["expectation-missed"]
    assert trial.lost == 0


def test_without_a_plan_nothing_is_decided_and_a_seed_is_drawn_all_the_same() -> None:
    trial = Trial(Plans(), Profile(), Told())

    assert trial.session.on_call(1, Call(BEAT, {"taskId": "x"}, trial.clock.now())) == Forward()
    assert isinstance(trial.plans.seed, int)
