from __future__ import annotations

from typing import Any

import pytest

from holter.sandbox.definitionfile import parse
from holter.sandbox.instance import Instance
from holter.sandbox.plan import Activation

NOON = 1_795_262_400.0  # 2026-11-21T12:00:00Z


def plan(*objects: dict[str, Any], forced: bool = False, **values: str) -> dict[str, Instance]:
    definition = parse({"objects": list(objects), "values": values})
    return {one.component.id: one for one in Activation("df-1", definition, NOON, 3, forced).instances()}


def work(name: str = "A", **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "CopyActivity", "workerGroup": "wg", **more}


def test_only_work_and_the_checks_that_it_waits_for_have_instances() -> None:
    made = plan(
        work(precondition={"ref": "P"}, dependsOn={"ref": "B"}),
        work("B", input={"ref": "N"}),
        {"id": "P", "type": "Exists"},
        {"id": "Q", "type": "Exists"},
        {"id": "unused", "type": "Exists"},
        {"id": "N", "type": "S3DataNode", "precondition": {"ref": "Q"}},
    )
    assert list(made) == ["A", "B", "P", "Q"]
    at = "2026-11-21T12:00:00"
    assert (made["A"].id, made["A"].needs, made["A"].checks) == (f"@A_{at}", (f"@B_{at}",), (f"@P_{at}",))
    assert (made["B"].needs, made["B"].checks) == ((), (f"@Q_{at}",))
    check = made["P"]
    assert (check.needs, check.checks, check.node, check.group) == ((f"@B_{at}",), (), f"@A_{at}", "wg")
    assert (check.version, made["A"].node) == (3, None)


@pytest.mark.parametrize(
    ("start", "forced", "scheduled"),
    [
        ("2014-05-13T16:53:20", False, 1_400_000_000.0),
        ("#{minusDays(myStart, 1)}", False, 1_399_913_600.0),
        ("2014-05-13T16:53:20", True, NOON),
        ("#{unknown}", False, NOON),
        ("soon", False, NOON),
    ],
)
def test_the_time_comes_from_the_schedule_unless_it_is_forced(
    start: str, forced: bool, scheduled: float
) -> None:
    schedule = {"id": "S", "type": "Schedule", "startDateTime": start, "period": "1 day"}
    made = plan(work(schedule={"ref": "S"}), schedule, forced=forced, myStart="2014-05-13T16:53:20")
    assert (made["A"].scheduled, made["A"].period) == (scheduled, 86_400.0)


def test_settings_are_evaluated_and_the_component_stays_as_written() -> None:
    made = plan(work(workerGroup="#{myGroup}", retryDelay="#{myDelay}"), myGroup="wg-1", myDelay="1 hour")[
        "A"
    ]
    assert (made.group, made.settings.seconds("retryDelay")) == ("wg-1", 3600.0)
    assert made.component.text("workerGroup") == "#{myGroup}"


def test_a_resource_polls_under_a_name_of_its_own() -> None:
    made = plan(work(runsOn={"ref": "R"}), {"id": "R", "type": "Ec2Resource"})["A"]
    assert made.group == "resource:df-1_@R_2026-11-21T12:00:00"
