from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.sandbox.expressions import ExpressionError, Lookup, evaluate, evaluate_if_possible

NAMES = {
    "name": "A",
    "myX": "x-#{name}",
    "*mySecret": "s",
    "@scheduledStartTime": "2026-11-21T00:00:00",
    "loop": "#{pool}",
    "pool": "#{loop}",
    "big": "x" * 10_000,
    **{f"b{n}": f"#{{b{n + 1}}}" * 900 for n in range(10)},
    "b10": "",
}


def lookup(path: tuple[str, ...]) -> tuple[str, Lookup] | None:
    if path == ("node", "@status"):
        return "RUNNING of #{name}", lambda _path: ("another", lookup)
    return (NAMES[path[0]], lookup) if len(path) == 1 and path[0] in NAMES else None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("plain # { } text", "plain # { } text"),
        ("#{name}", "A"),
        ("s3://b/#{ name }.csv", "s3://b/A.csv"),
        ("#{myX} #{myX}", "x-A x-A"),
        ("#{*mySecret}", "s"),
        ("#{node.@status}", "RUNNING of another"),
        ('#{\'}\' }#{"it\\"s"}', '}it"s'),
        ("#{12}", "12"),
        ("#{format(minusMinutes(@scheduledStartTime,30),'YYYY-MM-dd hh:mm:ss')}", "2026-11-20 11:30:00"),
        ("#{minusDays(@scheduledStartTime, -1)}", "2026-11-22T00:00:00"),
        ("#{year(makeDate(2011,5,24))}", "2011"),
    ],
)
def test_an_expression_becomes_its_value(text: str, result: str) -> None:
    assert evaluate(text, lookup) == result


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#{nothing}", "nothing is called nothing"),
        ("#{node.nothing}", "nothing is called node.nothing"),
        ("#{name", "no closing brace"),
        ("#{}", "ends too early"),
        ("#{rand()}", "the function rand is not supported"),
        ("#{day()}", "day takes 1 values, not 0"),
        ("#{day(name)}", "day: "),
        ("#{'a' + name}", "is not supported"),
        ("#{name name}", "was not expected"),
        ("#{day(name}", "a comma is missing|ends too early"),
        ("#{day(name name)}", "a comma is missing"),
        ("#{(name)}", "was not expected"),
        ("#{loop}", "in a circle"),
        ("#{" + "day(" * 30 + "name" + ")" * 30 + "}", "nested too deep"),
        ("#{big}" * 3_000, "longer than"),
        ("#{b0}", "takes too long"),
        ("#{'" + "x" * 20_000 + "'}", "no closing brace"),
    ],
)
def test_what_cannot_be_evaluated_says_why_and_is_left_alone_in_a_hand_out(text: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        evaluate(text, lookup)
    assert evaluate_if_possible(text, lookup) == text


@given(st.text(alphabet="#{}()',.a1@ \\\"-"))
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    try:
        result = evaluate(text, lookup)
    except ExpressionError:
        return
    assert "#{" in text or result == text
