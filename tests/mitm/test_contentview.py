"""How calls look in mitmproxy's windows; at the windows themselves, test_web and test_console look."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from holter.cassette.redaction import Redactor
from holter.mitm.addon import Proxy
from holter.mitm.contentview import CallView
from holter.wire.message import Call, Moment

from .inside import flow
from .rig import TASK, rig

REAL = TASK["taskObject"]["taskId"]
SECRET = "AKIAIOSFODNN7EXAMPLE"


def facts(text: str) -> dict[str, list[str]]:
    """What stands above the body, by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.partition("\n\n")[0].split("\n"):
        front, said = line[:12].strip(), line[13:]
        name = front.removesuffix(":") or name
        found.setdefault(name, []).append(said)
    return found


def body(text: str) -> str:
    return text.partition("\n\n")[2]


def shown(one: http.HTTPFlow, message: str = "request", proxy: Proxy | None = None) -> str:
    return CallView(proxy or Proxy()).render(one, getattr(one, message))


def test_a_request_tells_what_its_operation_does_and_what_is_documented_of_it() -> None:
    text = shown(flow("ReportTaskProgress", {"taskId": REAL}))

    assert facts(text) == {
        "operation": ["ReportTaskProgress: renews the lease of its task"],
        "documented": [
            "at most 10 calls a second in an account",
            "errors: InternalServiceError, InvalidRequestException, PipelineNotFoundException, "
            "PipelineDeletedException, TaskNotFoundException",
        ],
        "task": ["task-1"],
    }
    assert body(text) == 'taskId: "task-1"'


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ("PollForTask", "asks for a task; a hand-out begins its lease"),
        ("SetTaskStatus", "ends the lease of its task"),
        ("ReportTaskRunnerHeartbeat", "tells that the runner is alive; renews no lease"),
        ("EvaluateExpression", "another call of a runner; renews no lease"),
        ("ListPipelines", "belongs to the control plane; renews no lease"),
        ("PollForTusk", "is none: did you mean 'PollForTask'?"),
    ],
)
def test_each_role_has_its_words(op: str, said: str) -> None:
    assert facts(shown(flow(op, {})))["operation"] == [f"{op}: {said}"]


def test_what_is_wrong_with_a_message_is_told_with_its_place() -> None:
    asked = flow("SetTaskStatus", {"taskId": REAL, "taskStatus": "DONE", "taskid": "x"})
    answered = flow("ReportTaskProgress", {"taskId": REAL}, {"cancelled": True})

    assert facts(shown(asked))["problems"] == [
        "$.taskid: is unknown (did you mean taskId?)",
        "$.taskStatus: 'DONE' is none of FINISHED, FAILED, FALSE",
    ]
    assert facts(shown(answered, "response"))["problems"] == [
        "$.cancelled: is unknown (did you mean canceled?)",
        "$.canceled: is missing",
    ]


def test_a_hand_out_shows_the_fields_of_its_objects_and_no_secret() -> None:
    secret = {"key": "*password", "stringValue": "hunter2"}
    fields = [{"key": "command", "stringValue": f"run --key {SECRET}"}, {"key": "runsOn", "refValue": "@Ec2"}]
    task = {
        **TASK["taskObject"],
        "objects": {"@Copy": {"id": "@Copy", "name": "n", "fields": [*fields, secret]}},
    }
    text = shown(flow("PollForTask", {"workerGroup": "wg"}, {"taskObject": task}), "response")

    assert facts(text)["handed out"] == ["task-1"]
    assert "hunter2" not in text
    assert SECRET not in text
    assert REAL not in text
    assert '        runsOn: -> @Ec2\n        *password: "REDACTED"' in body(text)


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("TaskNotFoundException", 400, "TaskNotFoundException"),
        ("InternalServiceError", 500, "InternalServiceError; trying again may help"),
        (
            "ThrottlingException",
            400,
            "ThrottlingException; not documented for this operation; trying again may help",
        ),
    ],
)
def test_an_error_is_told_with_what_the_tables_say_of_it(code: str, status: int, said: str) -> None:
    one = flow(answer={"__type": code, "message": f"no task {REAL}"}, status=status, body={"taskId": REAL})
    text = shown(one, "response")

    assert facts(text)["error"] == [said]
    assert body(text) == f'__type: "{code}"\nmessage: "no task task-1"'


