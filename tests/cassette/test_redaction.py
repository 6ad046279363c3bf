from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from holter.cassette.format import Header
from holter.cassette.redaction import Redactor
from holter.cassette.writer import Writer
from holter.wire.codec import encode, print_of
from holter.wire.message import Call, Interaction, Json, Moment, Payload, Reply
from holter.wire.operations import OPERATIONS
from holter.wire.redactor import Redacted

from .corpus import HARMLESS, SECRETS, places
from .values import bodies

TASK = "QUFB" * 224 + ":c3ludGhldGljLW1hYw==:1"
NEVER = Moment(0.0, 0.0)
ATTEMPT = "@CopyStep_2026-01-02T00:00:00_Attempt=1"


def _call(op: str, body: Payload, redactor: Redactor | None = None) -> Redacted:
    return (redactor or Redactor()).call(Call(op, body, NEVER))


def _handout(*fields: Json) -> dict[str, Json]:
    attempt: Json = {"id": ATTEMPT, "name": ATTEMPT, "fields": list(fields)}
    return {"taskObject": {"attemptId": ATTEMPT, "objects": {ATTEMPT: attempt}, "taskId": TASK}}


def test_a_task_has_one_alias_in_everything_that_is_said_of_it() -> None:
    redactor = Redactor()
    handed = redactor.reply("PollForTask", Reply(200, _handout({"key": "id", "stringValue": f"run {TASK}"})))
    assert (handed.task, handed.print, handed.paths) == ("task-1", print_of(TASK), ())
    expected = json.dumps(_handout({"key": "id", "stringValue": "run task-1"})).replace(TASK, "task-1")
    assert handed.payload == json.loads(expected)
    beat = _call("ReportTaskProgress", {"taskId": TASK, "fields": []}, redactor)
    assert beat == Redacted({"taskId": "task-1", "fields": []}, "task-1")
    error = redactor.reply("SetTaskStatus", Reply(400, {"__type": "X", "message": f"no task {TASK}."}))
    assert error == Redacted({"__type": "X", "message": "no task task-1."})
    assert redactor.text(f"runner of {TASK}") == "runner of task-1"


def test_a_task_that_was_never_handed_out_gets_an_alias_too() -> None:
    redactor = Redactor({print_of("a-task-before"): "task-4"})
    redactor.seen(None, "task-6")
    assert _call("SetTaskStatus", {"taskId": "a-task-before"}, redactor).task == "task-4"
    new = _call("SetTaskStatus", {"taskId": TASK, "taskStatus": "FINISHED"}, redactor)
    assert (new.task, new.print) == ("task-7", print_of(TASK))


def test_the_wire_sample_stays_equal_but_for_the_task() -> None:
    keys = {"type": "ShellCommandActivity", "command": "run.sh", "@sphere": "ATTEMPT", "workerGroup": "wg",
            "reportProgressTimeout": "30 minutes", "@scheduledStartTime": "2026-01-02T00:00:00"}  # fmt: skip
    fields: list[Json] = [{"key": key, "stringValue": value} for key, value in keys.items()]
    sample = _handout(*fields)
    kept = Redactor().reply("PollForTask", Reply(200, sample))
    assert encode(kept.payload) == encode(sample).replace(TASK.encode(), b"task-1")
    assert (kept.paths, kept.notes) == ((), {})


def test_the_result_of_an_expression_is_hidden() -> None:
    kept = Redactor().reply("EvaluateExpression", Reply(200, {"evaluatedExpression": "anything"}))
    assert kept == Redacted({"evaluatedExpression": "REDACTED"}, paths=("$.evaluatedExpression",))


def test_what_masking_would_hide_is_noted() -> None:
    kept = _call("SetTaskStatus", {"taskId": "x" * 3000, "taskStatus": "FAILED", "extra": 1})
    long = "$.taskId: has 3000 characters, at most 2048 are allowed"
    assert kept.notes == {"request_problems": ["$.extra: is unknown", long]}
    odd = _call("ReportTaskProgress", {"taskId": "a\0b", "fields": []})
    assert odd.notes == {"request_problems": ["$.taskId: holds the illegal character U+0000 at 1"]}


@given(bodies)
def test_values_without_secrets_stay_equal(body: Json) -> None:
    assert _call("Unknown", body).payload == body or "REDACTED" in str(_call("Unknown", body))


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_stay_in_every_place(text: str) -> None:
    for row in OPERATIONS.values():
        for body in places(row.request, text):
            if isinstance(body, dict) and not {"taskId", "instanceIdentity"} & body.keys():
                assert _call(row.name, body).payload == body


