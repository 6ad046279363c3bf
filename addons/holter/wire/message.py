"""The values that travel through Holter: a Call, its Reply, and both as one Interaction."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field
from typing import Final, NamedTuple, TypeAlias

from holter.wire.value import value

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

Payload: TypeAlias = Json | bytes
"""A message body: its JSON value, or the bytes themselves where they are not JSON that text can carry."""

Headers: TypeAlias = tuple[tuple[str, str], ...]

Named: TypeAlias = Mapping[str, str]
"""The first value of each header by its name in lower case."""


class _Nothing(enum.Enum):
    NOTHING = "nothing"


NOTHING: Final = _Nothing.NOTHING
"""No body at all, because no answer came: told apart from JSON's `null` and from an empty body."""

Nothing: TypeAlias = _Nothing


class Origin(enum.StrEnum):
    """Who gave the answer."""

    LIVE = "live"
    CASSETTE = "cassette"
    SANDBOX = "sandbox"
    FAULT = "fault"
    REFUSED = "refused"


class Broken(enum.StrEnum):
    """Why a call never got its answer: who went away, or that the capture ended first."""

    CLIENT = "client"
    UPSTREAM = "upstream"
    UNFINISHED = "unfinished"
    US = "us"


class Moment(NamedTuple):
    """One instant on both clocks.

    `wall` is seconds since 1970 UTC; `mono` is seconds of the monotonic clock since recording started.
    """

    wall: float
    mono: float


@value
class Try:
    """An SDK's own try of one call, from `amz-sdk-invocation-id` and `amz-sdk-request`."""

    id: str
    n: int
    max: int | None = None


@value
class Call:
    """What a client asked, at the moment when the first byte of its request came by.

    `signed` is the wall clock of the client itself, from `X-Amz-Date`.
    """

    op: str
    body: Payload
    asked: Moment
    host: str = ""
    peer: str = ""
    agent: str = ""
    tried: Try | None = None
    signed: float | None = None


@value
class Reply:
    """An answer: status and body, whoever gave it."""

    status: int
    body: Payload
    headers: Headers = ()


@value
class Interaction:
    """One call and what came of it, redacted: what a cassette keeps and what an audit judges.

    `mono` holds the request's first byte, the answer's first byte and its last byte, each in seconds
    since the recording's last `started` mark, None where it never came. `oldest` is the start of the
    oldest call that was still in flight when this one was written.
    """

    op: str
    request: Payload
    response: Payload | Nothing = NOTHING
    seq: int = 0
    at: float | None = None
    mono: tuple[float | None, float | None, float | None] = (None, None, None)
    caller: str | None = None
    task: str | None = None
    print: str | None = None
    tried: Try | None = None
    status: int | None = None
    error: str | None = None
    broken: Broken | None = None
    origin: Origin | None = None
    fault: str | None = None
    upstream: Mapping[str, Json] | None = None
    oldest: float | None = None
    redacted: tuple[str, ...] = ()
    notes: Mapping[str, Json] = field(default_factory=dict)

    @property
    def asked(self) -> float | None:
        """When the request's first byte came by, in seconds since the start of the recording."""
        return self.mono[0]

    @property
    def ended(self) -> float | None:
        """The last moment that is known of this call."""
        asked, first, last = self.mono
        return last if last is not None else first if first is not None else asked


@value
class Mark:
    """What a recording holds besides calls: started, alive, paused, stall, clock, lost, fault, note..."""

    what: str
    at: float | None = None
    mono: float | None = None
    more: Mapping[str, Json] = field(default_factory=dict)


EXITED = "exited"
"""What a `note` holds when the command around which it was recorded has ended: its exit code."""
