"""What the lease keeper decides: its values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[str, str]
"""What tells attempts apart: pipeline id and attempt id."""


class Step(enum.StrEnum):
    """What the keeper can decide."""

    QUEUED = "queued"
    WITHDRAWN = "withdrawn"
    HANDED = "handed"
    ACKED = "acked"
    BEAT = "beat"
    CANCEL_ASKED = "cancel-asked"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FINISHED = "finished"
    REFUSED = "refused"
    POLL_EMPTY = "poll-empty"
    POLL_GONE = "poll-gone"


@dataclass(frozen=True, slots=True)
class Job:
    """An attempt that waits for a runner; `progress` is its own limit in seconds, if it has one."""

    pipeline: str
    attempt: str
    group: str
    progress: float | None = None

    @property
    def key(self) -> Key:
        """What tells this attempt from all others."""
        return self.pipeline, self.attempt


@dataclass(frozen=True, slots=True)
class Poll:
    """A PollForTask that waits since a moment; `id` is the adapter's own number for it."""

    id: int
    group: str
    runner: str | None
    since: float


@dataclass(slots=True)
class Lease:
    """One hand-out that still counts. `renewed` is the moment of the hand-out or of the last beat.

    `canceled` tells that the runner has to be told so, `again` that the attempt is queued again if the
    lease is lost.
    """

    task: str
    job: Job
    runner: str | None
    renewed: float
    acked: bool = False
    canceled: bool = False
    again: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, `at` a moment. `limit` and `elapsed` are seconds: of the lease, or of the poll.

    `why` of EXPIRED is the limit that was missed, `ack` or `progress`, or `taken` where none was; of
    FINISHED the status; of REFUSED what had become of the taskId: `unknown`, `lost`, `ended`, `canceled`
    or `deleted`.
    """

    step: Step
    at: float
    job: Job | None = None
    task: str | None = None
    poll: int | None = None
    runner: str | None = None
    why: str | None = None
    limit: float | None = None
    elapsed: float | None = None
    group: str | None = None


Decisions: TypeAlias = tuple[Decision, ...]
