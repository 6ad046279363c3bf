"""docs/replay.md, held against the program: every table, the example, and the message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.processes import command, holter_run
from tests.replay.tapes import END, Deck, end, handout, takes

from holter.cli.replay import command as replay
from holter.lease.profilefile import named
from holter.replay.matching import IGNORED, Matching
from holter.replay.miss import CODE, Reason
from holter.replay.modes import TABLE
from holter.replay.pacing import End, Pace
from holter.replay.templates import TEMPLATES

PAGE = (Path(__file__).parents[1] / "docs" / "replay.md").read_text(encoding="utf-8")


def table(first: str) -> list[list[str]]:
    """The rows of the table whose first heading this is, without backticks."""
    lines = PAGE.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows


def block(language: str, holds: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(next(text for text in found if holds in text))


def test_the_modes_are_those_of_the_program() -> None:
    assert table("mode") == [
        [mode, "there" if there else "missing", row.known, row.unknown, row.taped, row.file]
        for (mode, there), row in TABLE.items()
    ]


def test_what_is_ignored_is_what_the_program_ignores() -> None:
    assert table("operation") == [[op, ", ".join(ignored)] for op, ignored in IGNORED.items()]


@pytest.mark.parametrize(("first", "words"), [("pace", Pace), ("end", End), ("reason", Reason)])
def test_all_words_are_explained(first: str, words: type[Pace | End | Reason]) -> None:
    assert {row[0] for row in table(first)} == set(words)


def test_the_templates_are_those_of_the_program() -> None:
    assert [(row[0].strip("{}"), row[1]) for row in table("template")] == list(TEMPLATES.items())


def test_the_message_is_what_a_miss_says() -> None:
    deck = Deck(takes(handout(), handout("task-2"), end("task-2"), end("task-1")))
    live = deck.poll()
    assert deck.ask(END, {"taskId": live, "taskStatus": "FAILED"}) == CODE
    assert deck.misses[0].text + "\n" == block("text", "no recorded answer")
    assert f"`{CODE}`" in PAGE


def test_the_profile_is_one(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(block("yaml", "holter-profile"), encoding="utf-8")
    said = named(str(path)).replay
    assert (Pace(said["pace"]), End(said["end"])) == (Pace.LEASE, End.FAIL)
    Matching(said["match_on"])


def test_the_options_that_are_named_exist() -> None:
    own = {option for parameter in replay.params for option in parameter.opts}
    shown = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE)) - {"--mode"}
    assert shown <= own


def test_the_cassette_written_by_hand_drives_a_runner(tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(block("yaml", "holter: 1"), encoding="utf-8")
    runner = command("runner", "--worker-group", "wg", "--scale", "0.001", "--exit-when-idle")
    ended = holter_run(
        "replay", str(path), "--scale", "0", "--unplayed", "fail", "--", *runner, home=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"ReportTaskProgress  task-1  .*  -> canceled: true\n", ended.stderr)
    assert "SetTaskStatus" not in ended.stderr
