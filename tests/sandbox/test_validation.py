from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.conftest import shell, wire

from holter.sandbox.component import components
from holter.sandbox.definition import Definition
from holter.sandbox.validation import errors, verdict, warnings


def made(*objects: dict[str, Any], parameters: tuple[Any, ...] = ()) -> Definition:
    return Definition(components(wire(one) for one in objects), parameters)


CHECK = {"id": "P", "type": "ShellCommandPrecondition", "command": "x"}


@pytest.mark.parametrize(
    ("definition", "wrong"),
    [
        (made(shell()), []),
        (made(shell(precondition={"ref": "P"}), CHECK), []),
        (made(shell(retryDelay="#{myDelay}", maximumRetries="#{myCount}")), []),
        (made(shell(), shell()), ["A: the id stands more than once"]),
        (made({"id": "A"}), ["A: type is missing"]),
        (made({"id": "A", "type": "CopyActivity"}), ["A: either workerGroup or runsOn is needed"]),
        (
            made({"id": "A", "type": "ShellCommandActivity", "workerGroup": "wg"}),
            ["A: either command or scriptUri is needed"],
        ),
        (made(shell(input={"ref": "N"})), ["A: input refers to 'N', which is not defined"]),
        (
            made(shell(dependsOn={"ref": "P"}), CHECK),
            ["A: dependsOn refers to 'P', which is not an activity"],
        ),
        (
            made(shell(precondition={"ref": "B"}), shell("B")),
            ["A: precondition refers to 'B', which is not a precondition"],
        ),
        (
            made(shell(dependsOn={"ref": "B"}), shell("B", dependsOn={"ref": "A"})),
            ["A: dependsOn leads in a circle", "B: dependsOn leads in a circle"],
        ),
        (made(shell(parent={"ref": "A"})), ["A: parent leads in a circle"]),
        (
            made(shell(reportProgressTimeout="soon")),
            ["A: reportProgressTimeout: 'soon' is no period such as '15 minutes'"],
        ),
        (made(shell(maximumRetries="6")), ["A: maximumRetries: '6' is no number from 0 to 5"]),
        (made(shell(maximumRetries="-1")), ["A: maximumRetries: '-1' is no number from 0 to 5"]),
        (
            made({**shell(), "@status": "FINISHED"}),
            ["A: @status: names that begin with @ are the service's own"],
        ),
        (
            made(shell(**{f"k{n}": "v" for n in range(50)})),
            ["A: an object has at most 50 fields (developer guide, limits)"],
        ),
        (
            made(*(shell(f"A{n}") for n in range(101))),
            ["A0: a pipeline has at most 100 objects (developer guide, limits)"],
        ),
        (
            made(shell(), parameters=({"id": "x"},)),
            ["x: the id of a parameter must begin with my"],
        ),
    ],
)
def test_each_fault_of_a_definition_is_named(definition: Definition, wrong: list[str]) -> None:
    assert [f"{one.id}: {one.text}" for one in errors(definition)] == wrong
    assert verdict(definition)["errored"] is bool(wrong)


def test_what_the_sandbox_does_differently_is_a_warning() -> None:
    definition = made(
        shell(precondition={"ref": "S"}, runsOn={"ref": "R"}),
        {"id": "S", "type": "S3KeyExists", "s3Key": "s3://b/k"},
        {"id": "R", "type": "Ec2Resource"},
    )
    assert [one.id for one in warnings(definition)] == ["A", "S"]
    assert verdict(definition) == {
        "errored": False,
        "validationErrors": [],
        "validationWarnings": [
            {"id": "A", "warnings": ["workerGroup is ignored because runsOn is set"]},
            {
                "id": "S",
                "warnings": ["S3KeyExists is checked by the service itself; the sandbox takes it as met"],
            },
        ],
    }
