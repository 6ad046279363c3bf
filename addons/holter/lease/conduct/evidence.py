"""What observers see, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from holter.lease.edges import Edge
from holter.lease.finding import Gap, Limit
from holter.lease.handout import Handout
from holter.lease.verdict import Verdict, verdict
from holter.wire.message import Broken, Interaction, Json, Origin
from holter.wire.operations import Role
from holter.wire.value import value

THROTTLED = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "429"})


class Heard(NamedTuple):  # which is made in a third of a dataclass's time
    """A call that has ended; moments are seconds on the audit's axis."""

    call: Interaction
    role: Role
    asked: float
    ended: float
    handout: Handout | None = None

    @property
    def task(self) -> str:
        """The task's alias; empty where the call is about none."""
        return self.call.task or ""

    @property
    def caller(self) -> str:
        """Who called."""
        return self.call.caller or ""

    @property
    def request(self) -> dict[str, Json]:
        """The request's members."""
        return self.call.request if isinstance(self.call.request, dict) else {}

    @property
    def response(self) -> dict[str, Json]:
        """The answer's members."""
        return self.call.response if isinstance(self.call.response, dict) else {}

    @property
    def told(self) -> bool:
        """Whether the runner got this answer, be it a fault's; a refusal in replay tells it nothing."""
        return (
            self.call.status is not None and not self.call.broken and self.call.origin is not Origin.REFUSED
        )

    @property
    def taken(self) -> bool:
        """Whether the service surely took the call."""
        return verdict(self.call) is Verdict.TAKEN

    @property
    def passing(self) -> bool:
        """Whether the call failed in a way that passes, so that an SDK may send it again."""
        call = self.call
        if call.status is None:
            return call.broken in (Broken.CLIENT, Broken.UPSTREAM)
        return call.status >= 500 or call.status == 429 or call.error in THROTTLED

    @property
    def cause(self) -> str | None:
        """`fault` where the answer was one of ours."""
        return "fault" if self.call.origin is Origin.FAULT else None


@value
class Evidence:
    """A rule that was broken, by a task or a caller, at a moment of the audit's axis, and the proof."""

    rule: str
    at: float
    said: str
    calls: tuple[int, ...] = ()
    task: str | None = None
    caller: str | None = None
    certain: bool = True
    cause: str | None = None
    gap: Gap | None = None
    limit: Limit | None = None


class Observer:
    """Watches one kind of conduct. Every hook does nothing unless an observer says otherwise."""

    roles: frozenset[Role] = frozenset()
    """The roles of the calls that it sees."""

    always: frozenset[Role] = frozenset()
    """The roles of those that it sees even where all is well; of others, only if something is odd."""

    def asked(self, edge: Edge, call: Interaction) -> None:
        """See that a call is on its way; it has no number yet."""

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """See a call that has ended."""
        del heard
        yield from ()

    def handed(self, task: str) -> None:
        """See that a task was handed out: what was said about it before is over."""

    def holds(self, task: str) -> bool:
        """Tell whether it wants to see the next calls about a task, even the most ordinary ones."""
        del task
        return False

    def unseen(self) -> None:
        """See that nothing was seen for a while: what was known of runners and tasks may be over."""

    def close(self, at: float) -> Iterator[Evidence]:
        """See the end of the recording."""
        del at
        yield from ()


def proof(*numbers: int) -> tuple[int, ...]:
    """Return the numbers of calls, without those that have none."""
    return tuple(number for number in numbers if number)


def seconds(span: float) -> str:
    """Return a time as a sentence has it."""
    return f"{span:.2f} s"
