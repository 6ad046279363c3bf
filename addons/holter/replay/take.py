"""One recorded call as a replay sees it: what was asked, what was answered, and where that stands."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from holter.wire.codec import passing
from holter.wire.decision import Past
from holter.wire.message import Broken, Interaction, Json, Nothing, Origin, Payload
from holter.wire.operations import DATA_PIPELINE, ERROR_STATUS, Role, role
from holter.wire.value import state, value


@value
class Tape:
    """A cassette that is played: its number among those that are, its file, and its recording's name."""

    number: int
    path: str
    recording: str


class Given(NamedTuple):
    """What was answered: a body, none, or none that came; with its status and its error's code."""

    body: Payload | Nothing
    status: int | None
    error: str | None


class Source(Protocol):
    """Where the bodies of a recorded call are."""

    def request(self) -> Payload:
        """Return the request alone."""

    def given(self) -> Given:
        """Return the answer alone."""

    def whole(self) -> Interaction:
        """Return the call whole."""


class Held(NamedTuple):
    """A call in memory."""

    call: Interaction

    def request(self) -> Payload:
        """Return the request alone."""
        return self.call.request

    def given(self) -> Given:
        """Return the answer alone."""
        return Given(self.call.response, self.call.status, self.call.error)

    def whole(self) -> Interaction:
        """Return the call whole."""
        return self.call


@state
class Take:
    """A recorded call, and the line of its document in its file; its bodies are read when they are needed.

    `handed_out` is the alias of the task that its answer hands out, `about` of the one that it is about,
    `delay` the seconds from the request to the first byte of the answer, 0 where the file does not say,
    `asked_at` when it was asked, in seconds on an axis of the recording's own. `plays` tells whether there
    is an answer to play, `passing` whether that is an error which trying again helps against, `by_hand`
    that somebody wrote it, so that it may hold templates. `fault` names the rule that had a hand in it,
    `past` is what is told of that; `ours` tells that the answer was the rule's, `broken` that none came,
    `refuses` how many connections were turned away after it.
    """

    op: str
    tape: Tape
    line: int
    source: Source
    plays: bool = True
    handed_out: str | None = None
    about: str | None = None
    print: str | None = None
    error: str | None = None
    fault: str | None = None
    delay: float = 0.0
    asked_at: float | None = None
    passing: bool = False
    by_hand: bool = False
    broken: Broken | None = None
    past: Past | None = None
    ours: bool = False
    refuses: int = 0

    @property
    def place(self) -> str:
        """Where it stands, as `file:line`."""
        return f"{self.tape.path}:{self.line}"

    @property
    def name(self) -> str:
        """What it is called wherever its file lies."""
        return f"{self.tape.recording}:{self.line}"

    @property
    def call(self) -> Interaction:
        """The call whole."""
        return self.source.whole()


def take_of(call: Interaction, tape: Tape, line: int) -> Take:
    """Return the take of a call that was read whole; tasks are named by its bodies, else by its line."""
    poll = role(call.op) is Role.POLL
    where = member(call.response, DATA_PIPELINE.handout) if poll else call.request
    named = member(where, DATA_PIPELINE.handle)
    alias = named if isinstance(named, str) else None
    answered = not isinstance(call.response, Nothing) or call.error is not None
    return Take(
        op=call.op,
        tape=tape,
        line=line,
        source=Held(call),
        plays=plays(broken=call.broken, origin=call.origin, answered=answered),
        handed_out=alias if poll else None,
        about=None if poll else alias,
        print=call.print,
        error=call.error,
        fault=fault(call.fault, call.origin),
        delay=delay(call.mono),
        asked_at=call.asked if call.at is None else call.at,
        passing=passing(status(call.status, call.error), call.error),
        by_hand=not call.seq and call.mono == (None, None, None),
    )


def status(said: int | None, error: str | None) -> int | None:
    """Return the status of an answer; a cassette written by hand may leave out what its error implies."""
    return ERROR_STATUS.get(error) if said is None and error else said


def plays(*, broken: str | None, origin: str | None, answered: bool) -> bool:
    """Tell whether a recorded call got an answer that can be played.

    One that never came is none, and neither is what Holter said when it refused a call.
    """
    return broken is None and origin != Origin.REFUSED and answered


def fault(name: str | None, origin: str | None) -> str | None:
    """Return the rule that had a hand in a recorded call, None where none had."""
    return name or ("a fault" if origin == Origin.FAULT else None)


def delay(mono: tuple[float | None, float | None, float | None]) -> float:
    """Return the seconds from a request to the first byte of its answer, 0 where they are not known."""
    asked, first, _ = mono
    return max(0.0, first - asked) if asked is not None and first is not None else 0.0


def member(value: Payload | Nothing, name: str) -> Json:
    """Return a member of a body that is an object and has it, else None."""
    return value.get(name) if isinstance(value, dict) else None
