"""The reference runner through a real proxy, honest and not: what the audit says of its conduct."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_record import SCALE, pipeline, runner
from tests.processes import holter_run, sandbox

from holter.lease.catalogue.gaps import ROWS

GAPS = {row.id for row in ROWS}


def told(
    folder: Path, work: str, *options: str, record: tuple[str, ...] = (), within: int | None = None
) -> dict[str, str]:
    """Run the runner, perhaps for so many seconds; return the rules of conduct that it broke."""
    tape, asked = folder / "run.yaml", runner(*options)
    if within:
        asked = ["sh", "-c", f'"$@" & sleep {within}; kill $!; wait', "sh", *asked]
    with sandbox(folder, "--scale", SCALE, "--definition", str(pipeline(folder, work))) as service:
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca", str(service.ca),
            *record, "--", *asked, home=folder,
        )  # fmt: skip
    assert tape.exists(), ended.stderr
    report = json.loads(holter_run("audit", str(tape), "--format", "json", home=folder).stdout)
    return {one["rule"]: one["certainty"] for one in report["findings"] if one["rule"] not in GAPS}


@pytest.mark.parametrize("slots", ["1", "2"])
def test_an_honest_runner_gets_no_certain_finding(tmp_path: Path, slots: str) -> None:
    found = told(tmp_path, "sleep 3", "--tasks", slots, "--exit-when-idle")

    assert {rule for rule, certainty in found.items() if certainty == "certain"} == set()
    assert set(found) <= {"poll-overlap"}


def test_a_runner_that_obeys_a_cancel_and_one_that_does_not(tmp_path: Path) -> None:
    for folder, misbehave, expected in (
        ("good", (), None),
        ("bad", ("--misbehave", "ignore-cancel"), "certain"),
    ):
        (tmp_path / folder).mkdir()
        options = ("--max-tasks", "1", *misbehave)
        found = told(tmp_path / folder, "sleep 6", *options, record=("--cancel-on", "1"))

        assert found.get("cancel-ignored") == expected, found


def test_a_runner_whose_sdk_gives_up_its_polls(tmp_path: Path) -> None:
    found = told(tmp_path, "sleep 1", "--poll-timeout", "1", within=8)

    assert found["poll-aborted"] == "certain", found


@pytest.mark.parametrize(
    ("misbehave", "record", "expected"),
    [
        ("crash:after=1", (), {"terminal-missing-at-exit": "possible"}),
        ("no-status", (), {"terminal-missing-at-exit": "possible"}),
        ("double-status", (), {"status-after-terminal": "certain"}),
        (
            "status-after-cancel",
            ("--cancel-on", "1"),
            {"status-after-cancel": "possible", "cancel-latency": "certain"},
        ),
    ],
)
def test_what_a_runner_does_wrong_at_the_end_of_a_task(
    tmp_path: Path, misbehave: str, record: tuple[str, ...], expected: dict[str, str]
) -> None:
    found = told(tmp_path, "sleep 2", "--max-tasks", "1", "--misbehave", misbehave, record=record)

    assert found == expected
