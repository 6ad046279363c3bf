from __future__ import annotations

from dataclasses import replace

import pytest

from holter.lease.finding import Certainty, Gap, Limit
from holter.lease.judge import Bar
from holter.lease.message import _WHAT, describe
from holter.lease.rules import RULES
from holter.lease.watch import Broken


def broken(
    rule: str = "gap-over-limit",
    limit: float = 900.0,
    gap: tuple[float, float] = (901.0, 901.0),
    *,
    cause: str | None = None,
    refused: tuple[str, ...] = (),
    name: str = "progress",
) -> Broken:
    bar = Bar(rule, RULES[rule].severity, Limit(name, limit, "source"), limit)
    return Broken(bar, Certainty.CERTAIN, cause, Gap(*gap), 0.0, (), refused)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (broken(), "task-1 had no beat for 901.00 s; the limit is 900 s (progress)"),
        (
            broken(gap=(901.234, 905.678)),
            "task-1 had no beat for 901.23 to 905.68 s; the limit is 900 s (progress)",
        ),
        (broken(gap=(900.001, 900.001)), "task-1 had no beat for 900.001 s; the limit is 900 s (progress)"),
        (
            replace(broken("ack-missing", 120.0, (119.99, 119.99), name="ack"), shown=True),
            "task-1 was handed out and not acknowledged for 119.99 s, then the service took it away; "
            "the limit is 120 s (ack), which the service counts from a moment earlier",
        ),
        (broken(gap=(901.001, 901.002)), "task-1 had no beat for 901.00 s; the limit is 900 s (progress)"),
        (
            broken("finished-without-ack", 0.0, (3.0, 3.0), name="ack"),
            "task-1 ended 3.00 s after it was handed out, without any ReportTaskProgress",
        ),
        (
            broken(cause="fault"),
            "task-1 had no beat for 901.00 s; the limit is 900 s (progress);"
            " beats in it were answered by a fault of ours",
        ),
        (
            broken(refused=("ThrottlingException", "an error", "ThrottlingException")),
            "task-1 had no beat for 901.00 s; the limit is 900 s (progress);"
            " refused in it: 2 x ThrottlingException, 1 x an error",
        ),
    ],
)
def test_a_finding_is_one_sentence(found: Broken, sentence: str) -> None:
    assert describe("task-1", found) == sentence


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(900.0, "900"), (1_209_600.0, "1209600"), (0.6, "0.6"), (900 * 0.0011, "0.99"), (0.000123, "0.000123")],
)
def test_a_limit_is_told_in_plain_digits(seconds: float, text: str) -> None:
    assert f"the limit is {text} s (progress)" in describe("t", broken(limit=seconds))


@pytest.mark.parametrize("rule", _WHAT)
def test_every_rule_has_a_sentence_that_tells_the_gap(rule: str) -> None:
    sentence = describe("task-7", broken(rule))

    assert sentence.startswith("task-7 ")
    assert "901.00 s" in sentence
    assert "{" not in sentence
