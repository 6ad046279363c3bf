from __future__ import annotations

import pytest

from holter.wire import caller
from holter.wire.caller import Callers
from holter.wire.message import Call, Json, Moment


def call(body: Json, peer: str = "10.0.0.1:1000", agent: str = "Boto3/1.44 md/x") -> Call:
    return Call("PollForTask", body, Moment(0.0, 0.0), peer=peer, agent=agent)


@pytest.mark.parametrize(
    ("body", "peer", "agent", "name"),
    [
        ({"hostname": "runner-1"}, "10.0.0.1:1", "x", "runner-1"),
        ({"hostname": ""}, "10.0.0.1:1", "Boto3/1 y", "10.0.0.1 Boto3/1"),
        ({"hostname": 5}, "10.0.0.1:1", "", "10.0.0.1"),
        ({}, "[::1]:9", "aws-cli/1 z", "[::1] aws-cli/1"),
        ([], "", "", "unknown"),
        (None, "", "agent", "agent"),
    ],
)
def test_a_caller_is_named_by_hostname_else_by_address_and_product(
    body: Json, peer: str, agent: str, name: str
) -> None:
    assert Callers().name(call(body, peer, agent), None) == name


def test_a_connection_keeps_the_name_that_was_said_on_it() -> None:
    callers = Callers()
    callers.name(call({"hostname": "runner-1"}), None)
    assert callers.name(call({"taskId": "t"}), "t") == "runner-1"
    assert callers.name(call({"taskId": "t"}, peer="10.0.0.1:2"), "t") == "10.0.0.1 Boto3/1.44"


def test_a_beat_on_a_new_connection_belongs_to_whoever_was_handed_the_task() -> None:
    callers = Callers()
    callers.handed("t", "runner-1", "")
    assert callers.name(call({"taskId": "t"}, peer="10.0.0.2:5"), "t") == "runner-1"
    assert callers.name(call({"taskId": "u"}, peer="10.0.0.2:5"), "u") == "10.0.0.2 Boto3/1.44"


def test_the_oldest_names_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "_KEPT", 2)
    callers = Callers()
    for task in ("a", "b", "a", "c"):
        callers.handed(task, f"runner-{task}", "")
    names = [callers.name(call({}, peer="p:1", agent="x"), task) for task in ("a", "b", "c")]
    assert names == ["runner-a", "p x", "runner-c"]
