from __future__ import annotations

from dataclasses import dataclass

from holter.cassette.account import Accounts
from holter.cassette.aliases import Aliases
from holter.cassette.walk import ASKED, HANDED_OUT, Walk
from holter.wire.message import Json


@dataclass(frozen=True)
class _Walked:
    payload: Json
    paths: tuple[str, ...]
    tasks: dict[str, str]


def _walked(body: Json, hidden: frozenset[str] = frozenset(), accounts: Accounts | None = None) -> _Walked:
    walk = Walk(Aliases({}), hidden, accounts)
    payload = walk.body(body)
    return _Walked(payload, tuple(walk.paths), walk.tasks)


def test_identity_and_masked_fields_are_hidden_with_their_paths() -> None:
    poll = _walked({"workerGroup": "w", "instanceIdentity": {"document": "{}", "signature": "s"}})
    assert poll.payload == {
        "workerGroup": "w",
        "instanceIdentity": {"document": "REDACTED", "signature": "REDACTED"},
    }
    assert poll.paths == ("$.instanceIdentity.document", "$.instanceIdentity.signature")
    body: Json = {
        "pipelineId": "df-1",
        "pipelineObjects": [{"id": "Db", "name": "Db", "fields": [
            {"key": "*password", "stringValue": "x"}, {"key": "*ref", "refValue": "y"},
            {"key": "username", "stringValue": "me"}, {"key": "myPassword", "stringValue": "z"}]}],
        "parameterObjects": [{"id": "*pw", "attributes": [{"key": "default", "stringValue": "x"}]}],
        "parameterValues": [{"id": "*pw", "stringValue": "x"}, {"id": "myBucket", "stringValue": "b"}],
    }  # fmt: skip
    put = _walked(body)
    assert put.payload == {
        "pipelineId": "df-1",
        "pipelineObjects": [{"id": "Db", "name": "Db", "fields": [
            {"key": "*password", "stringValue": "REDACTED"}, {"key": "*ref", "refValue": "REDACTED"},
            {"key": "username", "stringValue": "me"}, {"key": "myPassword", "stringValue": "REDACTED"}]}],
        "parameterObjects": [{"id": "*pw", "attributes": [{"key": "default", "stringValue": "REDACTED"}]}],
        "parameterValues": [{"id": "*pw", "stringValue": "REDACTED"}, {"id": "myBucket", "stringValue": "b"}],
    }  # fmt: skip
    assert put.paths == (
        "$.pipelineObjects[0].fields[0].stringValue",
        "$.pipelineObjects[0].fields[1].refValue",
        "$.pipelineObjects[0].fields[3].stringValue",
        "$.parameterObjects[0].attributes[0].stringValue",
        "$.parameterValues[0].stringValue",
    )


def test_a_query_for_a_masked_field_hides_what_it_looks_for() -> None:
    selector: Json = {"fieldName": "*password", "operator": {"type": "EQ", "values": ["hunter2"]}}
    kept = _walked({"query": {"selectors": [selector]}, "sphere": "INSTANCE", "pipelineId": "df-1"})
    assert "hunter2" not in str(kept.payload)


def test_secrets_are_hidden_in_keys_and_no_member_is_lost() -> None:
    kept = _walked({"AKIAIOSFODNN7EXAMPLE": 1, "AKIAIOSFODNN7EXAMPLF": 2, "password": [3, "x", None]})
    assert kept.payload == {"REDACTED": 1, "REDACTED-2": 2, "password": ["REDACTED", "REDACTED", None]}


def test_a_task_is_known_before_the_texts_around_it() -> None:
    found = _walked(
        {"message": "of task-abc-1", "taskId": "task-abc-1", "taskObject": {"taskId": "task-abc-2"}}
    )
    assert found.payload == {"message": "of task-1", "taskId": "task-1", "taskObject": {"taskId": "task-2"}}
    assert (found.tasks[ASKED], found.tasks[HANDED_OUT]) == ("task-1", "task-2")


def test_an_empty_or_odd_task_is_left_for_all_to_see() -> None:
    odds: tuple[Json, ...] = ("", 5, None, ["x"])
    for odd in odds:
        assert _walked({"taskId": odd}).payload == {"taskId": odd}


def test_a_member_can_be_hidden_by_name() -> None:
    assert _walked({"a": {"b": [1, True]}, "c": 1}, frozenset({"a"})).payload == {
        "a": {"b": ["REDACTED", True]},
        "c": 1,
    }


def test_a_member_and_a_field_are_hidden_by_name_in_whatever_case() -> None:
    body: Json = {
        "City": "x",
        "fields": [{"key": "city", "stringValue": "x"}, {"key": "b", "stringValue": "x"}],
    }
    kept = _walked(body, frozenset({"city"}))
    assert kept.payload == {
        "City": "REDACTED",
        "fields": [{"key": "city", "stringValue": "REDACTED"}, {"key": "b", "stringValue": "x"}],
    }
    assert kept.paths == ("$.City", "$.fields[0].stringValue")


def test_account_data_becomes_aliases_and_the_protocol_stays() -> None:
    body: Json = {
        "message": "name of worker-7.acme.example in odd-pipeline failed",
        "hostname": "worker-7.acme.example",
        "pipelineId": "odd-pipeline",
        "fields": [{"key": "@pipelineId", "stringValue": "df-0937003356ZJEXAMPLE"}],
    }
    kept = _walked(body, accounts=Accounts())
    assert kept.payload == {
        "message": "name of host-1 in pipeline-1 failed",
        "hostname": "host-1",
        "pipelineId": "pipeline-1",
        "fields": [{"key": "@pipelineId", "stringValue": "pipeline-2"}],
    }
    assert kept.paths == ()


def test_a_host_that_is_called_as_a_member_renames_no_member() -> None:
    kept = _walked(
        {"hostname": "fields", "fields": [], "x": {"fields": 1, "y fields": 2}}, accounts=Accounts()
    )
    assert kept.payload == {"hostname": "host-1", "fields": [], "x": {"fields": 1, "y host-1": 2}}


def test_what_is_masked_already_is_not_masked_again() -> None:
    kept = _walked(
        {"instanceIdentity": {"document": "REDACTED"}, "hostname": "REDACTED"}, accounts=Accounts()
    )
    assert (kept.payload, kept.paths) == (
        {"instanceIdentity": {"document": "REDACTED"}, "hostname": "REDACTED"},
        (),
    )
