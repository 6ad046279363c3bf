"""Writes to a terminal from a thread of its own: one that has been stopped holds nobody up."""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue


class Outlet:
    """A file descriptor that is written to in the order in which it was sent to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._empty = threading.Condition()
        self._waiting = 0
        self._broken = False
        self._thread = threading.Thread(target=self._work, name="holter-screen", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something that was sent has not been written yet."""
        return self._waiting > 0

    def send(self, text: str) -> None:
        """Have a text written soon."""
        if text:
            with self._empty:
                self._waiting += 1
            self._queue.put(text.encode("utf-8", "replace"))

    def settled(self, seconds: float) -> bool:
        """Wait until all is written, at most so long; tell whether it is."""
        with self._empty:
            return self._empty.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """End the thread once all is written."""
        self._queue.put(None)

    def _work(self) -> None:
        while (data := self._queue.get()) is not None:
            self._write(data)
            with self._empty:
                self._waiting -= 1
                self._empty.notify_all()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view and not self._broken:
                view = view[os.write(self._descriptor, view) :]
        except OSError:  # the terminal has gone away: the run goes on without it
            self._broken = True
