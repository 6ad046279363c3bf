"""What is to be done with a call or its answer. A session decides; an adapter carries it out."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TypeAlias

from holter.wire.message import Json, Origin, Reply
from holter.wire.value import value


class Cut(enum.StrEnum):
    """How a connection is broken."""

    CLOSE = "close"  # ended in order, with no answer
    RESET = "reset"  # torn down, as by a crashed host
    MIDDLE = "middle"  # ended in the middle of the answer


class Deed(enum.StrEnum):
    """What a service that obeys can be told to do with a task."""

    CANCEL = "cancel"  # its runner is told at its next beat
    TAKE = "take"  # its lease is lost, and its attempt goes out again under a new taskId
    DELETE = "delete"  # its pipeline is deleted


@value
class Order:
    """What a service that obeys is to do with a task, named by its real handle, before it takes a call."""

    deed: Deed
    handle: str


@value
class Forward:
    """Pass the call on to the service after `delay` seconds, `copies` times; the last answer counts."""

    delay: float = 0.0
    copies: int = 1
    by: str | None = None
    order: Order | None = None


@value
class Past:
    """What a recording says of a decision that is played from it: its marks, and the service's own answer."""

    marks: tuple[Mapping[str, Json], ...] = ()
    upstream: Mapping[str, Json] | None = None


@value
class Answer:
    """Answer in the service's place after `delay` seconds; `by` names the rule that asked for it.

    `past` is there where a rule asked for it in a recording that is played.
    """

    reply: Reply
    origin: Origin
    by: str | None = None
    delay: float = 0.0
    past: Past | None = None


@value
class Break:
    """Break the connection after `delay` seconds; `reply` is what a cut in the middle cuts.

    `past` is as an answer's.
    """

    why: str
    by: str | None = None
    delay: float = 0.0
    cut: Cut = Cut.CLOSE
    reply: Reply | None = None
    past: Past | None = None


Decision: TypeAlias = Forward | Answer | Break
