"""What keeps secrets away from disk and audit, as those see it who have messages to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from holter.wire.message import Call, Json, Payload, Reply

NO_NOTES: Mapping[str, Json] = MappingProxyType({})


class Redacted(NamedTuple):
    """A message as it may be kept.

    `task` is the alias of the task that a call names, or that a reply hands out; `print` that task's
    print, only where the alias is new. `paths` are the JSON paths where something was masked (aliases are
    not listed). `notes` are facts that an audit needs and that masking may hide: `problems` of the protocol,
    the task that a changed taskId must be, and `length` in bytes of a body that was not JSON and had to be
    changed.
    """

    payload: Payload
    task: str | None = None
    print: str | None = None
    paths: tuple[str, ...] = ()
    notes: Mapping[str, Json] = NO_NOTES


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
