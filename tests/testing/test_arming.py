"""Faults changed by a test: the same words for a run of this process and for one of another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.board.rig import Rig

from holter.board.serve import Board, controlled
from holter.endpoint.thread import in_thread
from holter.errors import UsageError
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.faults.roster import Row
from holter.testing.arming import Arming, Remote, Straight

T = TypeVar("T")
SHORT = "ReportTaskProgress:cancel:at_most=1"


class Locked:
    """A way that lets one in at a time."""

    def __init__(self) -> None:
        self.lock, self.count = threading.Lock(), 0

    def call(self, function: Callable[[], T]) -> T:
        with self.lock:
            self.count += 1
            return function()


@contextmanager
def here(_: Path) -> Iterator[tuple[Arming, Rig]]:
    rig = Rig(mode=Mode.REPLAY)
    yield Arming(FaultDesk(rig.trial, Mode.REPLAY), way := Locked()), rig
    assert way.count


@contextmanager
def there(folder: Path) -> Iterator[tuple[Arming, Rig]]:
    rig, file = Rig(mode=Mode.REPLAY), folder / "control.json"

    @asynccontextmanager
    async def start() -> Any:
        async with controlled(Board(("127.0.0.1", 0), str(file), rig.watch), rig.trial, Mode.REPLAY):
            yield file

    with in_thread(start):
        yield Arming(Remote(file), Straight()), rig


@pytest.fixture(params=[here, there], ids=["here", "there"])
def arming(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Arming, Rig]]:
    with request.param(tmp_path) as made:
        yield made


def test_rules_are_armed_taken_out_and_fired_by_their_names(arming: tuple[Arming, Rig]) -> None:
    holter, rig = arming

    assert holter.faults == [Row("r1", "armed", 0, None)]
    assert holter.disarm("r1") == Row("r1", "off", 0, None)
    assert holter.fire("r1") == Row("r1", "off", 0, None)
    assert holter.arm("r1") == Row("r1", "armed", 0, None)
    left = holter.arm("r1", seconds=60).left
    assert left is not None
    assert 25 < left <= 30, "scaled as the run"
    assert [mark.more["did"] for mark in rig.marks] == ["disarmed", "fired", "armed", "armed"]


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (SHORT, SHORT),
        ("*:delay=1", "*:delay=1"),
        ({"name": "new", "when": {"op": ["PollForTask"]}, "then": {"starve": True}}, "new"),
        ("{name: new, then: {starve: true}}", "new"),
        ("name: new\nthen:\n  starve: true\n", "new"),
        ('"PollForTask:starve"', "PollForTask:starve"),
    ],
)
@pytest.mark.parametrize("seconds", [None, 20])
def test_a_new_rule_is_armed_however_it_is_written(
    arming: tuple[Arming, Rig], rule: Any, name: str, seconds: float | None
) -> None:
    holter, _ = arming
    row = holter.arm(rule, seconds=seconds)

    assert (row.name, row.state, row.met) == (name, "armed", 0)
    assert row.left is None if seconds is None else 5 < (row.left or 0) <= 10
    assert holter.arm(name).left is None, "by its name, it is armed again"
    assert [one.name for one in holter.faults] == ["r1", name]


@pytest.mark.parametrize(
    ("rule", "more", "said"),
    [
        (
            "ReportTaskProgress:cancl",
            {},
            "fault 'ReportTaskProgress:cancl': 'cancl' is no fault and no error",
        ),
        ("nobody", {}, "fault 'nobody': must be OPERATION:FAULT"),
        ("", {}, "the rule: is empty"),
        ("{name: new, then: {cancl: true}}", {}, "the rule:1: $.then.cancl: is an unknown fault"),
        ("{name: new, then: {cancl: true}}", {"seconds": 3}, "$.then.cancl: is an unknown fault"),
        ("[1]", {"seconds": 3}, "[1] is no rule"),
        ({"name": "new"}, {}, "has no `then`"),
        ({"name": "new", "then": {1, 2}}, {}, "the rule holds what no plan can: Object of type set"),
        (7, {}, "7 is no rule: a short form, a mapping"),
        ("r1", {"seconds": 0}, "$.for: must be above 0 seconds, not 0"),
        (SHORT, {"seconds": "long"}, "$.for: must be a number, not 'long'"),
        ("PollForTask:duplicate=2", {}, "duplicate needs a service behind Holter, which replay has not"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    arming: tuple[Arming, Rig], rule: Any, more: dict[str, Any], said: str
) -> None:
    holter, rig = arming
    with pytest.raises(UsageError) as wrong:
        holter.arm(rule, **more)

    assert str(wrong.value).startswith("holter.arm: ")
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)
    assert "--" not in str(wrong.value)
    assert ([row.name for row in holter.faults], rig.marks) == (["r1"], [])


def test_a_rule_that_is_not_there_is_told_with_what_was_asked(arming: tuple[Arming, Rig]) -> None:
    holter, _ = arming
    with pytest.raises(UsageError, match=r"^holter.fire: there is no rule 'r2' \(known: r1\)$"):
        holter.fire("r2")
    with pytest.raises(UsageError, match=r"^holter.disarm: there is no rule 'r2'"):
        holter.disarm("r2")


def test_a_run_that_is_gone_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holter.fire: --control-file: .*gone.*does the run go on"):
        Arming(Remote(tmp_path / "gone"), Straight()).fire("r1")
