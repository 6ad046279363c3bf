"""The table of all faults."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

import holter.faults
from holter.faults import kinds
from holter.faults.fault import Kind, Stage
from holter.faults.kinds import GROUPS, KINDS
from holter.wire.decision import Break

from . import boto
from .scenes import asked, live, plan


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len(KINDS) == sum(len(rows) for rows in GROUPS.values())
    assert all(name == kind.name for name, kind in KINDS.items())


def test_every_file_that_holds_a_fault_is_in_the_table() -> None:
    folder = Path(holter.faults.__file__).parent
    holding = [
        path.stem
        for path in folder.glob("*.py")
        if "= Kind(\n" in path.read_text() or '= Kind("' in path.read_text()
    ]
    rows = {id(kind) for kind in KINDS.values()}
    modules = [one for one in vars(kinds).values() if isinstance(one, ModuleType)]
    known = {one.__name__.rpartition(".")[2] for one in modules if rows & set(map(id, vars(one).values()))}

    assert set(holding) == known


def test_every_fault_says_what_it_does_and_when() -> None:
    for kind in KINDS.values():
        assert isinstance(kind, Kind)
        assert kind.does.endswith(".")
        assert kind.takes
        assert set(kind.stages) <= set(Stage)
        assert not {"stage", "force", kind.name} & set(kind.options)
        assert not set(kind.options) & set(KINDS), "an option that is a fault's name makes a step ambiguous"


@pytest.mark.parametrize("row", boto.ROWS, ids=lambda row: row.fault)
def test_those_that_leave_no_connection_say_so(row: boto.Row) -> None:
    made, call = plan(row.rule), asked("".join(word.title() for word in row.call[0].split("_")))
    decision = made.before(call) or made.after(call, live())

    assert isinstance(decision, Break) is KINDS[row.fault].ends


def test_those_that_no_single_call_shows_leave_it() -> None:
    assert not any(KINDS[name].ends for name in boto.UNSEEN)
