"""One run of one component, and the attempts at it."""

from __future__ import annotations

from dataclasses import dataclass, field

from holter.sandbox.component import Component, Field
from holter.sandbox.kinds import Kind, kind
from holter.sandbox.status import ENDED, Status
from holter.sandbox.validation import MOST_RETRIES

RETRY_FLOOR = 120.0
"""Seconds between two attempts at least (developer guide, "AWS Data Pipeline Limits")."""


@dataclass(slots=True)
class Attempt:
    """One try of the pipeline at an instance. Times are seconds since the service began."""

    id: str
    number: int
    status: Status = Status.WAITING_FOR_RUNNER
    started: float | None = None
    ended: float | None = None
    told: tuple[Field, ...] = ()

    def tell(self, fields: tuple[Field, ...]) -> None:
        """Keep what a runner told; a key told again replaces what stood under it."""
        fresh = {one.key for one in fields}
        self.told = (*(one for one in self.told if one.key not in fresh), *fields)


@dataclass(slots=True)
class Instance:
    """A component at one scheduled time, in seconds since 1970.

    `needs` and `checks` are ids of instances: what must have finished, and which preconditions must hold.
    `settings` is the component with those expressions evaluated that need no attempt;
    `left` counts the retries that remain; `until` is when a precondition gives up, in seconds since the
    service began; `node` is the instance for which a precondition is checked.
    """

    id: str
    component: Component
    settings: Component
    scheduled: float
    period: float
    version: int
    group: str
    needs: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    node: str | None = None
    status: Status = Status.WAITING_ON_DEPENDENCIES
    attempts: list[Attempt] = field(default_factory=list)
    left: int = 0
    until: float | None = None
    why: str | None = None

    @property
    def kind(self) -> Kind:
        """What the component is."""
        return kind(self.component)

    @property
    def cascades(self) -> bool:
        """Whether the failure of what it needs fails it too (developer guide, cascading failures)."""
        return (self.settings.text("failureAndRerunMode") or "").lower() == "cascade"

    @property
    def current(self) -> Attempt | None:
        """The attempt that waits for a runner or runs."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and last.status not in ENDED else None

    def attempt(self, attempt_id: str) -> Attempt | None:
        """Return an attempt by its id."""
        return next((attempt for attempt in self.attempts if attempt.id == attempt_id), None)

    def refill(self) -> None:
        """Give all retries; `maximumRetries`, at most 5, none where the definition says nothing."""
        self.left = min(self.settings.number("maximumRetries") or 0, MOST_RETRIES)

    def delay(self, scale: float) -> float:
        """Return the seconds to the next attempt: `retryDelay`, at least two minutes, scaled."""
        return max(self.settings.seconds("retryDelay") or 0.0, RETRY_FLOOR) * scale

    def next_attempt(self) -> Attempt:
        """Begin the next attempt."""
        number = self.attempts[-1].number + 1 if self.attempts else 1
        attempt = Attempt(f"{self.id}_Attempt={number}", number)
        self.attempts.append(attempt)
        return attempt
