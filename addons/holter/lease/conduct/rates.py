"""How often an operation is called, against what an account may."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.lease.profile import Profile
from holter.wire.message import Interaction, Origin
from holter.wire.operations import OPERATIONS

BURST = 100
"""Calls that may come at once (AWS Data Pipeline developer guide, limits)."""


class Rates(Observer):
    """A bucket for each operation, kept as the moment at which it would be full again.

    Calls are bunched up on their way by as much as the tolerance `network`; that much more may come at once.
    """

    def __init__(self, profile: Profile) -> None:
        self._slack = profile.tolerance.get("network", 0.0)
        self._scale = profile.scale
        self._step = {
            name: profile.scale / row.rate for name, row in OPERATIONS.items() if row.rate is not None
        }
        self._room = {name: BURST * step + self._slack for name, step in self._step.items()}
        self._full: dict[str, float] = {}
        self.over: set[Hashable] = set()
        """The calls on their way that were too much."""

    def count(self, op: str, at: float, key: Hashable) -> None:
        """Count a call that was asked; by its key it is judged when it is known who answered it."""
        step = self._step.get(op)
        if step is None:
            return
        full = self._full.get(op, at)
        full = at + step if full < at else full + step
        if full - at > self._room[op]:
            self.over.add(key)  # and takes nothing from the bucket
        else:
            self._full[op] = full

    def spares(self, key: Hashable, call: Interaction) -> bool:
        """Tell whether a call was not too much, or not answered by the service; then it is forgotten."""
        if key not in self.over:
            return True
        if call.origin in (Origin.LIVE, Origin.SANDBOX):
            return False
        self.over.remove(key)
        return True

    def done(self, key: Hashable, heard: Heard) -> Iterator[Evidence]:
        """Judge a call that was too much, if the service answered it."""
        if not self.spares(key, heard.call):
            self.over.remove(key)
            rate = (OPERATIONS[heard.call.op].rate or 0.0) / self._scale
            said = f"{heard.call.op} came more often than {rate:g} times a second and {BURST} at once"
            yield Evidence("rate-over-limit", heard.asked, said, proof(heard.call.seq), None, heard.call.op)

    def unseen(self) -> None:
        """Forget the calls on their way."""
        self.over.clear()
