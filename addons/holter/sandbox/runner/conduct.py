"""Which faults a task that was handed out meets."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from holter.sandbox.runner.misbehaviour import Kind, Misbehaviour

Conduct = Mapping[Kind, Misbehaviour]
"""The faults of one hand-out by their kind; empty for an honest run."""


class Roster:
    """Deals out faults to hand-outs, and counts how often each component had each. Safe between threads."""

    def __init__(self, faults: Iterable[Misbehaviour]) -> None:
        self._faults = tuple(faults)
        self._dealt: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()

    def deal(self, component: str) -> Conduct:
        """Return the faults of this hand-out of a component; of two of a kind the first that applies."""
        dealt: dict[Kind, Misbehaviour] = {}
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.kind not in dealt and self._applies(index, fault, component):
                    self._dealt[index, component] += 1
                    dealt[fault.kind] = fault
        return dealt

    def has(self, kind: Kind) -> bool:
        """Tell whether the runner as a whole has a fault."""
        return any(fault.kind is kind for fault in self._faults)

    def _applies(self, index: int, fault: Misbehaviour, component: str) -> bool:
        used_up = fault.times is not None and self._dealt[index, component] >= fault.times
        return fnmatchcase(component, fault.task) and not used_up
