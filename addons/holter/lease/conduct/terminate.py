"""A runner that is told to exit asks for no more work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.conduct.telling import Patience, Telling
from holter.lease.profile import Profile
from holter.wire.operations import DATA_PIPELINE, Role
from holter.wire.value import state


@state
class _Told:
    telling: Telling
    polled: Evidence | None = None
    tasks: set[str] = field(default_factory=set)
    same: bool = False
    """Whether a task from before shows that the process is still the same."""


class Terminate(Observer):
    """Watches what comes of a runner after `terminate: true`.

    A process that exits may be started again under the same hostname, and then polls in good right.
    """

    roles = frozenset({Role.POLL, Role.ALIVE, Role.BEAT, Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        self._patience = Patience.of(profile, "terminate")
        self.told: dict[str, _Told] = {}
        """The runners that were told to exit; while there are any, every call matters."""
        self._names: dict[str, set[str]] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a call of a runner that was told to exit; note whom a heartbeat tells so."""
        if heard.role is Role.ALIVE:
            self._alive(heard)
        told = self.told.get(heard.caller)
        if told is None or heard.role is Role.ALIVE:
            return
        late = told.telling.after(heard, self._patience)
        if heard.role is Role.POLL:
            if late is not None and late > self._patience.grace:
                told.polled = self._evidence(heard, told, late)
                yield told.polled
            if heard.call.task:
                told.tasks.add(heard.call.task)
        elif (
            late is not None
            and late > self._patience.grace
            and heard.task not in told.tasks
            and not told.same
        ):
            told.same = True
            if told.polled and self._single(heard.caller):
                yield self._evidence(heard, told, late, polled=told.polled)

    def _alive(self, heard: Heard) -> None:
        name = heard.request.get(DATA_PIPELINE.runner)
        if isinstance(name, str):
            self._names.setdefault(heard.caller, set()).add(name)
        if heard.told and heard.response.get(DATA_PIPELINE.terminate) is True:
            self.told.setdefault(heard.caller, _Told(Telling.by(heard)))

    def _single(self, caller: str) -> bool:
        return len(self._names.get(caller, ())) == 1

    def _evidence(
        self, heard: Heard, told: _Told, late: float, *, polled: Evidence | None = None
    ) -> Evidence:
        said = (
            f"{heard.caller} was told terminate: true, and polled {seconds(late)} later; "
            f"the grace is {self._patience.grace:g} s"
        )
        return Evidence(
            "terminate-ignored",
            polled.at if polled else heard.asked,
            polled.said if polled else said,
            proof(*(polled.calls if polled else (told.telling.call,)), heard.call.seq),
            None,
            heard.caller,
            certain=told.same and told.telling.sure and self._single(heard.caller),
        )

    def unseen(self) -> None:
        """Forget: the runner may have exited and begun anew."""
        self.told.clear()
