"""The control API: who may ask, what is answered, and what is refused."""

from __future__ import annotations

import json

import pytest

from holter.board.api import MOST_STREAMS
from holter.endpoint.http import HttpResponse
from holter.faults.plans import Mode
from holter.lease.rules import RULES
from holter.wire.message import Interaction

from .rig import RULE, Rig


@pytest.mark.parametrize("token", [None, "", "secre", "secrets", "s\u00e9cret"])
@pytest.mark.parametrize(
    "path", ["/v1/state", "/v1/calls", "/v1/nowhere", "/v1/page", "/v1/events", "/v1/calls/1", "/x"]
)
def test_whoever_has_no_token_learns_nothing(token: str | None, path: str) -> None:
    response = Rig().raw("GET", path, token=token)

    assert (response.status, response.body, response.headers) == (403, b"", ())


def test_anybody_may_ask_whether_it_goes_on() -> None:
    rig = Rig()
    assert rig.raw("GET", "/healthz", token=None).body == b'{"ok":true,"lag":0.0,"lost":0}\n'
    rig.trial.close()

    assert json.loads(rig.raw("GET", "/healthz", token=None).body)["ok"] is False


def test_the_state_says_how_the_run_stands() -> None:
    rig = Rig()
    rig.beat()
    found = rig.ask("GET", "/v1/state")

    assert found.pop("by").startswith("holter ")
    assert found == {
        "version": 1, "recording": None, "mode": "sandbox", "paused": False, "in_flight": 0,
        "calls": 1, "leases": 1,
        "findings": 0, "faults": 1, "lost": 0, "scale": 0.5,
    }  # fmt: skip


def test_calls_leases_and_findings_are_as_recording_and_report_have_them() -> None:
    rig = Rig()
    for _ in range(3):
        rig.beat()
    calls = rig.ask("GET", "/v1/calls?after=1")["calls"]

    assert [(one["call"]["seq"], one["call"].get("fault")) for one in calls] == [(2, "r1"), (3, None)]
    assert calls[0]["request"] == {"taskId": "task-1"}
    assert calls[0]["response"] == {"canceled": True}
    assert calls[0]["call"]["upstream"]["response"] == {"canceled": False}
    assert "real-1" not in str(calls)
    (lease,) = rig.ask("GET", "/v1/leases")["leases"]
    assert (lease["task"], lease["beats"]["failed"]) == ("task-1", 0)
    rig.trial.close()
    assert all("rule" in one for one in rig.ask("GET", "/v1/findings")["findings"])


def test_a_note_is_written_and_calls_pass_unseen_while_it_is_paused() -> None:
    rig = Rig()
    assert rig.ask("POST", "/v1/marks", {"text": "deployed"}) == {"marked": "deployed"}
    assert rig.ask("POST", "/v1/pause") == {"paused": True}
    rig.beat()
    assert rig.ask("POST", "/v1/resume") == {"paused": False}

    assert [mark.what for mark in rig.marks] == ["note", "paused", "resumed"]
    assert rig.marks[0].more == {"text": "deployed"}
    assert rig.told.calls == []


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/v1/marks", "{}", "the body must be"),
        ("POST", "/v1/marks", "[", "Expecting value"),
        ("POST", "/v1/marks", '{"text": 7}', "the body must be"),
        ("GET", "/v1/calls?after=x", "", "'x' is not a number"),
    ],
)
def test_bad_input_is_400_with_what_is_wrong(method: str, path: str, body: str, said: str) -> None:
    assert said in Rig().ask(method, path, body, status=400)["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nowhere"), ("DELETE", "/v1/faults"), ("POST", "/v1/faults/r1/sing"), ("POST", "/x"),
        ("GET", "/v1/faults/r1/arm"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(method: str, path: str) -> None:
    assert f"{method} {path}" in Rig().ask(method, path, status=404)["error"]


def test_a_replay_cannot_be_paused_for_nobody_would_answer() -> None:
    rig = Rig(RULE, mode=Mode.REPLAY)

    assert "has no service" in rig.ask("POST", "/v1/pause", status=400)["error"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "", "127.0.0.1.evil.example", "10.0.0.1", "["]
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/v1/state", "/v1/page"])
def test_a_name_that_is_not_this_machines_is_refused_token_or_not(host: str, path: str) -> None:
    given = Rig().given("GET", path, host=host)

    assert given == HttpResponse(403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:8080", "LOCALHOST:1"])
def test_this_machines_names_will_do(host: str) -> None:
    given = Rig().given("GET", "/v1/state", host=host)

    assert isinstance(given, HttpResponse)
    assert given.status == 200


def test_the_page_is_answered_with_where_to_read_on() -> None:
    rig = Rig()
    rig.beat()
    found = rig.ask("GET", "/v1/page")

    assert (found["live"], found["title"], found["after"]) == (True, "sandbox", 1)
    assert found["calls"]["seq"] == [1]
    assert found["faults"]["seed"] == 7
    assert found["state"] == rig.ask("GET", "/v1/state")
    assert set(found["rules"]) == set(RULES)


def test_one_call_is_opened_with_what_the_tables_say_about_it() -> None:
    rig = Rig()
    rig.beat()
    found = rig.ask("GET", "/v1/calls/1")

    assert (found["call"]["seq"], found["request"], found["checks"]) == (1, {"taskId": "task-1"}, [])
    assert "real-1" not in str(found)
    rig.trial.call = lambda seq: Interaction("PollForTask", {}, {}, seq=seq)  # type: ignore[method-assign]
    assert rig.ask("GET", "/v1/calls/77")["call"] == {"seq": 77, "op": "PollForTask"}
    rig.trial.call = lambda seq: None  # type: ignore[method-assign]
    assert (
        "call 2 is kept nowhere: of what no recording has, the latest 1000"
        in rig.ask("GET", "/v1/calls/2", status=404)["error"]
    )
    assert rig.ask("GET", "/v1/calls/x", status=400)["error"] == "the call: 'x' is not a number from 0 up"


def test_more_streams_than_can_be_served_are_refused() -> None:
    rig = Rig()
    rig.api.live.readers = MOST_STREAMS

    assert "close one" in rig.ask("GET", "/v1/events", status=503)["error"]


def test_data_is_kept_nowhere_and_is_what_it_says() -> None:
    for path in ("/v1/state", "/v1/page"):
        headers = dict(Rig().raw("GET", path).headers)
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
