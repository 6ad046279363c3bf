"""The reference runner as a whole: its threads, its signals, its end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType

from holter.errors import HolterError
from holter.sandbox.runner.client import Service, connect
from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.job import Why
from holter.sandbox.runner.liveness import Liveness
from holter.sandbox.runner.log import say
from holter.sandbox.runner.misbehaviour import Kind
from holter.sandbox.runner.options import Options
from holter.sandbox.runner.quota import Quota
from holter.sandbox.runner.slot import Failure, Mail, Note, Shop, Slot

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LISTEN = 0.2  # seconds


def run(options: Options) -> None:
    """Run until told to stop, by a signal or by the service, or until enough is done.

    Must be called in the main thread. Raises `HolterError` when the service refuses the runner.
    """
    service = connect(options)
    runner = Runner(options, service)
    with _delivered(runner.mail):
        runner.run()
    service.close()


@contextmanager
def _delivered(mail: Mail) -> Iterator[None]:
    """Put signals into the mail instead of interrupting what runs."""

    def deliver(number: int, _frame: FrameType | None) -> None:
        mail.put(signal.Signals(number))

    before = {number: signal.signal(number, deliver) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Runner:
    """Slots, the liveness thread, and the main thread that reads the mail."""

    def __init__(self, options: Options, service: Service) -> None:
        self.mail: Mail = SimpleQueue()
        self._options = options
        self._shop = Shop(
            options,
            service,
            Roster(options.misbehave),
            Quota(options.max_tasks),
            self.mail,
            threading.Event(),
            threading.Event(),
        )
        self._slots = [Slot(self._shop, number) for number in range(1, options.tasks + 1)]
        self._liveness = Liveness(options, service, lambda: self.mail.put(Note.TERMINATE))
        self._deadline: float | None = None
        self._failure: Failure | None = None

    def run(self) -> None:
        """Start everything, read the mail until nothing is left to wait for, and wind up.

        After `terminate` a poll under way is waited for as long as the grace lasts, because a poll that
        is broken off can swallow a task. A runner that is stopped does not wait for it.
        """
        for thread in (self._liveness, *self._slots):
            thread.start()
        say(f"{self._options.runner_id} polls {self._options.worker_group!r}, {len(self._slots)} at a time")
        try:
            while not (self._done() and self.mail.empty()):  # why a slot has ended comes by mail
                self._heed(self._next())
        finally:
            self._shop.closing.set()
            self._liveness.finish()
        say("ends")
        if self._failure:
            raise HolterError(f"runner: {self._failure.text}")

    def _done(self) -> bool:
        stopping = self._shop.stopping.is_set()
        return all(slot.over or (stopping and slot.job is None) for slot in self._slots)

    def _next(self) -> Note | Failure | signal.Signals | None:
        """Return the next mail; None when there is none yet.

        Never waits long: a signal that comes just before the wait does not end it, and Python runs its
        handler only afterwards.
        """
        try:
            return self.mail.get(timeout=_LISTEN)
        except Empty:
            return None

    def _heed(self, note: Note | Failure | signal.Signals | None) -> None:
        match note:
            case signal.Signals():
                self._signalled(note)
            case Failure():
                self._failure = note
                self._stop()
            case Note.TERMINATE:
                self._terminate()
            case _ if self._deadline is not None and time.monotonic() >= self._deadline:
                say("the grace is over")
                self._stop()

    def _signalled(self, number: signal.Signals) -> None:
        if self._shop.stopping.is_set():
            for job in filter(None, (slot.job for slot in self._slots)):
                job.kill()
            os._exit(128 + number)
        say(f"{number.name}: stops")
        self._stop()

    def _terminate(self) -> None:
        if self._shop.roster.has(Kind.IGNORE_TERMINATE):
            say(f"told to terminate, and misbehaves: {Kind.IGNORE_TERMINATE}")
            return
        if not self._shop.closing.is_set():
            say("told to terminate: polls no more")
            self._shop.closing.set()
            self._deadline = time.monotonic() + self._options.grace * self._options.scale

    def _stop(self) -> None:
        self._deadline = None
        self._shop.closing.set()
        self._shop.stopping.set()
        for job in filter(None, (slot.job for slot in self._slots)):
            job.end(Why.STOPPED)
