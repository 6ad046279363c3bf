"""`holter audit --format html`: the page of one recording, and of several as one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.processes import holter_run

ROOT = Path(__file__).parents[2]
LOST = ROOT / "cassettes" / "lease-lost.yaml"

pytestmark = pytest.mark.usefixtures("page")


@pytest.fixture
def page() -> None:
    if not (ROOT / "addons" / "holter" / "board" / "page" / "index.html").exists():
        pytest.skip("the page's parts are not there yet")


def data(page: Path) -> Any:
    found = re.search(r'<script type="application/json" id="holter-page">(.*?)</script>', page.read_text())
    assert found
    return json.loads(found[1])


def test_a_recording_becomes_one_file_with_its_data_and_the_calls_that_findings_name(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    ended = holter_run("audit", str(LOST), "--format", "html", "-o", str(out), home=tmp_path)
    found = data(out)

    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")
    assert (found["live"], found["title"], found["recording"]) == (False, str(LOST), "909913b3")
    (gap,) = [one for one in found["findings"] if one["rule"] == "gap-over-limit"]
    assert gap["places"] == [f"{LOST}:{gap_line}" for gap_line in lines(LOST, gap["interactions"])]
    assert {str(seq) for seq in gap["interactions"]} <= set(found["bodies"])
    opened = found["bodies"][str(gap["interactions"][0])]
    assert opened["call"]["op"] == "ReportTaskProgress"
    assert opened["request"]["taskId"] == "task-1"
    assert out.stat().st_size < 2_000_000


def lines(path: Path, calls: list[int]) -> list[int]:
    rows = path.read_text().splitlines()
    return [
        next(number for number, row in enumerate(rows, 1) if row.startswith(f'call: {{"seq":{seq},'))
        for seq in calls
    ]


def test_several_recordings_are_one_page_with_the_names_of_the_whole(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    paths = [str(ROOT / "cassettes" / name) for name in ("healthy.yaml", "lease-lost.yaml")]
    holter_run("audit", *paths, "--scale", "0.02", "--format", "html", "-o", str(out), home=tmp_path)
    found = data(out)

    assert found["title"] == "2 recordings as one"
    tasks = {lease["task"] for lease in found["leases"]}
    assert len(tasks) == len(found["leases"])
    for lease in found["leases"]:
        for seq in lease["dots"]["seq"]:
            body = found["bodies"][str(seq)]
            assert body["call"]["task"] == lease["task"]
            assert lease["task"] in json.dumps(body["request"]) + json.dumps(body.get("response"))


def test_it_is_written_to_standard_output_too(tmp_path: Path) -> None:
    ended = holter_run("audit", str(LOST), "--format", "html", home=tmp_path)

    assert ended.stdout.startswith("<!doctype html>")


def test_one_page_shows_one_recording(tmp_path: Path) -> None:
    ended = holter_run(
        "audit",
        str(LOST),
        str(LOST.with_name("demo.yaml")),
        "--separately",
        "--format",
        "html",
        home=tmp_path,
    )

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "--format html shows one recording" in ended.stderr
