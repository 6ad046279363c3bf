"""A task or a pipeline that the service does not know any more: the runner lets go of it."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.conduct.telling import Patience, Telling
from holter.lease.profile import Profile
from holter.wire.operations import GONE, TASK_NOT_FOUND, Role
from holter.wire.value import state


@state
class _Gone:
    telling: Telling
    error: str
    reported: bool = False


class Gone(Observer):
    """Watches what comes about a task after the service has said that it is gone."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        self._patience = Patience.of(profile)
        self._gone: dict[str, _Gone] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a call by what was told before it, and note what it is told itself."""
        gone = self._gone.get(heard.task)
        if gone is None:
            if heard.told and heard.call.error in GONE:
                self._gone[heard.task] = _Gone(Telling.by(heard), heard.call.error or "")
            return
        late = gone.telling.after(heard, self._patience)
        if late is not None:
            yield self._went_on(heard, gone, late)

    def _went_on(self, heard: Heard, gone: _Gone, late: float) -> Evidence:
        rule = (
            "continue-after-task-not-found"
            if gone.error == TASK_NOT_FOUND
            else "continue-after-pipeline-gone"
        )
        if heard.role is Role.FINISH and not gone.reported:
            gone.reported, rule = True, "status-after-gone"
        return Evidence(
            rule,
            heard.asked,
            f"{heard.task} was told {gone.error}, and {heard.call.op} came {seconds(late)} later",
            proof(gone.telling.call, heard.call.seq),
            heard.task,
            heard.caller,
            certain=late > self._patience.grace and gone.telling.sure,
        )

    def handed(self, task: str) -> None:
        """Forget what was said before."""
        self._gone.pop(task, None)

    def holds(self, task: str) -> bool:
        """See what comes after it was told."""
        return task in self._gone

    def unseen(self) -> None:
        """Forget: the task may have been handed out again."""
        self._gone.clear()