def test_no_secret_reaches_the_disk_from_any_place_of_any_operation(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    redactor = Redactor()
    count = 0
    with Writer.create(str(path), Header("x", redaction="default")) as writer:
        for row in OPERATIONS.values():
            for text, _ in (*SECRETS, (TASK, TASK)):
                for request in places(row.request, text):
                    count += writer.append(_kept(redactor, row.name, request, {}))
                for response in places(row.response, text):
                    count += writer.append(_kept(redactor, row.name, {"taskId": TASK}, response))
                errors: tuple[Json, ...] = ({"__type": text}, {"__type": "X", "message": f"a {text} b"})
                for error in errors:
                    count += writer.append(_kept(redactor, row.name, {}, error, 400))
    raw = path.read_bytes().decode()
    assert count > 5_000
    for _, secret in (*SECRETS, (TASK, TASK), ("", TASK[:64])):
        assert json.dumps(secret)[1:-1] not in raw, secret


def _kept(redactor: Redactor, op: str, request: Json, response: Json, status: int = 200) -> Interaction:
    asked, answered = redactor.call(Call(op, request, NEVER)), redactor.reply(op, Reply(status, response))
    return Interaction(
        op,
        asked.payload,
        answered.payload,
        task=asked.task or answered.task,
        redacted=asked.paths + answered.paths,
        notes={**asked.notes, **answered.notes},
    )


def test_a_body_that_is_no_json_keeps_its_task_and_its_length() -> None:
    torn = b'{"taskId": "%s", "fields": [{"ke' % TASK.encode()
    kept = _call("ReportTaskProgress", torn)
    assert kept == Redacted(b"REDACTED", "task-1", print_of(TASK), ("$",), {"request_length": len(torn)})
    handed = Redactor().reply(
        "PollForTask", Reply(200, b'{"taskObject": {"taskId": "%s", "o' % TASK.encode())
    )
    assert (handed.payload, handed.task, "response_length" in handed.notes) == (b"REDACTED", "task-1", True)
    assert _call("PollForTask", b"\xff") == Redacted(b"\xff")


def test_bytes_in_place_of_an_expression_are_not_kept() -> None:
    assert Redactor().reply("EvaluateExpression", Reply(200, b"\xffx")).payload == b"REDACTED"


def test_strict_redaction_reaches_every_place_of_every_operation() -> None:
    real = "s3://acme-in/df-0937003356ZJEXAMPLE of 123456789012"
    for row in OPERATIONS.values():
        redactor = Redactor(strict=True)
        for body in (*places(row.request, real), *places(row.response, real)):
            both = (redactor.call(Call(row.name, body, NEVER)), redactor.reply(row.name, Reply(200, body)))
            for kept in both:
                assert not any(one in str(kept) for one in ("acme", "df-0937", "123456789012"))


def test_strict_redaction_keeps_no_body_that_is_not_json() -> None:
    redactor = Redactor(strict=True)
    assert redactor.reply("PollForTask", Reply(503, b"<html>acme</html>")).payload == b"REDACTED"
    assert redactor.reply("PollForTask", Reply(503, b"")).payload == b""


def test_strict_redaction_notes_the_problem_that_an_alias_hides() -> None:
    kept = Redactor(strict=True).call(
        Call("PollForTask", {"workerGroup": "w", "hostname": "x" * 2000}, NEVER)
    )
    assert kept.payload == {"workerGroup": "w", "hostname": "host-1"}
    assert kept.notes == {"request_problems": ["$.hostname: has 2000 characters, at most 1024 are allowed"]}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("worker-7", "host-1"),
        ("my host", "host-1"),
        ("10.0.0.9 aws-cli/2.1", "host-2 aws-cli/2.1"),
        ("unknown", "unknown"),
    ],
)
def test_a_caller_has_the_alias_of_its_host(name: str, kept: str) -> None:
    redactor = Redactor(strict=True)
    host = name if name in ("worker-7", "my host") else "worker-7"
    redactor.call(Call("PollForTask", {"workerGroup": "w", "hostname": host}, NEVER))

    assert redactor.caller(name) == kept
    assert Redactor().caller(name) == name


def test_keys_of_ones_own_are_masked_besides_the_others() -> None:
    fields: Json = [{"key": "City", "stringValue": "x"}, {"key": "*a", "stringValue": "y"}]
    kept = Redactor(keys=["city"]).call(Call("ReportTaskProgress", {"taskId": TASK, "fields": fields}, NEVER))

    assert kept.paths == ("$.fields[0].stringValue", "$.fields[1].stringValue")
    assert Redactor(keys=["city"]).reply("PollForTask", Reply(502, b"city=x")).payload == b"REDACTED"


def test_strict_numbering_goes_on_behind_what_stands_in_the_recording() -> None:
    redactor = Redactor(strict=True)
    redactor.learn('{"hostname":"host-4"}')
    assert redactor.caller("worker") == "host-5"
    Redactor().learn("host-4")


def test_a_runner_that_is_known_by_its_task_keeps_its_alias() -> None:
    redactor = Redactor(strict=True)
    first = redactor.caller("worker-7")

    assert redactor.caller(first) == first == "host-1"
    assert redactor.caller("host-9") == "host-2"


@pytest.mark.parametrize("strict", [False, True])
def test_a_copy_says_the_same_and_what_it_meets_changes_nothing_in_the_first(strict: bool) -> None:
    redactor = Redactor(strict=strict, keys=["mine"])
    first = _call("ReportTaskProgress", {"taskId": TASK}, redactor)
    other: Json = {"taskId": f"{TASK}2", "fields": [{"key": "mine", "stringValue": "s3://bucket-of-mine/x"}]}
    twin = redactor.copy()

    assert _call("ReportTaskProgress", {"taskId": TASK}, twin) == Redacted(first.payload, first.task)
    seen = _call("ReportTaskProgress", other, twin)
    assert (seen.task, seen.print) == ("task-2", print_of(f"{TASK}2"))
    assert _call("ReportTaskProgress", other, redactor) == seen