def test_bodies_that_are_no_json_are_shown_as_they_are() -> None:
    empty, page = flow("SetTaskStatus"), flow(status=503)
    assert page.response
    page.response.content = b"<html>\xff</html>"

    assert body(shown(empty, "response")) == "(no body)"
    assert body(shown(page, "response")) == "14 bytes that are no JSON:\n<html>\\xff</html>"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"holter_origin": "live"}, ["the service"]),
        ({"holter_origin": "cassette"}, ["the cassette"]),
        ({"holter_origin": "refused"}, ["nobody: refused, the cassette has no answer"]),
        ({"holter_origin": "fault", "holter_fault": "flaky"}, ["the fault 'flaky'"]),
        ({}, []),
    ],
)
def test_who_answered_is_told(said: dict[str, Any], found: list[str]) -> None:
    one = flow()
    one.metadata.update({"holter_call": 4, "holter_caller": "runner-1", **said})
    told = facts(shown(one))

    assert told.get("answered by", []) == found
    assert told.get("call", []) == (["4, from runner-1"] if found else [])


def test_a_call_that_mitmproxy_sent_again_is_told_from_the_first() -> None:
    one = flow()
    one.metadata.update({"holter_call": 4, "holter_origin": "live"})
    one.is_replay = "request"
    told = facts(shown(one))

    assert told["call"] == ["sent again by mitmproxy itself: neither recorded nor judged"]
    assert "answered by" not in told


def test_findings_and_who_broke_it_are_told() -> None:
    one = flow()
    one.metadata.update({"holter_broken": "upstream", "holter_findings": ["a", "b"]})
    told = facts(shown(one))

    assert (told["broken by"], told["findings"]) == (["upstream"], ["a", "b"])


def test_only_calls_are_taken() -> None:
    view = CallView(Proxy())

    assert view.takes(flow())
    assert not view.takes(tflow.tflow(resp=True))
    other = tflow.tflow(resp=True)
    with pytest.raises(ValueError, match="no Data Pipeline call"):
        view.render(other, other.request)


def test_while_it_records_the_names_are_the_recordings_and_the_lease_stands_there(tmp_path: Path) -> None:
    beat, other = flow(body={"taskId": REAL}), flow(body={"taskId": "of-another-task-that-nobody-knows"})

    async def main() -> tuple[str, str, str]:
        async with rig(tmp_path) as running:
            client = running.client()
            await running.call("list_pipelines", client)
            await running.call("poll_for_task", client, workerGroup="wg")
            held = shown(beat, proxy=running.addon)
            strange = [shown(other, proxy=running.addon) for _ in range(2)]
            await running.call("set_task_status", client, taskId=REAL, taskStatus="FINISHED")
            client.close()
            assert strange[0] == strange[1], "nothing is learnt from looking"
            redactor: Redactor = running.recorder.redactor
            assert redactor.call(Call("SetTaskStatus", {"taskId": "new-one"}, Moment(0, 0))).task == "task-2"
            return held, strange[0], shown(beat, proxy=running.addon)

    held, strange, ended = map(facts, asyncio.run(main()))

    assert held["task"] == ended["task"] == ["task-1"]
    assert held["lease"][0].startswith("handed out: ")
    assert " of 120 s used up, " in held["lease"][0]
    assert held["lease"][1] == "@Copy_2026-01-02T00:00:00_Attempt=1"
    assert ended["lease"][0] == "ended: finished"
    assert " (as of " in held["lease"][0]
    assert strange["task"] == ["task-2"]
    assert "lease" not in strange
