from __future__ import annotations

from holter.lease import attempt, suppression
from holter.lease.handout import unknown
from holter.lease.judge import Judge, Span
from holter.lease.message import _WHAT
from holter.lease.profile import DOCUMENTED, LIMIT_SOURCES, Limits
from holter.lease.rules import RULES, Severity


def test_severities_are_ordered() -> None:
    assert Severity.NOTE.rank < Severity.WARNING.rank < Severity.ERROR.rank


def test_every_rule_is_judged_somewhere_and_has_a_sentence() -> None:
    judged = {bar.rule for bars in Judge(DOCUMENTED, unknown(DOCUMENTED)).bars.values() for bar in bars}

    assert judged | {attempt.RULE} == set(_WHAT) == set(RULES) - {suppression.RULE}


def test_every_limit_has_a_source_and_every_rule_says_what_to_do() -> None:
    assert set(LIMIT_SOURCES) == set(Limits.__slots__)
    assert all(rule.meaning and rule.action and rule.source for rule in RULES.values())


def test_the_worst_broken_bar_is_found_for_every_span() -> None:
    judge = Judge(DOCUMENTED, unknown(DOCUMENTED))
    table = {
        (Span.BEAT, 76): "gap-over-advice",
        (Span.BEAT, 301): "gap-over-5min",
        (Span.END, 901): "abandoned",
    }

    for (span, seconds), rule in table.items():
        bar = judge.worst(span, seconds)
        assert bar is not None
        assert bar.rule == rule
    assert judge.worst(Span.BEAT, 75) is None
