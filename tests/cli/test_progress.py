from __future__ import annotations

import io
import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.terminal import on_terminal
from tests.processes import environment

from holter.cli.progress import Watched


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(seconds: float, out: io.StringIO, passes: int = 1) -> Watched[int]:
    """1000 items that take so many seconds."""
    ticks = itertools.count()
    return Watched(
        range(1000),
        lambda: 500,
        1000,
        label="x.yaml",
        passes=passes,
        out=out,
        now=lambda: next(ticks) * seconds / 16,
    )


def shown(seconds: float, out: io.StringIO) -> str:
    """What is shown while they pass."""
    assert list(watched(seconds, out)) == list(range(1000))
    return out.getvalue()


def test_what_takes_long_shows_a_bar_on_a_terminal() -> None:
    text = shown(5, Terminal())

    assert "x.yaml" in text
    assert "50%" in text
    assert "100%" in text
    assert text.count("\n") == 1


def test_what_is_quick_or_not_on_a_terminal_shows_nothing() -> None:
    assert shown(0.5, Terminal()) == ""
    assert shown(5, io.StringIO()) == ""


def test_each_of_several_passes_has_a_bar_that_says_which_it_is() -> None:
    out = Terminal()
    items = watched(5, out, passes=2)
    assert list(items) == list(items)

    assert "x.yaml (1 of 2)" in out.getvalue()
    assert "x.yaml (2 of 2)" in out.getvalue()
    assert out.getvalue().count("\n") == 2


def test_a_bar_that_is_hushed_ends_its_line_and_never_comes_back() -> None:
    out = Terminal()
    items = watched(5, out)
    one = iter(items)
    list(itertools.islice(one, 500))
    assert "50%" in out.getvalue()
    items.hush()
    said = out.getvalue()
    assert said.endswith("\n")
    assert sum(1 for _ in one) == 500
    assert sum(1 for _ in items) == 1000
    assert out.getvalue() == said


def test_a_pass_that_is_given_up_ends_its_line() -> None:
    out = Terminal()
    for item in watched(5, out):
        if item == 500:
            break
    assert "50%" in out.getvalue()
    assert out.getvalue().endswith("\n")


PATIENT = "from holter.cli import main, progress; progress.AFTER = {}; main()"
"""The command, with so many seconds until a bar is worth its line."""


def patient(after: float, *arguments: str) -> list[str]:
    return [sys.executable, "-c", PATIENT.format(after), *arguments]


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "run.yaml"
    call = '---\ncall: {"op":"PollForTask","status":200}\nrequest: {"workerGroup":"wg"}\nresponse: {}\n'
    path.write_text("holter: 1\n" + call * 500)
    return path


@pytest.mark.parametrize(
    ("arguments", "bars"),
    [
        (["show", "{}", "--errors"], [""]),
        (["show", "{}", "400"], [""]),
        (["check", "{}"], [""]),
        (["convert", "{}", "{}.new"], [" (1 of 2)", " (2 of 2)"]),
    ],
)
def test_a_command_that_takes_long_shows_a_bar_on_a_terminal_and_none_when_piped(
    tape: Path, arguments: list[str], bars: list[str]
) -> None:
    env = environment(tape.parent, PAGER="cat")
    asked = [argument.format(tape) for argument in arguments]
    code, shown = on_terminal(patient(0, *asked), env)
    assert code == 0
    assert [f"{tape}{bar}  [#" in shown for bar in bars] == [True] * len(bars)
    Path(f"{tape}.new").unlink(missing_ok=True)
    code, shown = on_terminal(patient(60, *asked), env)
    assert (code, "[#" in shown) == (0, False)
    Path(f"{tape}.new").unlink(missing_ok=True)
    piped = subprocess.run(patient(0, *asked), env=env, capture_output=True, text=True, check=True)
    assert "[#" not in piped.stdout + piped.stderr


def test_a_bar_ends_where_the_pager_begins(tape: Path) -> None:
    code, shown = on_terminal(patient(0, "show", str(tape)), environment(tape.parent, PAGER="cat"))

    assert code == 0
    bar, rows = shown.split("operation", 1)
    assert f"{tape}  [" in bar
    assert str(tape) not in rows
    assert rows.count("PollForTask") == 500
