"""One recorded call as a replay sees it: what was asked, what was answered, and where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from holter.wire.message import Interaction, Json, Nothing, Origin, Payload
from holter.wire.operations import DATA_PIPELINE, Role, role


@dataclass(frozen=True, slots=True)
class Tape:
    """A cassette that is played: its number among those that are, its file, and its recording's name."""

    number: int
    path: str
    recording: str


@dataclass(frozen=True, slots=True)
class Take:
    """A recorded call, and the line of its document in its file."""

    call: Interaction
    tape: Tape
    line: int

    @property
    def place(self) -> str:
        """Where it stands, as `file:line`."""
        return f"{self.tape.path}:{self.line}"

    @property
    def handed_out(self) -> str | None:
        """The alias of the task that its answer hands out."""
        if role(self.call.op) is not Role.POLL:
            return None
        task = member(self.call.response, DATA_PIPELINE.handout)
        alias = member(task, DATA_PIPELINE.handle)
        return alias if isinstance(alias, str) else None

    @property
    def about(self) -> str | None:
        """The alias of the task that it is about, None for a poll and for what has no task."""
        alias = member(self.call.request, DATA_PIPELINE.handle)
        return alias if isinstance(alias, str) else None

    @property
    def delay(self) -> float:
        """Seconds from the request to the first byte of the answer, 0 where the file does not say."""
        asked, first, _ = self.call.mono
        return max(0.0, first - asked) if asked is not None and first is not None else 0.0

    @property
    def asked_at(self) -> float | None:
        """When it was asked, in seconds on an axis of the recording's own."""
        return self.call.at if self.call.at is not None else self.call.asked


def member(value: Payload | Nothing, name: str) -> Json:
    """Return a member of a body that is an object and has it, else None."""
    return value.get(name) if isinstance(value, dict) else None


def answers(call: Interaction) -> bool:
    """Tell whether a recorded call got an answer that can be played.

    One that never came is none, and neither is what Holter said when it refused a call. An error that was
    written by hand needs no body.
    """
    if call.broken is not None or call.origin is Origin.REFUSED:
        return False
    return not isinstance(call.response, Nothing) or call.error is not None


def faulted(takes: Iterable[Take]) -> Iterator[Take]:
    """Yield the calls that a fault had a hand in."""
    return (take for take in takes if take.call.fault is not None or take.call.origin is Origin.FAULT)
