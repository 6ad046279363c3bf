from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Lab

START = "2026-11-21T00:00:00"


def test_pipelines_are_listed_page_by_page(lab: Lab) -> None:
    made = {lab.create(f"p{n}") for n in range(250)}
    found, marker = [], ""
    while True:
        page = lab.ok("ListPipelines", marker=marker)
        found += page["pipelineIdList"]
        if not page["hasMoreResults"]:
            break
        marker = page["marker"]
    assert {one["id"] for one in found} == made
    assert len(found) == 250
    for wrong in ("x", "-1", "251"):
        assert "$.marker" in lab.error("ListPipelines", marker=wrong)


def test_a_pipeline_is_described(lab: Lab) -> None:
    pipeline = lab.ok("CreatePipeline", name="p", uniqueId="u", description="d")["pipelineId"]
    (found,) = lab.ok("DescribePipelines", pipelineIds=[pipeline])["pipelineDescriptionList"]
    assert {one["key"]: one["stringValue"] for one in found.pop("fields")} == {
        "@id": pipeline,
        "name": "p",
        "uniqueId": "u",
        "description": "d",
        "@creationTime": START,
        "@pipelineState": "PENDING",
        "@sphere": "PIPELINE",
    }
    assert found == {"pipelineId": pipeline, "name": "p", "description": "d", "tags": []}
    assert "at most 25" in lab.error("DescribePipelines", pipelineIds=[pipeline] * 26)


@pytest.mark.parametrize(("evaluated", "command"), [(False, "#{@status}"), (True, "WAITING_FOR_RUNNER")])
def test_objects_are_described_raw_or_evaluated(
    lab: Lab, activity: Any, evaluated: bool, command: str
) -> None:
    pipeline = lab.activate(activity(command="#{@status}"))
    body = {"pipelineId": pipeline, "objectIds": [f"@A_{START}"], "evaluateExpressions": evaluated}
    (found,) = lab.ok("DescribeObjects", **body)["pipelineObjects"]
    assert {"key": "command", "stringValue": command} in found["fields"]


def test_only_objects_that_exist_are_described_and_few_at_once(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(activity())
    assert "no object 'X'" in lab.error("DescribeObjects", pipelineId=pipeline, objectIds=["X"])
    assert "at most 25" in lab.error("DescribeObjects", pipelineId=pipeline, objectIds=["A"] * 26)


@pytest.mark.parametrize(
    ("sphere", "selectors", "ids"),
    [
        ("COMPONENT", [], ["A", "B", "C"]),
        ("INSTANCE", [], [f"@{name}_{START}" for name in "ABC"]),
        ("ATTEMPT", [], [f"@{name}_{START}_Attempt=1" for name in "AB"]),
        ("INSTANCE", [("@status", "EQ", ["RUNNING"])], [f"@A_{START}"]),
        ("COMPONENT", [("dependsOn", "REF_EQ", ["A"])], ["C"]),
        ("COMPONENT", [("size", "GE", ["9"])], ["A", "B"]),
        ("COMPONENT", [("size", "LE", ["9"])], ["A", "C"]),
        ("COMPONENT", [("size", "BETWEEN", ["3", "10"])], ["A", "B"]),
        ("COMPONENT", [("size", "BETWEEN", ["3"])], []),
        ("COMPONENT", [("name", "EQ", ["B"])], ["B"]),
        ("COMPONENT", [("size", "GE", ["9"]), ("id", "EQ", ["A"])], ["A"]),
        ("INSTANCE", [("@scheduledStartTime", "LE", ["2026-11-20T00:00:00"])], []),
    ],
)
def test_objects_are_found_by_their_fields(
    lab: Lab, activity: Any, sphere: str, selectors: list[Any], ids: list[str]
) -> None:
    pipeline = lab.activate(
        activity(size="9"), activity("B", size="10"), activity("C", size="1", dependsOn={"ref": "A"})
    )
    lab.poll()
    query = {
        "selectors": [
            {"fieldName": name, "operator": {"type": kind, "values": values}}
            for name, kind, values in selectors
        ]
    }
    found = lab.ok("QueryObjects", pipelineId=pipeline, sphere=sphere, query=query)
    assert (found["ids"], found["hasMoreResults"]) == (ids, False)


def test_a_query_has_a_limit_and_goes_on_from_its_marker(lab: Lab, activity: Any) -> None:
    pipeline = lab.activate(*(activity(f"A{n}") for n in range(5)))
    body = {"pipelineId": pipeline, "sphere": "COMPONENT", "limit": 2}
    first = lab.ok("QueryObjects", **body)
    assert (first["ids"], first["hasMoreResults"]) == (["A0", "A1"], True)
    assert lab.ok("QueryObjects", **body, marker=first["marker"])["ids"] == ["A2", "A3"]
    assert "$.limit" in lab.error("QueryObjects", **{**body, "limit": -1})
    assert "$.sphere" in lab.error("QueryObjects", pipelineId=pipeline, sphere="component")
    many = {"selectors": [{"fieldName": "x"}] * 11}
    assert "at most 10" in lab.error("QueryObjects", pipelineId=pipeline, sphere="COMPONENT", query=many)
