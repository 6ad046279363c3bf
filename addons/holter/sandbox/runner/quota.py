"""How many tasks the runner may still take."""

from __future__ import annotations

import threading


class Quota:
    """Counts tasks against a maximum, polls under way included, so that no poll takes one too many."""

    def __init__(self, most: int | None) -> None:
        self._left = most
        self._lock = threading.Condition()
        self._polling = 0

    def claim(self) -> bool:
        """Claim a task before polling; False: none left. Waits while polls under way may take the last."""
        with self._lock:
            while self._left is not None and self._left > 0 and self._polling >= self._left:
                self._lock.wait()
            if self._left == 0:
                return False
            self._polling += 1
            return True

    def settle(self, *, taken: bool) -> None:
        """Tell what came of a claim."""
        with self._lock:
            self._polling -= 1
            if taken and self._left is not None:
                self._left -= 1
            self._lock.notify_all()
