"""What is to be done with a call. A session decides; an adapter carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from holter.wire.message import Origin, Reply


@dataclass(frozen=True, slots=True)
class Forward:
    """Pass the call on to the service."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer in the service's place; `by` names the rule that asked for it."""

    reply: Reply
    origin: Origin
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Close the connection without an answer."""

    why: str


Decision: TypeAlias = Forward | Answer | Break
