"""Findings are in colour on a terminal, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.terminal import on_terminal
from tests.processes import command, environment, holter_run

from holter.cli.colour import painted

CASSETTE = str(Path(__file__).parents[2] / "cassettes" / "ack-late.yaml")
RED = "\x1b[31m"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("error ack-late: The first", f"{RED}error ack-late\x1b[0m: The first"),
        ("08:00:00.000  ERROR ack-late: task-1", f"08:00:00.000  {RED}ERROR ack-late\x1b[0m: task-1"),
        (
            "run: 1 warning\n\nwarning gap-over-5min: x",
            "run: 1 warning\n\n\x1b[33mwarning gap-over-5min\x1b[0m: x",
        ),
        ("08:00:00.000  NOTE possible poll-overlap: r", None),
        ("08:00:00.000  PollForTask  error none", "08:00:00.000  PollForTask  error none"),
        ("  - error ack-late: as somebody said", "  - error ack-late: as somebody said"),
    ],
)
def test_severity_and_rule_are_in_colour(
    text: str, shown: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert painted(text) == (
        shown or text.replace("NOTE possible poll-overlap", "\x1b[36mNOTE possible poll-overlap\x1b[0m")
    )
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted(text) == text


def test_a_report_is_in_colour_on_a_terminal_unless_somebody_wants_none(tmp_path: Path) -> None:
    asked = command("audit", CASSETTE)
    env = {name: value for name, value in environment(tmp_path).items() if name != "NO_COLOR"}

    assert f"{RED}error ack-late" in on_terminal(asked, env)[1]
    assert "\x1b[" not in on_terminal(asked, {**env, "NO_COLOR": "1"})[1]
    assert "\x1b[" not in holter_run("audit", CASSETTE, home=tmp_path).stdout
