"""delay, as a plan asks for it."""

from __future__ import annotations

from statistics import mean, stdev

import pytest

from holter.faults.chance import Chance
from holter.faults.delay import Delay
from holter.wire.decision import Answer, Forward
from holter.wire.message import Origin

from .scenes import after, asked, before, live, plan, refusal


def drawn(delay: Delay) -> list[float]:
    return [delay.seconds(Chance("test", number)) for number in range(2_000)]


def test_a_fixed_delay_waits_before_the_service() -> None:
    assert before("then: {delay: 2.5}") == Forward(2.5, by="r1")


def test_after_the_service_the_answer_waits_and_is_still_the_services() -> None:
    decision = after("then: {delay: 2.5, stage: after}")

    assert isinstance(decision, Answer)
    assert (decision.delay, decision.origin, decision.reply, decision.by) == (2.5, Origin.LIVE, live(), "r1")


def test_delays_add_up_and_go_before_what_follows() -> None:
    decision = before("then: [{delay: 1}, {cancel: true}, {delay: 2, stage: after}]")

    assert isinstance(decision, Answer)
    assert (decision.delay, decision.reply.body) == (3.0, {"canceled": True})


def test_a_uniform_delay_is_spread_evenly_between_its_ends() -> None:
    found = drawn(Delay(3.0, 1.0))

    assert 2.0 <= min(found) < 2.05
    assert 3.95 < max(found) <= 4.0
    assert mean(found) == pytest.approx(3.0, abs=0.1)


def test_a_normal_delay_has_its_mean_and_deviation_within_its_bounds() -> None:
    found = drawn(Delay(10.0, 2.0, normal=True))
    assert mean(found) == pytest.approx(10, abs=0.2)
    assert stdev(found) == pytest.approx(2, abs=0.2)

    bound = drawn(Delay(10.0, 5.0, normal=True, least=9.0, most=11.0))
    assert (min(bound), max(bound)) == (9.0, 11.0)


def test_no_delay_is_negative() -> None:
    assert min(drawn(Delay(0.1, 5.0, normal=True))) == 0.0


def test_a_scale_scales_it() -> None:
    assert plan("then: {delay: 20}", scale=0.01).before(asked()) == Forward(0.2, by="r1")
    two = plan("then: {delay: {normal: [10, 2], min: 9, max: 11}}", scale=0.01).before(asked())
    assert isinstance(two, Forward)
    assert 0.09 <= two.delay <= 0.11


@pytest.mark.parametrize(
    ("delay", "said"),
    [
        ("-1", "then.delay: must be above 0 seconds, not -1"),
        ("0", "must be above 0 seconds"),
        ("86401", "then.delay: must be at most 86400 seconds, a day, which outlasts any client; not 86401"),
        ("{uniform: [1, 1e9]}", "then.delay.uniform[1]: must be at most 86400 seconds"),
        ("soon", "must be a number, not 'soon'"),
        ("1e999", "must be a finite number"),
        ("{uniform: [3, 1]}", "then.delay.uniform: must go from less to more"),
        ("{uniform: [1]}", "must be a list of two numbers"),
        ("{uniform: [-1, 3]}", "then.delay.uniform[0]: must be 0 or more seconds"),
        ("{normal: [1, 2], uniform: [1, 2]}", "or hold either uniform"),
        ("{min: 1}", "or hold either uniform"),
        ("{normal: [1, 2], min: 3, max: 2}", "then.delay.min: must not be above max"),
        ("{norml: [1, 2]}", "did you mean normal?"),
    ],
)
def test_a_delay_that_cannot_be_is_refused(delay: str, said: str) -> None:
    assert said in refusal(f"then: {{delay: {delay}}}")
