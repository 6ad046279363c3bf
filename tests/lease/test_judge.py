from __future__ import annotations

from dataclasses import replace

import pytest

from holter.lease.finding import Limit
from holter.lease.handout import Handout, unknown
from holter.lease.judge import Judge, Judges, Span
from holter.lease.profile import DOCUMENTED, PIPELINE_SOURCE, RELAXED, STRICT, Profile
from holter.lease.rules import RULES

TEN_MINUTES = Limit("reportProgressTimeout", 600.0, PIPELINE_SOURCE)
SHORT = Handout(None, None, None, None, Limit("reportProgressTimeout", 120.0, PIPELINE_SOURCE), True)


def judge(profile: Profile = DOCUMENTED, handout: Handout | None = None) -> Judge:
    return Judge(profile, handout or unknown(profile))


def worst(found: Judge, span: Span, seconds: float) -> str | None:
    bar = found.worst(span, seconds)
    return bar.rule if bar else None


@pytest.mark.parametrize(
    ("span", "seconds", "rule"),
    [
        (Span.ACK, 75, None),
        (Span.ACK, 75.001, "ack-slow"),
        (Span.ACK, 120, "ack-slow"),
        (Span.ACK, 120.001, "ack-late"),
        (Span.UNACKED, 120, None),
        (Span.UNACKED, 120.001, "ack-missing"),
        (Span.WAITING, 75.001, "ack-slow"),
        (Span.WAITING, 120.001, "ack-missing"),
        (Span.DONE, 0, None),
        (Span.DONE, 0.001, "finished-without-ack"),
        (Span.DONE, 120.001, "ack-missing"),
        (Span.BEAT, 75, None),
        (Span.BEAT, 75.001, "gap-over-advice"),
        (Span.BEAT, 300, "gap-over-advice"),
        (Span.BEAT, 300.001, "gap-over-5min"),
        (Span.BEAT, 900, "gap-over-5min"),
        (Span.BEAT, 900.001, "gap-over-limit"),
        (Span.TAIL, 75.001, "tail-over-advice"),
        (Span.TAIL, 300.001, "tail-over-5min"),
        (Span.TAIL, 900.001, "tail-over-limit"),
        (Span.END, 75.001, "tail-over-advice"),
        (Span.END, 300.001, "tail-over-5min"),
        (Span.END, 900.001, "abandoned"),
    ],
)
def test_a_gap_breaks_the_worst_rule_whose_limit_it_is_over(
    span: Span, seconds: float, rule: str | None
) -> None:
    assert worst(judge(), span, seconds) == rule


def test_every_span_is_judged() -> None:
    assert set(judge().bars) == set(Span)


@pytest.mark.parametrize("seconds", [120.5, 301, 901])
def test_the_pipelines_own_limit_rules_even_where_it_is_shorter_than_the_advice(seconds: float) -> None:
    found = judge(handout=SHORT)

    assert worst(found, Span.BEAT, seconds) == "gap-over-limit"
    assert worst(found, Span.TAIL, seconds) == "tail-over-limit"
    assert worst(found, Span.END, seconds) == "abandoned"


def test_a_longer_limit_of_the_pipeline_leaves_the_warning_at_five_minutes() -> None:
    handout = replace(SHORT, limit=replace(SHORT.limit, seconds=3600.0))

    assert worst(judge(handout=handout), Span.BEAT, 3600) == "gap-over-5min"


def test_a_bar_names_its_limit_and_source() -> None:
    bar = judge(handout=replace(SHORT, limit=TEN_MINUTES)).worst(Span.BEAT, 601)

    assert bar is not None
    assert (bar.limit, bar.seconds, bar.severity) == (TEN_MINUTES, 600.0, "error")


def test_a_profile_re_grades_and_switches_off() -> None:
    strict = judge(STRICT).worst(Span.BEAT, 301)
    assert strict is not None
    assert (strict.rule, strict.severity) == ("gap-over-5min", "error")
    assert judge(RELAXED).worst(Span.BEAT, 899) is None
    assert worst(judge(RELAXED), Span.BEAT, 901) == "gap-over-limit"


def test_equal_grades_are_told_by_the_larger_limit() -> None:
    assert worst(judge(STRICT), Span.BEAT, 901) == "gap-over-limit"
    assert worst(judge(STRICT), Span.END, 901) == "abandoned"


def test_a_tolerance_moves_the_bar_and_not_the_limit() -> None:
    bar = judge(replace(DOCUMENTED, tolerance={"silence": 10.0})).worst(Span.BEAT, 311)

    assert bar is not None
    assert (bar.rule, bar.limit.seconds, bar.seconds) == ("gap-over-5min", 300.0, 310.0)


GAPS = {bar.rule for bars in judge().bars.values() for bar in bars}


def test_only_known_rules_are_about_gaps() -> None:
    assert set(RULES) > GAPS >= {"ack-missing", "gap-over-limit", "abandoned"}


@pytest.mark.parametrize("rule", sorted(GAPS))
def test_a_rule_that_is_switched_off_is_never_broken(rule: str) -> None:
    found = judge(replace(DOCUMENTED, rules={rule: "off"}))

    assert rule not in {bar.rule for bars in found.bars.values() for bar in bars}
    assert {bar.rule for bars in found.bars.values() for bar in bars} == GAPS - {rule}


def test_scaled_limits_are_judged_by_as_they_are() -> None:
    assert worst(judge(DOCUMENTED.scaled(0.01)), Span.BEAT, 3.001) == "gap-over-5min"
    assert worst(judge(DOCUMENTED.scaled(0.01)), Span.BEAT, 2.999) == "gap-over-advice"


def test_leases_with_the_same_limit_have_one_judge() -> None:
    judges = Judges(DOCUMENTED)
    assert judges.of(SHORT) is judges.of(replace(SHORT, attempt="@A", limit=replace(SHORT.limit)))
    assert judges.of(SHORT) is not judges.of(unknown(DOCUMENTED))
    for seconds in range(3000):
        limit = Limit("reportProgressTimeout", float(seconds), PIPELINE_SOURCE)
        bar = judges.of(replace(SHORT, limit=limit)).bars[Span.BEAT][0]
        assert bar.limit == limit


def test_up_to_the_lowest_bar_nothing_is_broken() -> None:
    for profile in (DOCUMENTED, STRICT, RELAXED):
        found = judge(profile, SHORT)
        for span, seconds in found.lowest.items():
            assert found.worst(span, seconds) is None
            assert seconds == min(bar.seconds for bar in found.bars[span])
