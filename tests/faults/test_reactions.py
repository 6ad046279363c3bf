"""What runners did after faults."""

from __future__ import annotations

import pytest

from holter.faults.expect import EXPECTATIONS, Expectation
from holter.faults.log import expecting
from holter.faults.reactions import _CHECKS, Missed, Reactions
from holter.wire.message import Interaction, Json, Mark

from .scenes import BEAT, END, POLL, WALL


def call(
    op: str, at: float, *, fault: str | None = None, task: str | None = "task-1", **more: object
) -> Interaction:
    request: Json = {"taskStatus": str(more.pop("status", "FINISHED"))} if op == END else {}
    return Interaction(
        op,
        request,
        seq=int(at * 10),
        at=WALL + at,
        mono=(at, at + 0.1, at + 0.1),
        caller=str(more.pop("caller", "runner-1")),
        task=None if op == POLL else task,
        fault=fault,
    )


GROWING = "retries_with_growing_pauses"
FAULT = call(BEAT, 1.0, fault="r")
"""What the runner knows of 1.1 seconds after the start."""


def armed(expectations: list[Expectation]) -> Reactions:
    """Reactions that are armed as a recording says it."""
    reactions = Reactions()
    reactions.mark(Mark("fault", WALL, 0.0, {"did": "armed", "rules": ["r"], **expecting(expectations)}))
    return reactions


def missed(name: str, value: float | str | bool, *later: Interaction) -> list[Missed]:
    reactions = armed([Expectation("r", name, value)])
    for one in (call(BEAT, 0.5), FAULT, *later):
        reactions.feed(one)
    return reactions.close()


@pytest.mark.parametrize(
    ("name", "value", "later", "said"),
    [
        ("stops_within", 5.0, [call(BEAT, 6.0)], None),
        ("stops_within", 5.0, [call(BEAT, 6.0), call(BEAT, 6.2)], "told of 5.10 s later; expected none"),
        ("stops_within", 5.0, [call(BEAT, 60.0, task="task-2"), call(POLL, 61.0)], None),
        ("no_status", True, [call(BEAT, 2.0)], None),
        ("no_status", True, [call(END, 2.0)], "it was reported FINISHED; expected no status"),
        ("no_status", True, [call(END, 2.0, task="task-2")], None),
        ("sends", "FAILED", [call(END, 2.0, status="FAILED")], None),
        ("sends", "FAILED", [call(END, 2.0)], "it was reported FINISHED; expected FAILED"),
        ("sends", "FAILED", [], "no status followed; expected FAILED"),
        ("polls_again", True, [call(POLL, 900.0)], None),
        ("polls_again", True, [call(POLL, 2.0, caller="runner-2")], "no poll followed; expected a poll"),
        ("polls_again", 5.0, [call(POLL, 6.0)], None),
        ("polls_again", 5.0, [call(POLL, 7.0)], "the next poll came 5.90 s later; expected a poll"),
        ("polls_again", 5.0, [call(BEAT, 3.0)], None),
        ("polls_again", 5.0, [call(BEAT, 9.0)], "no poll followed; expected a poll within 5.0 s"),
        ("retries_within", 5.0, [call(BEAT, 3.0)], None),
        ("retries_within", 5.0, [call(BEAT, 7.0)], "was tried again 5.90 s later; expected it within 5.0 s"),
        ("retries_within", 5.0, [call(POLL, 9.0)], "was not tried again; expected it within 5.0 s"),
        ("retries_within", 5.0, [call(POLL, 3.0)], None),
        (GROWING, True, [call(BEAT, 2.0, fault="r"), call(BEAT, 4.0)], None),
        (GROWING, True, [call(BEAT, 2.0, fault="r"), call(BEAT, 4.0), call(BEAT, 5.0)], None),
        (
            GROWING,
            True,
            [call(BEAT, 3.0, fault="r"), call(BEAT, 4.0)],
            "tried again after 2.00, 1.00 s; expected growing pauses",
        ),
        (GROWING, True, [call(POLL, 3.0)], "ReportTaskProgress was not tried again"),
    ],
)  # fmt: skip
def test_a_reaction_is_what_the_runner_did(
    name: str, value: float | str, later: list[Interaction], said: str | None
) -> None:
    found = missed(name, value, *later)

    if said is None:
        assert found == []
    else:
        (one,) = found
        assert said in one.text
        assert one.text.startswith("task-1: after 'r', ")
        assert (one.task, one.caller, one.calls[0]) == ("task-1", "runner-1", FAULT.seq)
        assert one.at == pytest.approx(WALL + 1.1)


