"""What the documentation says is what the program does.

`HOLTER_WRITE_DOCS=1 pytest tests/test_docs.py` writes docs/commands.md anew.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from holter.cassette.reader import open_cassette
from holter.cli import COMMANDS, holter
from holter.lease.audit import Audit
from holter.lease.profilefile import recorded
from holter.mitm.options import OPTIONS
from holter.receivers import Listener
from holter.report.lines import Lines
from holter.wire.message import Interaction

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@functools.cache
def help_of(*names: str) -> str:
    """What a new process prints: click keeps in a command what the first caller's context said."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "addons"), "COLUMNS": "100"}
    words = [sys.executable, "-m", "holter", *names, "--help"]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout


def chapters() -> Iterator[tuple[str, ...]]:
    """The names of all commands, those of a group behind it."""
    for name in COMMANDS:
        command = importlib.import_module(f"holter.cli.{name.replace('-', '_')}").command
        yield from below(command, (name,))


def below(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield names
    for name, inner in command.commands.items() if isinstance(command, click.Group) else ():
        yield from below(inner, (*names, name))


def commands_page() -> str:
    parts = [
        "# Commands\n\nWhat `--help` prints, and the options of mitmproxy's script. A test writes this.\n",
        f"```text\n{help_of()}```\n",
        *(f"## holter {' '.join(names)}\n\n```text\n{help_of(*names)}```\n" for names in chapters()),
        "## Options of the script\n\n"
        "`mitmdump -s addons/datapipeline.py --set NAME=VALUE`; all values are text. "
        "[mitmproxy.md](mitmproxy.md) tells more.\n\n"
        "| name | default | meaning |\n| --- | --- | --- |\n"
        + "".join(
            f"| `holter_{one.name}` | {one.default if one.default not in (None, ()) else ''} | {one.help} |\n"
            for one in OPTIONS.values()
        ),
    ]
    return "\n".join(parts)


def test_the_page_of_commands_is_what_help_prints() -> None:
    page = ROOT / "docs" / "commands.md"
    if os.environ.get("HOLTER_WRITE_DOCS"):
        page.write_text(commands_page(), encoding="utf-8")

    assert page.read_text(encoding="utf-8") == commands_page()


def test_the_readme_names_every_command() -> None:
    assert [name for name in COMMANDS if f"holter {name}" not in README] == []


def shown_commands() -> list[str]:
    """Every `holter ...` line in a console or sh block of any page."""
    lines = [
        line.removeprefix("$ ").strip()
        for page in PAGES
        for kind, text in _BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind in ("sh", "console")
        for line in text.splitlines()
    ]
    return [line for line in lines if line.startswith("holter ")]


@pytest.mark.parametrize("line", shown_commands())
def test_every_command_that_is_shown_is_one_that_exists(line: str) -> None:
    words = shlex.split(line.partition(" #")[0])
    ours = words[1 : words.index("--")] if "--" in words else words[1:]
    ours = ours[: ours.index("|")] if "|" in ours else ours

    assert ours[0] in COMMANDS
    chapter = max((names for names in chapters() if tuple(ours[: len(names)]) == names), key=len)
    known = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", help_of(*chapter)))
    assert [word for word in ours[1:] if word.startswith("-") and word not in known] == []


def test_the_output_that_the_readme_shows_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = [text for kind, text in _BLOCK.findall(README) if kind == "console"]
    assert shown
    for text in shown:
        head, _, output = text.partition("\n")
        words = shlex.split(head.removeprefix("$ "))
        printed = CliRunner().invoke(holter, words[1:]).output
        assert printed == output


def test_the_lines_that_the_readme_shows_of_the_demo_are_lines_of_its_recording() -> None:
    (shown,) = [text for kind, text in _BLOCK.findall(README) if kind == "log"]
    reader = open_cassette(str(ROOT / "cassettes" / "demo.yaml"))
    assert reader.header.profile is not None
    lines: list[str] = []
    listener: Listener = Lines(lines.append)
    audit = Audit(recorded(reader.header.profile))
    for entry in reader:
        if isinstance(entry.value, Interaction):
            listener.called(entry.value, None)
    audit.read(entry.value for entry in reader)
    for finding in audit.findings:
        listener.found(finding)
    plain = {re.sub(r"  lease [\d.]+ s", "", line) for line in lines}

    assert [line for line in shown.splitlines() if re.sub(r"  lease [\d.]+ s", "", line) not in plain] == []


def test_no_page_links_to_a_file_that_is_not_there() -> None:
    missing = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert missing == []
