"""How often an operation is called, against what an account may."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.lease.profile import Profile
from holter.wire.message import Interaction, Origin
from holter.wire.operations import OPERATIONS
from holter.wire.value import state

BURST = 100
"""Calls that may come at once (AWS Data Pipeline developer guide, limits)."""


@state
class _Bucket:
    """What an operation may: a call each `step` seconds, and as many at once as `room` seconds make.

    `full` is the moment at which all of that would be there again.
    """

    step: float
    room: float
    full: float = float("-inf")


class Rates(Observer):
    """A bucket for each operation.

    Calls are bunched up on their way by as much as the tolerance `network`; that much more may come at once.
    """

    def __init__(self, profile: Profile) -> None:
        slack = profile.tolerance.get("network", 0.0)
        self._scale = profile.scale
        steps = {name: profile.scale / row.rate for name, row in OPERATIONS.items() if row.rate is not None}
        self._buckets = {name: _Bucket(step, BURST * step + slack) for name, step in steps.items()}
        self.over: set[Hashable] = set()
        """The calls on their way that were too much."""

    def count(self, op: str, at: float, key: Hashable) -> None:
        """Count a call that was asked; by its key it is judged when it is known who answered it."""
        bucket = self._buckets.get(op)
        if bucket is None:
            return
        full = bucket.full
        if full <= at:  # nothing was taken from it
            bucket.full = at + bucket.step
        elif full + bucket.step - at > bucket.room:
            self.over.add(key)  # and takes nothing from the bucket
        else:
            bucket.full = full + bucket.step

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
