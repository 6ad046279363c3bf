"""A task in the runner's hands: the work on it, and why that was ended early."""

from __future__ import annotations

import enum
import threading
from collections.abc import Sequence

from holter.sandbox.runner.conduct import Conduct
from holter.sandbox.runner.handout import Task
from holter.sandbox.runner.work import Work


class Why(enum.StrEnum):
    """Why work ended before its time."""

    CANCELED = "cancelled"
    LOST = "lost"
    STOPPED = "stopped"


class Job:
    """One task, its faults and its command. Safe between threads.

    A job may be ended at any time, before its command starts too; then the command never starts.
    """

    def __init__(self, task: Task, conduct: Conduct) -> None:
        self.task, self.conduct = task, conduct
        self.ended = threading.Event()
        self._why: Why | None = None
        self._work: Work | None = None
        self._lock = threading.Lock()

    @property
    def why(self) -> Why | None:
        """Why the job was ended early, or None."""
        return self._why

    @property
    def progress(self) -> int | None:
        """The last percentage that the command printed."""
        return self._work.progress if self._work else None

    def start(self, argv: Sequence[str], directory: str | None) -> Work | None:
        """Start the command; None when the job was ended before. Raises `OSError` if it cannot start."""
        with self._lock:
            if self._why is None:
                self._work = Work(argv, directory=directory)
            return self._work

    def end(self, why: Why) -> None:
        """End the job early. What the service said outranks the runner's own wish to stop."""
        with self._lock:
            if self._why in (None, Why.STOPPED):
                self._why = why
            self.ended.set()
            if self._work:
                self._work.stop()

    def kill(self) -> None:
        """Kill the command at once, as far as there is one."""
        if self._work:
            self._work.kill()
