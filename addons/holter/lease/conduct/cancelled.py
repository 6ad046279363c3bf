"""A task that the service cancels: the runner stops, and reports nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.conduct.telling import Patience, Telling
from holter.lease.finding import Gap, Limit
from holter.lease.profile import Profile
from holter.wire.operations import DATA_PIPELINE, Role

_GRACE_SOURCE = "Holter's own grace; no document gives one"


class Cancelled(Observer):
    """Watches what comes about a task after `canceled: true`."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        self._patience = Patience.of(profile)
        self._told: dict[str, Telling] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a call by what was told before it, and note what it is told itself."""
        told = self._told.get(heard.task)
        if told is None:
            if heard.told and heard.response.get(DATA_PIPELINE.cancel) is True:
                self._told[heard.task] = Telling.by(heard)
            return
        final = heard.role is Role.FINISH
        late = told.after(heard, replace(self._patience, network=0.0) if final else self._patience)
        if late is None:
            return
        if final:
            yield self._status(heard, told, late)
        elif late > self._patience.grace:
            yield self._ignored(heard, told, late)

    def _ignored(self, heard: Heard, told: Telling, late: float) -> Evidence:
        return Evidence(
            "cancel-ignored",
            told.at + self._patience.grace,
            f"{heard.task} was told canceled: true, and had a beat {seconds(late)} later; "
            f"the grace is {self._patience.grace:g} s",
            proof(told.call, heard.call.seq),
            heard.task,
            heard.caller,
            certain=told.sure,
            gap=Gap(round(late, 6), round(late, 6)),
            limit=Limit("cancel", self._patience.grace, _GRACE_SOURCE),
        )

    def _status(self, heard: Heard, told: Telling, late: float) -> Evidence:
        status = heard.request.get(DATA_PIPELINE.outcome)
        return Evidence(
            "finished-after-cancel" if status == "FINISHED" else "status-after-cancel",
            heard.asked,
            f"{heard.task} was told canceled: true, and reported {status} {seconds(late)} later",
            proof(told.call, heard.call.seq),
            heard.task,
            heard.caller,
            certain=late > self._patience.grace and told.sure,
        )

    def handed(self, task: str) -> None:
        """Forget what was said before."""
        self._told.pop(task, None)

    def holds(self, task: str) -> bool:
        """See what comes after it was told."""
        return task in self._told

    def unseen(self) -> None:
        """Forget: the task may have been handed out again."""
        self._told.clear()

    def close(self, at: float) -> Iterator[Evidence]:
        """Tell how long cancelled tasks were still heard of."""
        del at
        for task, told in self._told.items():
            late = round(told.last - told.at, 6)
            if late > 0:
                said = f"{task} was last heard of {seconds(late)} after canceled: true"
                yield Evidence("cancel-latency", told.last, said, proof(told.call), task, gap=Gap(late, late))
