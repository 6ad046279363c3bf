"""What stands on mitmproxy's flows of calls and findings, and that its filters find it."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from mitmproxy import flowfilter, http
from mitmproxy.test import taddons
from tests.told import Told

from holter.lease.countdown import Ebb
from holter.lease.finding import Certainty, Finding, State
from holter.lease.rules import Severity
from holter.mitm.guarding import handling
from holter.mitm.notes import MARKS, UNSURE, Notes
from holter.wire.message import Broken, Origin

from .inside import call, finding, flow, within

OPEN = {"state": State.OPEN}
SURE = MARKS[Severity.WARNING]


class Run:
    """Two calls of a task, one after the other."""

    def __init__(self) -> None:
        self.told = Told()
        self.notes = Notes(self.told)
        self.one, self.two = flow(), flow()
        for seq, each in ((1, self.one), (2, self.two)):
            with handling(each):
                self.notes.called(call(seq), None)

    def found(self, *findings: Finding) -> None:
        async def tell(around: taddons.context) -> None:
            for each in findings:
                self.notes.found(each)

        within(do=tell)


def selected(one: http.HTTPFlow, text: str) -> bool:
    return bool(flowfilter.match(text, one))


def test_a_call_says_what_it_was_and_can_be_found_by_it() -> None:
    run = Run()

    assert run.one.metadata == {
        "holter_call": 1,
        "holter_op": "ReportTaskProgress",
        "holter_task": "task-1",
        "holter_caller": "runner-1",
        "holter_origin": "live",
    }
    assert selected(run.one, '~meta "holter_task: task-1$"')
    assert not selected(run.one, '~meta "holter_task: task-2$"')
    assert (run.one.comment, run.one.marked) == ("", "")
    assert [one.seq for one, _ in run.told.calls] == [1, 2]


def test_what_went_wrong_with_a_call_stands_there_too() -> None:
    one = flow()
    with handling(one):
        more = {"fault": "close", "origin": Origin.FAULT, "error": "X", "broken": Broken.US}
        Notes(Told()).called(call(1, task=None, **more), None)

    said = {key: value for key, value in one.metadata.items() if key not in ("holter_call", "holter_op")}
    assert said == {
        "holter_caller": "runner-1",
        "holter_origin": "fault",
        "holter_fault": "close",
        "holter_error": "X",
        "holter_broken": "us",
    }
    assert {type(value) for value in one.metadata.values()} <= {str, int}, "what mitmproxy can save"


def test_a_finding_marks_the_calls_that_prove_it() -> None:
    run = Run()
    run.found(finding(1, 2, message="a\nb"))

    line = "gap-over-5min (warning, certain, closed): a b"
    assert [(one.comment, one.marked) for one in (run.one, run.two)] == [(line, SURE)] * 2
    assert run.one.metadata["holter_findings"] == [line]
    for text in ("~marked", "~comment gap-over-5min", "~marker orange_circle", "~meta gap-over"):
        assert selected(run.one, text), text
    assert len(run.told.findings) == 1


def test_a_finding_that_is_open_is_replaced_by_what_becomes_of_it() -> None:
    run = Run()
    run.found(
        finding(1, rule="gap-over-advice", severity=Severity.NOTE, **OPEN),
        finding(1, **OPEN),
        finding(1, 2),
        finding(2, rule="gap-over-advice", severity=Severity.NOTE, **OPEN),
    )

    assert [line.partition(":")[0] for line in run.one.comment.split("\n")] == [
        "gap-over-5min (warning, certain, closed)"
    ]
    assert [line.partition(":")[0] for line in run.two.comment.split("\n")] == [
        "gap-over-5min (warning, certain, closed)",
        "gap-over-advice (note, certain, open)",
    ]


def test_findings_of_other_rules_stand_beside_each_other() -> None:
    run = Run()
    run.found(
        finding(1, rule="attempt-timeout-passed", **OPEN),
        finding(1, rule="gap-over-5min", **OPEN),
        finding(1, rule="poll-aborted", task=None),
    )

    assert [line.partition(" ")[0] for line in run.one.comment.split("\n")] == [
        "attempt-timeout-passed",
        "gap-over-5min",
        "poll-aborted",
    ]


@pytest.mark.parametrize(
    ("more", "marked"),
    [
        ({"severity": Severity.ERROR}, ":red_circle:"),
        ({"severity": Severity.NOTE}, ":large_blue_circle:"),
        ({"certainty": Certainty.POSSIBLE, "severity": Severity.ERROR}, UNSURE),
        ({"cause": "fault", "severity": Severity.ERROR}, UNSURE),
        ({"suppressed": "fixed in 4.2"}, ""),
    ],
)
def test_the_mark_tells_how_bad_it_is(more: dict[str, Any], marked: str) -> None:
    run = Run()
    run.found(finding(1, **more))

    assert run.one.marked == marked
    assert ("suppressed: fixed in 4.2" in run.one.comment) == ("suppressed" in more)


def test_of_several_the_worst_gives_the_mark() -> None:
    run = Run()
    run.found(finding(1, severity=Severity.ERROR), finding(1, rule="poll-aborted", severity=Severity.NOTE))

    assert run.one.marked == MARKS[Severity.ERROR]


def test_what_the_user_wrote_stays() -> None:
    run = Run()
    run.one.comment, run.one.marked = "look here", ":pushpin:"
    run.found(finding(1, **OPEN), finding(1, 2))

    assert (
        run.one.comment == "look here\ngap-over-5min (warning, certain, closed): task-1 had no beat for 301 s"
    )
    assert run.one.marked == ":pushpin:"


def test_a_flow_that_mitmproxy_let_go_of_is_not_kept() -> None:
    run = Run()
    run.one = flow()
    gc.collect()
    run.found(finding(1))

    assert run.one.comment == ""
    assert list(run.notes._flows) == [2]


def test_calls_without_a_flow_and_all_else_are_passed_on() -> None:
    told = Told()
    notes = Notes(told)
    notes.called(call(1), 2.5)
    ebb = Ebb(1.0, "task-1", 0.5, 2.0)
    notes.ebbing(ebb)
    notes.trouble("loud")

    assert (told.calls, told.ebbs, told.troubles) == ([(call(1), 2.5)], [ebb], ["loud"])


def test_a_finding_that_is_withdrawn_leaves_nothing_behind() -> None:
    run = Run()
    run.one.comment = "look at this"
    run.found(finding(1, **OPEN))
    assert (run.one.marked, "open" in run.one.comment) == (SURE, True)
    run.found(finding(1, state=State.WITHDRAWN))

    assert (run.one.comment, run.one.marked) == ("look at this", "")
    assert [one.state for one in run.told.findings] == [State.OPEN, State.WITHDRAWN]
