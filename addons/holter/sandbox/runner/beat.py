"""A task's beats: acknowledged at once, renewed on time, obeyed when they are answered."""

from __future__ import annotations

import os
import threading
import time

from holter.sandbox.runner.client import Ill, Service, Trouble
from holter.sandbox.runner.job import Job, Why
from holter.sandbox.runner.log import say
from holter.sandbox.runner.misbehaviour import Kind
from holter.wire.message import Json

CRASHED = 70
"""Exit status of a runner that was told to crash."""


class Beat(threading.Thread):
    """Reports progress from its own thread until `finish` is called or the service ends the job."""

    def __init__(self, job: Job, service: Service, period: float) -> None:
        super().__init__(name=f"beat {job.task.attempt}", daemon=True)
        self._job, self._service, self._period = job, service, period
        self._over = threading.Event()
        self._since = time.monotonic()
        self._sent = 0

    def finish(self) -> None:
        """Stop beating and wait until a beat under way is answered, so that none follows the status."""
        self._over.set()
        self.join()

    def run(self) -> None:
        """Beat until told to stop."""
        self._perhaps_crash()
        if self._over.wait(self._seconds(Kind.LATE_ACK)):
            return
        while not self._over.is_set():
            asked = time.monotonic()
            if not self._beat():
                return
            self._over.wait(self._pause(time.monotonic() - asked))

    def _beat(self) -> bool:
        """Send one beat; tell whether to go on."""
        answer = self._service.ask("ReportTaskProgress", taskId=self._job.task.task_id, fields=self._fields())
        self._sent += 1
        self._perhaps_crash()
        if isinstance(answer, Trouble):
            return self._troubled(answer)
        if str(answer.get("canceled")).lower() != "true":
            return True
        return self._ends(Why.CANCELED, Kind.IGNORE_CANCEL)

    def _troubled(self, trouble: Trouble) -> bool:
        say(f"{self._job.task.attempt}: {trouble.text}")
        return trouble.ill is not Ill.GONE or self._ends(Why.LOST, Kind.IGNORE_LOST)

    def _ends(self, why: Why, ignoring: Kind) -> bool:
        if ignoring in self._job.conduct:
            say(f"{self._job.task.attempt}: {why}, and misbehaves: {ignoring}")
            return True
        say(f"{self._job.task.attempt}: {why}, stops work on it")
        self._job.end(why)
        return False

    def _fields(self) -> list[Json]:
        found = {"elapsedSeconds": f"{time.monotonic() - self._since:.1f}"}
        if self._job.progress is not None:
            found["percentComplete"] = str(self._job.progress)
        return [{"key": key, "stringValue": value} for key, value in found.items()]

    def _pause(self, took: float) -> float:
        stall = self._job.conduct.get(Kind.STALL)
        if stall and self._sent == stall.after:
            say(f"{self._job.task.attempt}: misbehaves: no beat for {stall.seconds:g} s")
            return stall.seconds
        return max(self._period - took, self._period / 10)

    def _seconds(self, kind: Kind) -> float:
        return self._job.conduct[kind].seconds if kind in self._job.conduct else 0.0

    def _perhaps_crash(self) -> None:
        crash = self._job.conduct.get(Kind.CRASH)
        if crash and self._sent >= crash.after:
            say(f"{self._job.task.attempt}: misbehaves: crash")
            self._job.kill()
            os._exit(CRASHED)