@pytest.mark.parametrize(
    ("value", "marks", "said", "certain"),
    [
        (
            True,
            {"exited": 0},
            "no poll followed before the command ended with exit code 0; expected a poll",
            False,
        ),
        (
            True,
            {"exited": 3},
            "no poll followed before the command ended with exit code 3; expected a poll",
            True,
        ),
        (True, {"error": "x"}, "no poll followed; expected a poll", True),
        (5.0, {"exited": 0}, "exit code 0; expected a poll within 5.0 s", False),
    ],
)
def test_of_a_runner_that_left_it_is_said_that_it_did(
    value: float | bool, marks: dict[str, Json], said: str, certain: bool
) -> None:
    reactions = armed([Expectation("r", "polls_again", value)])
    reactions.read([FAULT, call(BEAT, 9.0), Mark("note", WALL + 10, 10.0, marks)])

    (found,) = reactions.close()
    assert found.text.endswith(said)
    assert found.certain is certain


@pytest.mark.parametrize("code", [0, 1])
def test_a_runner_that_polled_and_then_left_has_polled_again(code: int) -> None:
    entries: list[Interaction | Mark] = [
        FAULT,
        call(POLL, 9.0),
        Mark("note", WALL + 10, 10.0, {"exited": code}),
    ]
    late, soon = (armed([Expectation("r", "polls_again", value)]) for value in (5.0, True))
    late.read(entries)
    soon.read(entries)

    assert [one.certain for one in late.close()] == [True]
    assert soon.close() == []


def test_the_end_of_a_command_says_nothing_of_faults_after_it_and_of_other_expectations() -> None:
    reactions = armed([Expectation("r", "polls_again", True), Expectation("r", "sends", "FAILED")])
    reactions.read([FAULT, Mark("note", WALL + 2, 2.0, {"exited": 0}), call(BEAT, 3.0, fault="r", task="t")])

    told = [(one.task, one.expectation.name, one.certain) for one in reactions.close()]
    assert told == [
        ("task-1", "polls_again", False),
        ("task-1", "sends", True),
        ("t", "polls_again", True),
        ("t", "sends", True),
    ]


def test_each_task_that_a_rule_met_is_judged_by_itself_and_once() -> None:
    reactions = armed([Expectation("r", "sends", "FAILED"), Expectation("other", "no_status", True)])
    for one in (
        call(BEAT, 1.0, fault="r", task="task-1"),
        call(BEAT, 1.0, fault="r", task="task-2"),
        call(BEAT, 2.0, fault="r", task="task-1"),
        call(END, 3.0, task="task-1", status="FAILED"),
        call(END, 3.0, task="task-2"),
    ):
        reactions.feed(one)

    assert [one.task for one in reactions.close()] == ["task-2"]


def test_of_a_call_without_a_task_it_is_the_runner() -> None:
    reactions = armed([Expectation("r", "polls_again", 5.0)])
    for one in (call(POLL, 1.0, fault="r"), call(POLL, 2.0, caller="runner-2"), call(POLL, 9.0)):
        reactions.feed(one)

    (found,) = reactions.close()
    assert (found.task, found.caller) == (None, "runner-1")
    assert found.text == "runner-1: after 'r', the next poll came 7.90 s later; expected a poll within 5.0 s"


def test_without_expectations_or_times_nothing_is_judged() -> None:
    nothing, untimed = armed([]), armed([Expectation("r", "sends", "FAILED")])
    nothing.feed(FAULT)
    untimed.feed(Interaction(BEAT, {}, fault="r", task="task-1"))

    assert nothing.close() == untimed.close() == []


def test_every_expectation_can_be_judged() -> None:
    assert set(_CHECKS) == set(EXPECTATIONS)


def test_what_is_expected_anew_holds_for_what_is_met_from_then_on() -> None:
    reactions = armed([Expectation("r", "sends", "FAILED")])
    reactions.feed(FAULT)
    again = Mark("fault", WALL, 0.0, {"did": "armed", **expecting([Expectation("r", "no_status", True)])})
    reactions.read([again, call(BEAT, 2.0, fault="r", task="task-2")])

    assert [(one.task, one.expectation.name) for one in reactions.close()] == [("task-1", "sends")]


@pytest.mark.parametrize(
    "expect",
    [None, "x", [1], [{"sends": "FAILED"}], [{"rule": "r", "sings": 1}], [{"rule": "r", "sends": None}]],
)  # fmt: skip
def test_a_mark_that_expects_nothing_known_arms_nothing(expect: Json) -> None:
    reactions = Reactions()
    reactions.read([Mark("fault", WALL, 0.0, {"did": "armed", "expect": expect}), Mark("note"), FAULT])

    assert (reactions.armed, reactions.close()) == (False, [])
