"""The runner as its user starts it, against the sandbox, each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from holter.sandbox.runner.beat import CRASHED
from holter.sandbox.runner.client import connect
from holter.sandbox.runner.options import Options
from holter.wire.codec import error_reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Sandbox, Script

    Start = Callable[..., Sandbox]

SLEEP = "echo $$ > pid; exec sleep 100"


def activity(command: str, name: str = "A", **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "ShellCommandActivity", "command": command, **more}


def control(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a client of the control plane."""
    for name, value in box.environment.items():
        monkeypatch.setenv(name, value)
    return connect(Options("wg", "h", "r", endpoint=box.url))._caller


def pipeline(box: Sandbox) -> str:
    return str(box.truth("activated")[0]["pipeline"])


def attempt_fields(client: Any, box: Sandbox) -> dict[str, str]:
    answer = client.describe_objects(pipelineId=pipeline(box), objectIds=[box.truth("handed")[0]["attempt"]])
    fields = answer["pipelineObjects"][0]["fields"]
    return {field["key"]: field.get("stringValue", field.get("refValue")) for field in fields}


def has_ended(folder: Path) -> bool:
    try:
        os.kill(int((folder / "pid").read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def troubles(box: Sandbox) -> list[str]:
    """Return the operations of the calls that the runner saw refused."""
    return [line.split()[3].rstrip(":") for line in box.log().splitlines() if "An error occurred" in line]


def reports(box: Sandbox) -> list[tuple[str, str]]:
    return [(entry["object"], entry["why"]) for entry in box.truth("finished")]


def test_a_healthy_run_acknowledges_beats_and_finishes(
    sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sandbox(activity("echo progress: 40; sleep 0.5"))
    assert box.run("--max-tasks", "1").wait(30) == 0
    client = control(box, monkeypatch)
    fields = attempt_fields(client, box)
    client.close()
    assert [entry["what"] for entry in box.truth("handed", "acked", "finished", "refused", "expired")] == [
        "handed",
        "acked",
        "finished",
    ]
    assert len(box.truth("beat")) >= 2
    assert len(box.truth("alive")) >= 1
    assert fields["percentComplete"] == "40"
    assert fields["@status"] == "FINISHED"


def test_a_failing_command_is_reported_with_its_status_and_last_words(
    sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sandbox(activity("printf 'bad\\033[0m end' >&2; exit 3"))
    assert box.run("--max-tasks", "1").wait(30) == 0
    client = control(box, monkeypatch)
    fields = attempt_fields(client, box)
    client.close()
    assert reports(box) == [("A", "FAILED")]
    assert fields["errorId"] == "CommandFailed"
    assert "exit status 3" in fields["errorMessage"]
    assert fields["errorStackTrace"] == "bad\N{REPLACEMENT CHARACTER}[0m end"


def test_endpoint_and_authority_come_from_the_ordinary_environment(sandbox: Start) -> None:
    box = sandbox(activity("exit 0"), options=("--tls", "--ca-file", "ca.pem"))
    box.environment["AWS_ENDPOINT_URL_DATA_PIPELINE"] = box.url
    box.environment["AWS_CA_BUNDLE"] = str(box.folder / "ca.pem")
    assert box.run("--max-tasks", "1").wait(30) == 0
    assert reports(box) == [("A", "FINISHED")]


def test_two_slots_work_on_two_tasks_at_a_time(sandbox: Start) -> None:
    meet = "touch {}; until [ -e {} ]; do sleep 0.02; done"
    box = sandbox(activity(meet.format("a", "b")), activity(meet.format("b", "a"), "B"))
    assert box.run("--tasks", "2", "--max-tasks", "2").wait(30) == 0
    assert sorted(reports(box)) == [("A", "FINISHED"), ("B", "FINISHED")]


def test_a_cancelled_task_is_killed_and_the_runner_polls_again(
    sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sandbox(activity(SLEEP))
    runner = box.run()
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    client = control(box, monkeypatch)
    client.deactivate_pipeline(pipelineId=pipeline(box), cancelActive=True)
    client.close()
    box.until(lambda: box.truth("canceled") and has_ended(box.folder))
    box.until(lambda: box.truth("poll-empty"))
    runner.terminate()
    assert runner.wait(30) == 0
    assert box.truth("finished", "refused") == []


def test_a_deleted_pipelines_task_is_dropped(sandbox: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    box = sandbox(activity(SLEEP))
    box.run()
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    client = control(box, monkeypatch)
    client.delete_pipeline(pipelineId=pipeline(box))
    client.close()
    box.until(lambda: has_ended(box.folder) and box.truth("poll-empty"))
    assert [entry["why"] for entry in box.truth("refused")] == ["deleted"]
    assert box.truth("finished") == []


def test_terminate_ends_an_idle_runner(sandbox: Start) -> None:
    box = sandbox()
    runner = box.run("--grace", "3000")
    box.until(lambda: box.truth("alive"))
    box.post("/-/terminate")
    assert runner.wait(30) == 0
    assert box.truth("poll-gone") == []


def test_terminate_gives_a_running_task_its_grace(sandbox: Start) -> None:
    box = sandbox(activity("sleep 1"), activity("sleep 1", "B"))
    runner = box.run("--grace", "3000")
    box.until(lambda: box.truth("acked"))
    box.post("/-/terminate")
    assert runner.wait(30) == 0
    assert reports(box) == [("A", "FINISHED")]


def test_after_the_grace_a_running_task_is_stopped_and_reported(
    sandbox: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = sandbox(activity(SLEEP))
    runner = box.run("--grace", "20")
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    box.post("/-/terminate")
    assert runner.wait(30) == 0
    client = control(box, monkeypatch)
    fields = attempt_fields(client, box)
    client.close()
    assert has_ended(box.folder)
    assert (reports(box), fields["errorId"]) == ([("A", "FAILED")], "RunnerStopped")


@pytest.mark.parametrize(("name", "outcome"), [("there", "FINISHED"), ("missing", "FALSE")])
def test_a_precondition_is_true_or_false(sandbox: Start, tmp_path: Path, name: str, outcome: str) -> None:
    (tmp_path / "there").touch()
    check = {"id": "Check", "type": "Exists", "filePath": (tmp_path / name).as_uri()}
    box = sandbox(check, activity("exit 0", precondition={"ref": "Check"}))
    assert box.run("--max-tasks", "1").wait(30) == 0
    assert reports(box) == [("Check", outcome)]


def test_a_lost_task_is_stopped_and_never_mentioned_again(sandbox: Start) -> None:
    box = sandbox(activity("if mkdir once; then " + SLEEP + "; fi", reportProgressTimeout="1 minute"))
    assert box.run("--max-tasks", "2", "--misbehave", "stall:for=1.5,times=1").wait(60) == 0
    assert has_ended(box.folder)
    assert [(entry["why"]) for entry in box.truth("expired")] == ["progress"]
    assert [entry["why"] for entry in box.truth("refused")] == ["lost"]
    assert reports(box) == [("A", "FINISHED")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_work_reports_it_and_ends_with_0(sandbox: Start, number: signal.Signals) -> None:
    box = sandbox(activity(SLEEP))
    runner = box.run("--tasks", "2")
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    runner.send_signal(number)
    assert runner.wait(30) == 0
    assert has_ended(box.folder)
    assert reports(box) == [("A", "FAILED")]


def test_a_second_signal_ends_the_runner_at_once(sandbox: Start) -> None:
    box = sandbox(activity("trap '' TERM; echo $$ > pid; while :; do sleep 0.05; done"))
    runner = box.run()
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    runner.terminate()
    box.until(lambda: "SIGTERM: stops" in box.log())
    runner.send_signal(signal.SIGINT)
    assert runner.wait(30) == 128 + signal.SIGINT
    assert reports(box) == []
    box.until(lambda: has_ended(box.folder))


def test_a_runner_without_work_ends_when_idle(sandbox: Start) -> None:
    box = sandbox()
    assert box.run("--exit-when-idle").wait(30) == 0
    assert len(box.truth("poll-empty")) == 1


def test_a_short_poll_timeout_breaks_polls_off(sandbox: Start) -> None:
    box = sandbox()
    runner = box.run("--poll-timeout", "0.3")
    box.until(lambda: len(box.truth("poll-gone")) >= 3)
    runner.terminate()
    assert runner.wait(30) == 0
    assert box.truth("poll-empty") == []


def test_a_refused_runner_says_why_and_ends_with_2(script: Script, environment: dict[str, str]) -> None:
    script.answers["PollForTask"] = [error_reply("AccessDeniedException", "not you", 403)]
    found = subprocess.run(
        [sys.executable, "-m", "holter", "runner", "--worker-group", "wg", "--endpoint", script.url],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 2
    assert "holter: runner: PollForTask:" in found.stderr
    assert "AccessDeniedException" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("fault", "command", "seen"),
    [
        ("no-ack:times=1", "exit 0", [("expired", "ack"), ("finished", "FINISHED")]),
        ("late-ack:by=2.5,times=1", "sleep 3", [("expired", "ack"), ("refused", "lost")]),
        ("stall:after=2,for=2,times=1", "sleep 2.5", [("expired", "progress"), ("refused", "lost")]),
        ("no-status:times=1", "exit 0", [("expired", "progress"), ("finished", "FINISHED")]),
        ("double-status", "exit 0", [("finished", "FINISHED"), ("refused", "ended")]),
        (
            "ignore-lost:times=1",
            "if mkdir once; then sleep 2.5; fi",
            [("expired", "progress"), ("refused", "lost"), ("refused", "lost"), ("refused", "lost")],
        ),
    ],
)
def test_each_fault_shows_in_what_the_service_decided(
    sandbox: Start, fault: str, command: str, seen: list[tuple[str, str]]
) -> None:
    box = sandbox(activity(command, reportProgressTimeout="1 minute"))
    faults = [fault, "stall:for=1.5,times=1"] if fault.startswith("ignore-lost") else [fault]
    box.run(*(part for one in faults for part in ("--misbehave", one)))
    box.until(lambda: len(box.truth("expired", "refused", "finished")) >= len(seen))
    found = box.truth("expired", "refused", "finished")[: len(seen)]
    assert [(entry["what"], _reason(entry)) for entry in found] == seen


def _reason(entry: dict[str, Any]) -> str:
    why = str(entry["why"])
    return next((word for word in ("lost", "ended") if entry["what"] == "refused" and word in why), why)


@pytest.mark.parametrize(
    ("faults", "refused"),
    [
        (("ignore-cancel",), ["ReportTaskProgress"]),
        (("ignore-cancel", "ignore-lost"), ["ReportTaskProgress"] * 3),
        (("status-after-cancel",), ["SetTaskStatus"]),
    ],
)
def test_a_runner_that_does_not_obey_a_cancellation_is_refused(
    sandbox: Start, monkeypatch: pytest.MonkeyPatch, faults: tuple[str, ...], refused: list[str]
) -> None:
    box = sandbox(activity(SLEEP))
    box.run(*(part for fault in faults for part in ("--misbehave", fault)))
    box.until(lambda: (box.folder / "pid").exists() and box.truth("acked"))
    client = control(box, monkeypatch)
    client.deactivate_pipeline(pipelineId=pipeline(box), cancelActive=True)
    client.close()
    box.until(lambda: len(troubles(box)) >= len(refused))
    assert troubles(box)[: len(refused)] == refused
    assert {entry["why"] for entry in box.truth("refused")} == {"canceled"}


def test_a_runner_that_ignores_terminate_goes_on_polling(sandbox: Start) -> None:
    box = sandbox()
    box.run("--misbehave", "ignore-terminate")
    box.until(lambda: box.truth("alive"))
    box.post("/-/terminate")
    box.until(lambda: len(box.truth("terminated")) >= 2)
    polls = len(box.truth("poll-empty"))
    box.until(lambda: len(box.truth("poll-empty")) >= polls + 2)
    assert len(box.truth("terminated")) >= 2


def test_a_crashed_runner_leaves_its_task_to_the_next(sandbox: Start) -> None:
    box = sandbox(activity("if mkdir once; then " + SLEEP + "; fi", reportProgressTimeout="1 minute"))
    assert box.run("--misbehave", "crash:after=2").wait(30) == CRASHED
    box.until(lambda: has_ended(box.folder))
    assert box.run("--max-tasks", "1").wait(30) == 0
    assert [entry["why"] for entry in box.truth("expired")] == ["progress"]
    assert reports(box) == [("A", "FINISHED")]
