"""The calls of one task that are on their way, and in which order they count once they have ended."""

from __future__ import annotations

from collections.abc import Hashable

from holter.lease.edges import Edge
from holter.wire.operations import GONE
from holter.wire.value import state


@state
class _Call:
    """A call that was asked, and later the edge at which it ended."""

    key: Hashable
    asked: float
    edge: Edge | None = None

    @property
    def order(self) -> float:
        """When it counts: as it was asked, but what ended the lease came before an answer that it is gone."""
        call = self.edge and self.edge.interaction
        return self.edge.first if self.edge and call and call.error in GONE else self.asked


class Pending:
    """Calls that may still renew the lease, or wait for one that may."""

    __slots__ = ("_calls",)

    def __init__(self) -> None:
        self._calls: list[_Call] = []

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._calls)

    def asked(self, edge: Edge) -> None:
        """Take in a call that is on its way."""
        self._calls.append(_Call(edge.key, edge.at))

    def ended(self, edge: Edge) -> None:
        """Take in the end of a call; what never began is not waited for."""
        for call in [call for call in self._calls if call.key == edge.key]:
            call.edge = edge
            self._calls.remove(call)
            self._calls.append(call)

    def take(self) -> tuple[float, Edge] | None:
        """Take the first call in the order in which they count, if it has ended; of equals, the first to end.

        Return when it was asked, and the edge at which it ended.
        """
        if not self._calls:
            return None
        first = self._calls[0]
        if len(self._calls) > 1:
            first = min(self._calls, key=lambda call: (call.order, call.edge is None))
        if first.edge is None:
            return None
        self._calls.remove(first)
        return first.asked, first.edge

    def forget(self) -> None:
        """Forget the calls that have not ended."""
        self._calls = [call for call in self._calls if call.edge]

    def since(self, now: float) -> float:
        """Return when the oldest of them was asked, or now."""
        return min([now, *(call.asked for call in self._calls)])
