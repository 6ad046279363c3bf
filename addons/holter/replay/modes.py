"""The record modes, in the VCR family's words, as one table.

Whether a call is played, passed on, kept or refused depends on three things: the mode, whether there is a
cassette, and whether the cassette has an answer for the call.
"""

from __future__ import annotations

import enum

from holter.wire.value import value


class Mode(enum.StrEnum):
    """What a cassette is used for."""

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    PASSTHROUGH = "passthrough"


class Action(enum.StrEnum):
    """What is done with a call."""

    PLAY = "play"
    RECORD = "record"  # passed on to the service, and what comes of it is kept
    FORWARD = "forward"  # passed on to the service, and nothing is kept
    REFUSE = "refuse"


class File(enum.StrEnum):
    """What happens to the cassette's file."""

    LEAVE = "leave"
    CREATE = "create"
    APPEND = "append"
    REPLACE = "replace"  # by the new recording, once that is complete


@value
class Row:
    """What is done in a mode with calls that the cassette has an answer for, and with others.

    `taped` is for those others that are about a task which the cassette handed out: its taskId was made
    up by the replay, so that no service knows it.
    """

    known: Action
    unknown: Action
    taped: Action
    file: File

    @property
    def live(self) -> bool:
        """Whether calls may reach the service."""
        return self.unknown is not Action.REFUSE

    @property
    def plays(self) -> bool:
        """Whether calls may be answered from the cassette."""
        return self.known is Action.PLAY


_PLAY, _RECORD, _FORWARD, _REFUSE = Action.PLAY, Action.RECORD, Action.FORWARD, Action.REFUSE

TABLE: dict[tuple[Mode, bool], Row] = {
    (Mode.NONE, True): Row(_PLAY, _REFUSE, _REFUSE, File.LEAVE),
    (Mode.NONE, False): Row(_REFUSE, _REFUSE, _REFUSE, File.LEAVE),
    (Mode.ONCE, True): Row(_PLAY, _REFUSE, _REFUSE, File.LEAVE),
    (Mode.ONCE, False): Row(_RECORD, _RECORD, _RECORD, File.CREATE),
    (Mode.NEW_EPISODES, True): Row(_PLAY, _RECORD, _REFUSE, File.APPEND),
    (Mode.NEW_EPISODES, False): Row(_RECORD, _RECORD, _RECORD, File.CREATE),
    (Mode.ALL, True): Row(_RECORD, _RECORD, _RECORD, File.REPLACE),
    (Mode.ALL, False): Row(_RECORD, _RECORD, _RECORD, File.CREATE),
    (Mode.PASSTHROUGH, True): Row(_FORWARD, _FORWARD, _FORWARD, File.LEAVE),
    (Mode.PASSTHROUGH, False): Row(_FORWARD, _FORWARD, _FORWARD, File.LEAVE),
}
"""By mode, and whether the cassette is there."""


def row(mode: Mode, *, there: bool) -> Row:
    """Return what a mode does, with the cassette there or missing."""
    return TABLE[mode, there]


def decide(mode: Mode, *, there: bool, known: bool, taped: bool = False) -> Action:
    """Decide about one call; `taped` where it is about a task that the cassette handed out."""
    found = TABLE[mode, there]
    if known:
        return found.known
    return found.taped if taped else found.unknown
