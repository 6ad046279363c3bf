from __future__ import annotations

from typing import Any

import pytest

from holter.report.selection import Selection, When, when
from holter.wire.message import Broken, Interaction, Mark

CALL = Interaction("PollForTask", {}, at=1010.0, mono=(10.0, 11.0, 11.0), task="task-1", status=200)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("10", When(10.0, since_start=True)),
        ("0.5", When(0.5, since_start=True)),
        ("1970-01-01T00:16:40Z", When(1000.0, since_start=False)),
        ("1970-01-01T00:16:40", When(1000.0, since_start=False)),
        ("1970-01-01T01:16:40+01:00", When(1000.0, since_start=False)),
    ],
)
def test_a_moment_is_seconds_or_a_time(text: str, moment: When) -> None:
    assert when(text) == moment


@pytest.mark.parametrize("text", ["", "noon", "-1", "nan", "inf", "25:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is n"):
        when(text)


@pytest.mark.parametrize(
    ("filters", "takes"),
    [
        ({}, True),
        ({"task": "task-1"}, True),
        ({"task": "task-2"}, False),
        ({"op": "PollForTask"}, True),
        ({"op": "SetTaskStatus"}, False),
        ({"errors": True}, False),
        ({"since": when("10")}, True),
        ({"since": when("10.1")}, False),
        ({"until": when("10")}, True),
        ({"until": when("9.9")}, False),
        ({"since": when("1970-01-01T00:16:51Z")}, False),
        ({"until": when("1970-01-01T00:16:51Z"), "task": "task-1"}, True),
    ],
)
def test_a_call_has_to_pass_all_filters(filters: dict[str, Any], takes: bool) -> None:
    assert Selection(**filters, start=1000.0).takes(CALL) is takes


@pytest.mark.parametrize("change", [{"status": 400}, {"error": "X"}, {"broken": Broken.CLIENT}])
def test_errors_are_what_was_refused_or_broke(change: dict[str, Any]) -> None:
    assert Selection(errors=True).takes(Interaction("PollForTask", {}, **change))


@pytest.mark.parametrize(
    ("call", "text", "takes"),
    [
        (Interaction("X", {}, mono=(5.0, None, None)), "4", True),
        (Interaction("X", {}, mono=(5.0, None, None)), "6", False),
        (Interaction("X", {}, mono=(5.0, None, None)), "1970-01-01T00:00:00Z", False),
        (Interaction("X", {}), "0", False),
        (Mark("note", mono=5.0), "4", True),
        (Mark("note", mono=5.0), "6", False),
    ],
)
def test_without_a_start_the_monotonic_clock_counts(call: Interaction | Mark, text: str, takes: bool) -> None:
    assert Selection(since=when(text)).takes(call) is takes


def test_with_a_start_a_call_without_a_wall_clock_has_its_time() -> None:
    call = Interaction("X", {}, mono=(5.0, None, None))
    assert Selection(since=when("1970-01-01T00:16:45Z"), start=1000.0).takes(call)
