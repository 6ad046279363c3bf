from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

from holter.lease import attempt, conduct, rules, suppression
from holter.lease.catalogue import gaps, reactions
from holter.lease.handout import unknown
from holter.lease.judge import Judge, Span
from holter.lease.message import _WHAT
from holter.lease.profile import DOCUMENTED, Limits
from holter.lease.rules import RULES, Severity
from holter.lease.sources import LIMIT_SOURCES

CONDUCT = Path(conduct.__file__ or "").parent


def test_severities_are_ordered() -> None:
    assert Severity.NOTE.rank < Severity.WARNING.rank < Severity.ERROR.rank


def test_every_rule_about_a_gap_is_judged_and_has_a_sentence() -> None:
    judged = {bar.rule for bars in Judge(DOCUMENTED, unknown(DOCUMENTED)).bars.values() for bar in bars}

    assert judged | {attempt.RULE} == {row.id for row in gaps.ROWS} == set(_WHAT)


def test_no_id_stands_twice() -> None:
    assert len(RULES) == sum(len(topic.ROWS) for topic in rules._TOPICS)


def test_every_other_rule_is_named_once_by_the_observers() -> None:
    source = "".join(path.read_text() for path in CONDUCT.glob("*.py"))
    unnamed = [rule for rule in RULES if f'"{rule}"' not in source]

    assert unnamed == [*(row.id for row in (*gaps.ROWS, *reactions.ROWS)), suppression.RULE]


def test_every_limit_has_a_source_and_every_rule_says_what_to_do() -> None:
    assert set(LIMIT_SOURCES) == {limit.name for limit in fields(Limits)}
    assert all(all(asdict(rule).values()) for rule in RULES.values())


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
