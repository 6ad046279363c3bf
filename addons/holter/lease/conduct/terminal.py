"""The end of a task: reported once, by SetTaskStatus, with nothing after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.conduct.telling import Patience, Telling
from holter.lease.profile import Profile
from holter.wire.message import Json
from holter.wire.operations import DATA_PIPELINE, GONE, Role
from holter.wire.value import state


@state
class _Final:
    telling: Telling
    status: Json
    tried: str | None
    heard: bool
    """Whether the runner surely got the answer."""


class Terminal(Observer):
    """Watches what comes about a task after the service took its SetTaskStatus."""

    roles = frozenset({Role.BEAT, Role.FINISH})
    always = frozenset({Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        self._patience = Patience.of(profile)
        self.over: dict[str, _Final] = {}
        """The tasks that have ended, and how."""

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a call about a task that has ended, and note how it ended."""
        final = self.over.get(heard.task)
        if heard.role is Role.FINISH:
            if final is None and heard.taken:
                self.over[sys.intern(heard.task)] = _final(heard)
            elif final is not None and not _same_call(final, heard):
                yield from self._again(heard, final)
        elif final is not None:
            late = final.telling.after(heard, self._patience)
            if late is not None:
                yield self._beaten(heard, final, late)

    def _beaten(self, heard: Heard, final: _Final, late: float) -> Evidence:
        return Evidence(
            "progress-after-terminal",
            heard.asked,
            f"{heard.task} was ended by SetTaskStatus, and had a beat {seconds(late)} later",
            proof(final.telling.call, heard.call.seq),
            heard.task,
            heard.caller,
            certain=late > self._patience.grace and final.heard,
        )

    def _again(self, heard: Heard, final: _Final) -> Iterator[Evidence]:
        status, told = heard.request.get(DATA_PIPELINE.outcome), heard.call.error
        same = status == final.status
        if heard.taken:
            rule, how = "double-terminal-same" if same else "double-terminal-conflict", ""
        elif told in GONE:
            rule, how = "status-after-terminal", f", which was told {told}"
        else:
            return
        numbered = heard.call.tried is not None and final.tried is not None
        yield Evidence(
            rule,
            heard.asked,
            f"{heard.task} was ended twice: {final.status}, then {status}{how}",
            proof(final.telling.call, heard.call.seq),
            heard.task,
            heard.caller,
            certain=final.heard and (numbered or not same),
        )

    def handed(self, task: str) -> None:
        """Forget the end that it had before."""
        self.over.pop(task, None)

    def holds(self, task: str) -> bool:
        """See what comes after its end."""
        return task in self.over

    def unseen(self) -> None:
        """Forget: the task may have been handed out again."""
        self.over.clear()


def _final(heard: Heard) -> _Final:
    tried = heard.call.tried.id if heard.call.tried else None
    telling, status = Telling.by(heard), heard.request.get(DATA_PIPELINE.outcome)
    status = sys.intern(status) if isinstance(status, str) else status
    return _Final(telling, status, tried, heard.told and telling.sure)


def _same_call(final: _Final, heard: Heard) -> bool:
    return final.tried is not None and heard.call.tried is not None and heard.call.tried.id == final.tried
