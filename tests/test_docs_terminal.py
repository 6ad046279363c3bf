"""docs/terminal.md against the board and the events."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.board.rig import Rig
from tests.lease.history import History

from holter.board.watch import Watch
from holter.cli.events import VERSION, Events
from holter.faults.plans import Mode
from holter.faults.short import parse
from holter.lease.countdown import SHARES, Ebb
from holter.screen.draw import KEYS
from holter.screen.show import EVERY, SHARE
from holter.screen.table import SIGNS, UNSEEN

DOC = Path(__file__).parents[1] / "docs" / "terminal.md"
TEXT = DOC.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT.partition("<!-- events -->")[2], re.MULTILINE)
EVENTS = {name: keys for name, keys in ROWS if name != "event"}


async def told(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """One event of each kind, by its name."""
    events, rig = Events(lambda _line: None), Rig()
    watch = Watch(events)
    (finding, *_) = History().handed(0).beat(1, 1000).findings()
    async with events.shown(rig.trial, Mode.SANDBOX, "sandbox", ["export A=1"]):
        rig.beat()
        call = rig.watch.calls()[0]
        watch.called(call, 1.0)
        watch.found(finding)
        watch.ebbing(Ebb(0.0, "task-1", 0.5, 1.0))
        watch.trouble("disk full")
    rig.trial.close()
    events.ended(rig.trial.audit, 0, 0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line.pop("event"): line for line in lines}


def test_every_event_is_told_with_its_keys_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    found = asyncio.run(told(capsys))

    assert EVENTS.keys() == found.keys()
    for name, event in found.items():
        assert {key for key in event if f"`{key}`" not in EVENTS[name]} == set(), name
    assert found["started"]["version"] == VERSION
    assert f"`version` ({VERSION})" in EVENTS["started"]
    assert all(f"`{mode.name.lower()}`" in EVENTS["started"] for mode in {*Mode} - {Mode.IN_PROCESS})


def test_every_key_is_told_and_no_other() -> None:
    keys = TEXT.partition("<!-- keys -->")[2].partition("## ")[0]

    assert re.findall(r"^\| `(.)` \|", keys, re.MULTILINE) == [key for key, _, _ in KEYS]
    assert [parse(short).rule.name for short in re.findall(r"`(\w+:[^`]+)`", keys)] != []


def test_the_signs_are_those_of_the_board() -> None:
    (told_of,) = re.findall(r"^\| the sign \| (.+) \|$", TEXT, re.MULTILINE)

    assert re.findall(r"`(.)`", told_of) == [*SIGNS.values(), UNSEEN]
    assert f"{SHARES[1]:.0%}" in told_of


def test_it_is_drawn_as_often_as_it_says() -> None:
    assert EVERY == 0.25
    assert "four times a second at the most" in TEXT
    assert f"takes {SHARE:.0%} of the time at the most" in " ".join(TEXT.split())


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", TEXT):
        assert (DOC.parent / target).is_file(), target
