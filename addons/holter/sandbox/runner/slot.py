"""One task slot: polls, works on what it is handed, polls again."""

from __future__ import annotations

import enum
import threading
import time
from dataclasses import dataclass
from queue import SimpleQueue
from signal import Signals

from holter.sandbox.runner.beat import Beat
from holter.sandbox.runner.client import Ill, Service, Trouble
from holter.sandbox.runner.conduct import Roster
from holter.sandbox.runner.handout import Task, read
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.log import say
from holter.sandbox.runner.misbehaviour import Kind
from holter.sandbox.runner.options import Options
from holter.sandbox.runner.perform import perform
from holter.sandbox.runner.quota import Quota
from holter.sandbox.runner.settle import settle

_LONGEST_PAUSE = 60.0
_QUICK = 1.0  # seconds: an empty answer that comes sooner is followed by a pause as long


class Note(enum.Enum):
    """What the runner's threads tell its main thread."""

    FREE = "a slot has done with a task or has ended"
    TERMINATE = "the service asked the runner to terminate"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the runner cannot go on."""

    text: str


Mail = SimpleQueue[Note | Failure | Signals]
"""The main thread's post; a SimpleQueue, because a signal handler may put into it at any moment."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What all slots of a runner share. `closing`: poll no more. `stopping`: end running tasks too."""

    options: Options
    service: Service
    roster: Roster
    quota: Quota
    mail: Mail
    closing: threading.Event
    stopping: threading.Event


class Slot(threading.Thread):
    """Works on one task at a time. `job` is the task in hand; `over` tells that the slot has ended."""

    def __init__(self, shop: Shop, number: int) -> None:
        super().__init__(name=f"slot {number}", daemon=True)
        self.job: Job | None = None
        self.over = False
        self._shop = shop
        self._troubles = 0

    def run(self) -> None:
        """Poll and work until the runner closes, has done enough, or cannot go on."""
        note: Note | Failure = Failure(f"{self.name} broke: a bug, please report it with the lines above")
        try:
            note = self._rounds()
        finally:
            self._shop.mail.put(note)
            self.over = True  # only now: who sees it finds the mail

    def _rounds(self) -> Note | Failure:
        shop = self._shop
        while shop.quota.claim():
            found = None if shop.closing.is_set() else self._poll()
            shop.quota.settle(taken=isinstance(found, Task))
            if isinstance(found, Task):
                self._take(found)
            elif isinstance(found, Trouble) and found.ill is Ill.REFUSED:
                return Failure(found.text)
            elif shop.closing.is_set() or (found is None and shop.options.exit_when_idle):
                break
        return Note.FREE

    def _poll(self) -> Task | Trouble | None:
        options, asked = self._shop.options, time.monotonic()
        answer = self._shop.service.ask(
            "PollForTask", workerGroup=options.worker_group, hostname=options.hostname
        )
        if isinstance(answer, Trouble):
            self._pause(answer)
            return answer
        self._troubles = 0
        task = read(answer)
        if task is None and time.monotonic() - asked < _QUICK * options.scale:
            self._shop.closing.wait(_QUICK * options.scale)
        return task

    def _pause(self, trouble: Trouble) -> None:
        """Wait longer after each poll in a row that got no answer."""
        say(trouble.text)
        if trouble.ill is not Ill.REFUSED:
            self._shop.closing.wait(min(2.0**self._troubles, _LONGEST_PAUSE) * self._shop.options.scale)
            self._troubles = min(self._troubles + 1, 10)

    def _take(self, task: Task) -> None:
        job = self.job = Job(task, self._shop.roster.deal(task.component))
        say(f"{task.attempt}: handed out, {task.kind}")
        if self._shop.closing.is_set():
            job.end(Why.STOPPED)
        try:
            self._work(job)
        finally:
            self.job = None
            self._shop.mail.put(Note.FREE)

    def _work(self, job: Job) -> None:
        shop = self._shop
        if Kind.NO_ACK in job.conduct:
            say(f"{job.task.attempt}: misbehaves: {Kind.NO_ACK}")
            shop.closing.wait(job.conduct[Kind.NO_ACK].seconds)
            return
        beat = Beat(job, shop.service, shop.options.beat_every * shop.options.scale)
        beat.start()
        try:
            outcome = perform(job, shop.service, shop.options.work_dir)
        finally:
            beat.finish()
        settle(job, outcome, shop.service, shop.options.scale, shop.stopping)
