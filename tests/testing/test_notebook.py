from __future__ import annotations

from typing import Any

from tests.replay.tapes import beat, empty

from holter.lease.countdown import Ebb
from holter.lease.finding import Certainty, Finding, State
from holter.lease.rules import Severity
from holter.receivers import Listener
from holter.testing.notebook import Notebook


def finding(rule: str = "ack-missing", state: State = State.OPEN, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "severity": Severity.ERROR,
        "certainty": Certainty.CERTAIN,
        "state": state,
        **dict.fromkeys(("cause", "attempt", "caller", "gap", "limit")),
        "task": "task-1",
        "at": 100.0,
        "interactions": (),
        "message": f"{rule} it is",
    }
    return Finding(rule, **{**given, **more})


def test_calls_are_kept_in_the_order_in_which_they_were_asked() -> None:
    notebook: Listener = (kept := Notebook())
    late, early = beat(asked=2.0), empty(asked=1.0, took=90.0)
    notebook.called(late, 1.0)
    notebook.called(early, None)
    assert kept.calls == [early, late]


def test_a_finding_is_open_until_it_is_closed_under_whatever_name() -> None:
    notebook, closed, other = Notebook(), finding("ack-late", State.CLOSED), finding(at=200.0)
    notebook.found(finding())
    notebook.found(other)
    assert notebook.findings([]) == [finding(), other]
    notebook.found(closed)
    assert notebook.findings([closed]) == [closed, other]


def test_a_finding_that_is_withdrawn_was_never_there() -> None:
    notebook, other = Notebook(), finding(at=200.0, task="task-2")
    for one in (finding(), other, finding(state=State.WITHDRAWN)):
        notebook.found(one)
    assert notebook.findings([]) == [other]


def test_the_log_is_the_runs_own_in_the_order_in_which_it_was_told() -> None:
    notebook = Notebook()
    notebook.called(beat(at=0.0), 1.0)
    notebook.found(finding())
    notebook.ebbing(Ebb(100.0, "task-1", 0.8, 24.0))
    notebook.trouble("out of paper")
    lines = notebook.log.splitlines()
    words = ["-> canceled: false", "ERROR ack-missing", "80% of its lease", "out of paper"]
    assert [word in line for word, line in zip(words, lines, strict=True)] == [True] * 4
    assert notebook.troubles == ["out of paper"]
