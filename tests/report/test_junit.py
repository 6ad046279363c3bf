"""The report for build servers."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lease.history import History

from holter.report.junit import render, suite

LATE = History().handed(0).beat(1, 1000).finished(1001)


def parsed(history: History, **asked: object) -> ElementTree.Element:
    made = suite(history.audit(), **{"name": "run.yaml", **asked})  # type: ignore[arg-type]  # a table's row
    (found,) = ElementTree.fromstring(render([made]))
    return found


def cases(found: ElementTree.Element) -> list[tuple[str | None, str | None, list[str]]]:
    return [(case.get("classname"), case.get("name"), [child.tag for child in case]) for case in found]


def test_a_recording_is_a_suite_and_a_lease_is_a_case_that_fails_by_what_is_certain() -> None:
    history = (
        History().handed(0).beat(1, 1000).finished(1001).handed(1002, "task-2", "B").beat(1003, task="task-2")
    )
    found = parsed(history.finished(1004, "task-2"))

    assert dict(found.attrib) == {
        "name": "run.yaml", "tests": "3", "failures": "1", "errors": "0", "skipped": "0",
        "timestamp": "2027-01-15T08:00:00.000000Z",
    }  # fmt: skip
    assert cases(found) == [
        ("run.yaml", "recording", []),
        ("runner-1", "task-1 @Copy_2026-01-02T00:00:00_Attempt=1", ["failure"]),
        ("runner-1", "task-2 @B", []),
    ]
    assert [case.get("time") for case in found] == ["0.000", "1001.000", "2.000"]


def test_a_failure_names_rule_proof_and_limit() -> None:
    failure = parsed(LATE)[1][0]

    assert (failure.get("type"), failure.get("message")) == (
        "gap-over-limit",
        "task-1 had no beat for 999.00 s; the limit is 900 s (progress)",
    )
    assert failure.text == (
        "08:15:01.000 error gap-over-limit: task-1 had no beat for 999.00 s; "
        "the limit is 900 s (progress) (calls 2 to 3)"
    )


@pytest.mark.parametrize(
    ("fail_on", "tags"), [("error", ["system-out"]), ("warning", ["failure"]), ("never", ["system-out"])]
)
def test_what_does_not_fail_the_run_is_output(fail_on: str, tags: list[str]) -> None:
    found = parsed(History().handed(0).beat(1, 400).finished(401), fail_on=fail_on)

    assert cases(found)[1][2] == tags
    assert found.get("failures") == str(tags.count("failure"))


def test_a_possible_finding_never_fails() -> None:
    history = History().handed(0, reportProgressTimeout="#{x}").beat(1, 1000).finished(1001)
    (output,) = parsed(history, fail_on="note")[1]

    assert output.tag == "system-out"
    assert "error possible gap-over-limit" in str(output.text)


def test_what_was_lost_fails_the_recording() -> None:
    lost = parsed(History(), lost=3)

    assert cases(lost) == [("run.yaml", "recording", ["failure"])]
    assert (lost[0][0].get("type"), lost[0][0].text) == ("lost", "3 entries were lost while recording")
    assert parsed(History(), lost=3, fail_on="never").get("failures") == "0"


def test_several_recordings_are_several_suites() -> None:
    made = [suite(LATE.audit(), name=name) for name in ("a", "b")]

    assert [one.get("name") for one in ElementTree.fromstring(render(made))] == ["a", "b"]


@given(st.text(), st.text(min_size=1))
def test_whatever_the_strings_hold_it_is_xml_and_says_the_same(caller: str, attempt: str) -> None:
    history = (
        History(caller=caller).handed(0, attempt=attempt).failing(1, 500, caller + "<]]>&\x00\ufffe\ud800")
    )
    found = parsed(history.finished(2000), name=attempt)
    fit = "".join(
        letter if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff") else "\ufffd"
        for letter in caller
    )

    assert [element.tag for element in found] == ["testcase", "testcase"]
    said = found[1].get("classname") or ""
    assert said.split() == (fit or "unknown").split()
