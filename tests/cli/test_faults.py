"""Faults as a user asks for them: refused before anything listens, carried out, judged at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.scenes import text
from tests.processes import holter_run
from tests.replay.tapes import beat, empty, end
from tests.test_replayer import tape

from .test_replay import replay, working

WHOLE = [working(command_="sleep 0.3"), *(beat() for _ in range(6)), end(), empty()]


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("record", ["--fault", "ReportTaskProgress:cancl"], "'cancl' is no fault and no error"),
        ("record", ["--faults", "nowhere"], "--faults: no file nowhere, and no plan of that name"),
        ("record", ["--faults", "plan.yaml"], "plan.yaml:4: $.rules[0].then.answer: is no answer"),
        ("record", ["--fault", "*:close", "--seed", ""], "--seed: a seed must not be empty"),
        ("replay", ["--fault", "PollForTask:duplicate=2"], "needs a service behind Holter"),
        ("replay", ["--faults", "unheard"], "swallow_ack needs a service behind Holter"),
    ],
)
def test_what_cannot_be_is_one_line_and_nothing_listens(
    tmp_path: Path, command: str, arguments: list[str], said: str
) -> None:
    (tmp_path / "plan.yaml").write_text(
        text("when: {op: ReportTaskProgress}, then: {answer: {cancelled: true}}")
    )
    path = tape(tmp_path / "a.yaml", *WHOLE)
    files = [path] if command == "replay" else ["-o", str(tmp_path / "new.yaml")]
    port = tmp_path / "port"
    given = [str(tmp_path / "plan.yaml") if one == "plan.yaml" else one for one in arguments]
    ended = holter_run(command, *files, *given, "--port-file", str(port), home=tmp_path)

    assert ended.returncode == 2, ended.stderr
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not port.exists()
    assert not (tmp_path / "new.yaml").exists()


def test_a_runner_that_obeys_meets_what_is_expected_of_it(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    ended = replay(tmp_path, path, "--faults", "canceled", "--unplayed", "ignore", "--seed", "winter")

    assert "holter: faults are armed, drawn by seed winter" in ended.stderr
    assert "canceled: true" in ended.stderr
    assert "expectation-missed" not in ended.stderr
    assert ended.returncode == 0, ended.stderr


def test_what_a_runner_did_not_do_is_told_and_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(text("then: {cancel: true}, expect: {sends: FAILED}"))
    path = tape(tmp_path / "a.yaml", *WHOLE)
    asked = [path, "--faults", str(tmp_path / "plan.yaml"), "--unplayed", "ignore"]
    ended, forgiven = replay(tmp_path, *asked), replay(tmp_path, *asked, "--fail-on", "never")

    assert "expectation-missed" in ended.stderr
    assert "task-1: after 'r1', no status followed; expected FAILED" in ended.stderr
    assert (ended.returncode, forgiven.returncode) == (1, 0), ended.stderr
