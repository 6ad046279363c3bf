"""Which view of a run is taken."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from holter.cli.events import Events
from holter.cli.views import Plain, around, chosen, movable
from holter.errors import UsageError
from holter.report.lines import Findings, Lines
from holter.screen.live import Live


class Tty:
    """A stdout that says of itself what it is."""

    def __init__(self, *, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def asked(**settings: bool) -> dict[str, Any]:
    return {"json_lines": False, "plain": False, "quiet": False, **settings}


def on_terminal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sys, "stdout", Tty(terminal=True))
    patch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("terminal", "term", "expected"),
    [
        (True, "xterm-256color", True),
        (True, "dumb", False),
        (True, "unknown", False),
        (True, "", False),
        (False, "xterm", False),
    ],
)
def test_a_board_needs_a_terminal_on_which_things_can_be_moved(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, term: str, expected: bool
) -> None:
    monkeypatch.setattr(sys, "stdout", Tty(terminal=terminal))
    monkeypatch.setenv("TERM", term)

    assert movable() is expected


def test_on_a_terminal_there_is_a_board_unless_lines_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    assert isinstance(around(asked(), ()), Live)
    for settings in (asked(plain=True), asked(quiet=True)):
        assert isinstance(around(settings, ()), Plain)
    assert type(around(asked(quiet=True), ()).listener) is Findings
    assert type(around(asked(plain=True), ()).listener) is Lines


def test_around_a_command_the_lines_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    assert isinstance(around(asked(), ("true",)), Plain)


def test_json_lines_need_stdout_for_themselves() -> None:
    assert isinstance(around(asked(json_lines=True), ()), Events)
    with pytest.raises(UsageError, match="--json-lines: stdout is the command's own"):
        around(asked(json_lines=True), ("true",))
    with pytest.raises(UsageError, match="--json-lines: stdout is the log's"):
        chosen(asked(json_lines=True), Plain(print), taken="the log's")


def test_plain_lines_go_where_they_are_told() -> None:
    told: list[str] = []
    view = Plain(told.append)
    view.listener.trouble("disk full")
    view.tell("x")

    assert told == ["holter: disk full", "x"]
