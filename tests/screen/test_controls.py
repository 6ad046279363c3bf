"""What the keys do to a run, by the control API's own objects."""

from __future__ import annotations

import pytest
from tests.board.rig import Rig

from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.screen.controls import SAID, Controls
from holter.wire.decision import Answer
from holter.wire.message import Origin


class Seat:
    """Somebody before a keyboard."""

    def __init__(self, mode: Mode = Mode.SANDBOX) -> None:
        self.rig = Rig(mode=mode)
        self.ended = 0
        self.controls = Controls(self.rig.trial, mode, self.end)

    def end(self) -> None:
        self.ended += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.controls.press(key)

    def type(self, key: str, text: str) -> None:
        self.press(key, "clear", *text, "enter")

    @property
    def states(self) -> list[tuple[str, str]]:
        plan, now = self.rig.trial.session.plan, self.rig.trial.clock.mono()
        return [(row.name, row.state) for row in plan.roster.rows(now)] if plan else []


def test_a_pause_and_its_end() -> None:
    seat = Seat()
    seat.press("p")
    assert seat.rig.trial.session.paused
    seat.press("p")

    assert not seat.rig.trial.session.paused
    assert seat.controls.said == "recording again, from the next call on"


def test_a_replay_cannot_be_paused_and_says_so() -> None:
    seat = Seat(Mode.REPLAY)
    seat.press("p")

    assert not seat.rig.trial.session.paused
    assert seat.controls.said.startswith("a replay has no service")
    assert seat.controls.wrong


def test_a_fault_in_short_form_is_armed_and_meets_a_call() -> None:
    seat = Seat()
    seat.type("f", "ReportTaskProgress:InternalServiceError:at_most=1")
    decision = seat.rig.beat()

    assert seat.controls.said == "armed: ReportTaskProgress:InternalServiceError:at_most=1"
    assert seat.controls.entry is None
    assert isinstance(decision, Answer)
    assert decision.origin is Origin.FAULT
    assert seat.rig.marks[0].what == "fault"


def test_a_star_and_what_else_yaml_has_a_meaning_for_are_taken_as_they_are() -> None:
    seat = Seat()
    seat.type("f", "*:InternalServiceError:p=0.5")

    assert seat.states[-1] == ("*:InternalServiceError:p=0.5", "armed")


def test_a_fault_that_is_wrong_is_explained_and_can_be_corrected() -> None:
    seat = Seat()
    seat.type("f", "ReportTaskProgress:cancell")
    assert seat.controls.wrong
    assert "did you mean" in seat.controls.said
    assert seat.controls.entry is not None
    assert seat.controls.entry.text == "ReportTaskProgress:cancell"
    seat.press("backspace", "enter")

    assert seat.controls.said == "armed: ReportTaskProgress:cancel"
    assert seat.states[-1] == ("ReportTaskProgress:cancel", "armed")


def test_a_fault_is_taken_out_and_armed_again_by_its_number() -> None:
    seat = Seat()
    seat.press("d")
    assert seat.controls.entry is not None
    assert seat.controls.entry.text == "1"
    seat.press("enter")
    assert (seat.states, seat.controls.said) == ([("r1", "off")], "disarmed: r1")
    seat.press("d")
    assert seat.controls.said == "no fault is armed"
    seat.type("f", "1")

    assert seat.states == [("r1", "armed")]


def test_a_number_that_no_fault_has_is_refused() -> None:
    seat = Seat()
    seat.type("d", "7")

    assert seat.controls.said.startswith("there is no rule '7'")
    assert seat.states == [("r1", "armed")]


def test_a_fault_that_was_added_elsewhere_is_known_here_and_the_other_way_round() -> None:
    seat = Seat()
    desk = FaultDesk(seat.rig.trial, Mode.SANDBOX)
    desk.add('"PollForTask:empty"')
    seat.type("d", "PollForTask:empty")
    seat.type("f", "SetTaskStatus:close")
    desk.disarm("SetTaskStatus:close")

    assert seat.states == [("r1", "armed"), ("PollForTask:empty", "off"), ("SetTaskStatus:close", "off")]


def test_a_note_is_written_into_the_recording() -> None:
    seat = Seat()
    seat.type("m", "deployed 4.2, q and p are only letters here")

    (mark,) = seat.rig.marks
    assert (mark.what, mark.more) == ("note", {"text": "deployed 4.2, q and p are only letters here"})
    assert seat.ended == 0


@pytest.mark.parametrize("keys", [("m", "escape"), ("m", "x", "escape"), ("m", "enter"), ("m", " ", "enter")])
def test_a_line_can_be_given_up(keys: tuple[str, ...]) -> None:
    seat = Seat()
    seat.press(*keys)

    assert seat.controls.entry is None
    assert seat.rig.marks == []


def test_help_comes_and_goes() -> None:
    seat = Seat()
    seat.press("?")
    assert seat.controls.help
    seat.press("?")
    assert not seat.controls.help
    seat.press("?", "x")

    assert not seat.controls.help


def test_quit_ends_the_run_once() -> None:
    seat = Seat()
    seat.press("x", "q")

    assert seat.ended == 1


def test_what_was_said_goes_after_a_while() -> None:
    seat = Seat()
    seat.press("p", "p")
    seat.rig.trial.clock.skip(SAID + 1)

    assert seat.controls.said == ""
