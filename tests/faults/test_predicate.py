"""Conditions on requests and answers."""

from __future__ import annotations

import pytest

from holter.faults.node import PlanError
from holter.faults.predicate import read, steps, values
from holter.faults.yamlnodes import load
from holter.wire.message import Payload

BODY = {
    "taskStatus": "FAILED",
    "code": 3,
    "ok": True,
    "fields": [{"key": "percentComplete", "stringValue": "50"}, {"key": "log"}],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", ()),
        ("$.a", ("a",)),
        ("a.b", ("a", "b")),
        ("$.a[0].b", ("a", 0, "b")),
        ("a[*]", ("a", None)),
        ("[2]", (2,)),
        ("$.@attempt_1", ("@attempt_1",)),
    ],
)
def test_a_path_has_steps(path: str, found: tuple[object, ...]) -> None:
    assert steps(path) == found


@pytest.mark.parametrize("path", ["$.a[", "a[x]", "a..b", "a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path such as"):
        steps(path)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.fields[*].key", ["percentComplete", "log"]),
        ("$.fields[1].key", ["log"]),
        ("$.fields[9].key", []),
        ("$.fields[*].stringValue", ["50"]),
        ("$.fields.key", []),
        ("$.code[0]", []),
        ("$", [BODY]),
    ],
)
def test_a_path_finds_what_stands_there(path: str, found: list[object]) -> None:
    assert list(values(BODY, steps(path))) == found  # type: ignore[arg-type]  # JSON, more narrowly typed


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("{taskStatus: FAILED}", True),
        ("{taskStatus: FINISHED}", False),
        ("{$.code: 3}", True),
        ("{ok: 1}", False),
        ("{code: true}", False),
        ("{code: {above: 2}}", True),
        ("{code: {above: 3}}", False),
        ("{code: {below: 4}}", True),
        ("{ok: {above: 0}}", False),
        ("{taskStatus: {not: FINISHED}}", True),
        ("{absent: {not: FINISHED}}", False),
        ("{taskStatus: {matches: ^FAI}}", True),
        ("{code: {matches: '3'}}", False),
        ("{absent: {present: false}}", True),
        ("{code: {present: false}}", False),
        ("{code: {present: true}}", True),
        ("{'$.fields[*].key': log}", True),
        ("{'$.fields[0]': {is: {key: percentComplete, stringValue: '50'}}}", True),
        ("{taskStatus: FAILED, code: 4}", False),
        ("{}", True),
    ],
)
def test_conditions_hold_where_a_value_fits(text: str, holds: bool) -> None:
    assert all(test.holds(BODY) for test in read(load(text, "p"))) is holds  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize(("body", "holds"), [(b"bytes", False), (None, False), ([], False)])
def test_a_body_that_is_no_object_has_nothing(body: Payload, holds: bool) -> None:
    (test,) = read(load("{a: {present: true}}", "p"))

    assert test.holds(body) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a: {match: x}}", "is an unknown comparison (did you mean matches?)"),
        ("{a: {above: 1, below: 2}}", "must hold one comparison, not 2"),
        ("{a: {matches: '('}}", "is no regular expression"),
        ("{a: {present: 1}}", "must be true or false, not 1"),
        ("{'a[': 1}", "is no path such as"),
        ("5", "must be a mapping"),
    ],
)
def test_a_condition_that_cannot_be_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        read(load(text, "p"))
    assert said in str(wrong.value)
