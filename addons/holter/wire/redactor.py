"""What keeps secrets away from disk and audit, as those see it who have messages to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from holter.wire.message import Call, Json, Payload, Reply


class Redacted(Protocol):
    """A message without its secrets."""

    @property
    def payload(self) -> Payload:
        """The body as it may be kept."""

    @property
    def task(self) -> str | None:
        """The alias of the task that the message is about."""

    @property
    def print(self) -> str | None:
        """The task's print, only where its alias first appears."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where something was masked, as JSON paths."""

    @property
    def notes(self) -> Mapping[str, Json]:
        """Facts that an audit needs and that masking may hide."""


class Redactor(Protocol):
    """What keeps secrets away from disk and audit."""

    def call(self, call: Call) -> Redacted:
        """Redact a request."""

    def reply(self, op: str, reply: Reply) -> Redacted:
        """Redact an answer to an operation."""

    def text(self, text: str) -> str:
        """Redact any other text."""

    def caller(self, name: str) -> str:
        """Redact the name of a runner."""
