"""Faults changed while a run goes on."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import pytest
from tests.board.rig import Rig

from holter.faultdesk import FaultDesk
from holter.faults.node import PlanError
from holter.faults.plans import Mode, Plans
from holter.wire.decision import Answer
from holter.wire.message import Origin


def row(name: str, state: str = "armed", met: int = 0, left: float | None = None) -> dict[str, Any]:
    return {"name": name, "state": state, "met": met, "left": left}


def origins(rig: Rig, count: int) -> list[Origin]:
    found = []
    for _ in range(count):
        decision = rig.beat()
        assert isinstance(decision, Answer)
        found.append(decision.origin)
    return found


def test_rules_are_listed_with_the_seed() -> None:
    assert Rig().ask("GET", "/v1/faults") == {"seed": 7, "rules": [row("r1")]}


def test_a_rule_is_taken_out_armed_again_and_fired_and_the_recording_tells_of_it() -> None:
    rig = Rig()
    assert rig.ask("POST", "/v1/faults/r1/disarm") == row("r1", "off")
    assert origins(rig, 2) == [Origin.LIVE, Origin.LIVE]
    assert rig.ask("POST", "/v1/faults/r1/fire") == row("r1", "off")
    assert origins(rig, 2) == [Origin.FAULT, Origin.LIVE]
    armed = rig.ask("POST", "/v1/faults/r1/arm", {"for": 60})
    assert armed["state"] == "armed"
    assert 25 < armed["left"] <= 30, "scaled as the run"

    marks = [mark.more for mark in rig.marks if mark.what == "fault" and mark.more["did"] != "decided"]
    expect = [{"rule": "r1", "no_status": True}]
    assert marks == [
        {"did": "disarmed", "rules": ["r1"], "seed": 7},
        {"did": "fired", "rules": ["r1"], "seed": 7, "expect": expect},
        {"did": "armed", "rules": ["r1"], "seed": 7, "expect": expect},
    ]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            {"name": "new", "when": {"op": "ReportTaskProgress"}, "then": {"error": "InternalServiceError"}},
            "new",
        ),
        ("{name: new, when: {op: ReportTaskProgress}, then: {error: InternalServiceError}}", "new"),
        ('"ReportTaskProgress:close"', "ReportTaskProgress:close"),
    ],
)
def test_a_new_rule_is_armed_as_a_plan_or_a_short_form_has_it(body: Any, name: str) -> None:
    rig = Rig("when: {op: PollForTask}, then: {starve: true}")

    assert rig.ask("POST", "/v1/faults", body) == row(name)
    assert [one["name"] for one in rig.ask("GET", "/v1/faults")["rules"]] == ["r1", name]
    assert rig.beat().by == name


@pytest.mark.parametrize(
    "rule", [{"name": "new", "then": {"cancel": True}}, {"fault": "ReportTaskProgress:cancel"}]
)
def test_a_new_rule_may_say_for_how_long(rule: dict[str, Any]) -> None:
    made = Rig().ask("POST", "/v1/faults", {**rule, "for": 20})

    assert 5 < made["left"] <= 10


def test_a_rule_that_meets_every_call_leaves_some_to_others_only_while_it_is_off_or_will_be() -> None:
    rig = Rig("when: {op: ReportTaskProgress}, then: {cancel: true}")
    refused = rig.ask("POST", "/v1/faults", '"ReportTaskProgress:close"', status=400)
    assert "'r1' before it meets every such call" in refused["error"]
    rig.ask("POST", "/v1/faults/r1/arm", {"for": 60})
    assert rig.ask("POST", "/v1/faults", '"ReportTaskProgress:close"')["state"] == "armed"
    rig.ask("POST", "/v1/faults/r1/disarm")
    assert rig.ask("POST", "/v1/faults", '"ReportTaskProgress:reset:at_most=1"', status=400), "behind close"
    rig.ask("POST", "/v1/faults/ReportTaskProgress:close/disarm")

    assert rig.ask("POST", "/v1/faults", '"ReportTaskProgress:InternalServiceError"')["state"] == "armed"
    assert rig.beat().by == "ReportTaskProgress:InternalServiceError"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("", "{name: r1, then: {cancel: true}}", "there is a rule 'r1' already"),
        ("", "{name: new, then: {cancl: true}}", "the rule:1: $.then.cancl: is an unknown fault"),
        ("", "{name: new, then: {cancel: true}, for: -1}", "$.for: must be above 0 seconds"),
        ("", "{fault: PollForTask:starve, for: 0}", "$.for: must be above 0 seconds"),
        ("", "{fault: PollForTask:starve, then: {cancel: true}}", "$.then: is an unknown key"),
        ("", "{fault: [], for: 3}", "$.fault: must be a text"),
        ("", "{name: new, then: {cancel: true}, fro: 1}", "$.fro: is an unknown key"),
        ("", "{name: new, when: {after: gone}, then: {cancel: true}}", "names no rule: 'gone'"),
        ("", "", "the rule: is empty"),
        ("", "[", "is not YAML"),
        ("/r2/arm", "", "there is no rule 'r2' (known: r1)"),
        ("/r1/arm", "{until: 3}", "$.until: is an unknown key"),
        ("/r%32/fire", "", "there is no rule 'r2'"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(path: str, body: str, said: str) -> None:
    rig = Rig()

    assert said in rig.ask("POST", f"/v1/faults{path}", body, status=400)["error"]
    assert rig.ask("GET", "/v1/faults")["rules"] == [row("r1")]


def test_what_the_run_cannot_do_is_refused() -> None:
    rig = Rig("when: {op: ReportTaskProgress}, then: {cancel: true}", mode=Mode.REPLAY)
    error = rig.ask("POST", "/v1/faults", '"PollForTask:duplicate=2"', status=400)["error"]

    assert "duplicate needs a service behind Holter, which replay has not" in error


def test_a_short_form_alone_needs_no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = FaultDesk(Rig().trial, Mode.SANDBOX)
    monkeypatch.setitem(sys.modules, "yaml", None)

    assert asdict(desk.add_short("ReportTaskProgress:close")) == row("ReportTaskProgress:close")
    with pytest.raises(PlanError, match="there is a rule 'ReportTaskProgress:close' already"):
        desk.add_short("ReportTaskProgress:close")


def test_a_run_that_began_without_faults_can_be_given_some() -> None:
    rig = Rig()
    rig.trial.plans, rig.trial.session.plan = Plans(seed=3), None
    assert origins(rig, 1) == [Origin.LIVE]

    desk = FaultDesk(rig.trial, Mode.SANDBOX)
    assert (desk.rows(), desk.seed) == ([], 3)
    desk.add('{"name": "new", "when": {"op": "ReportTaskProgress"}, "then": {"error": "Throttling"}}')
    assert origins(rig, 1) == [Origin.FAULT]
