"""What is odd about tasks as a whole, once the recording is over: never handed out, or never ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.finding import Gap
from holter.lease.machine import Lease
from holter.lease.profile import Profile
from holter.wire.message import Origin
from holter.wire.operations import Role

_OURS = frozenset({Origin.CASSETTE, Origin.SANDBOX, Origin.REFUSED})
"""Who answered for Holter itself, so that every hand-out must have passed by."""


class Strangers(Observer):
    """Watches tasks without a hand-out; one may still follow, where several recordings are merged."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self) -> None:
        self._first: dict[str, Heard] = {}
        self._given: set[str] = set()
        self._watched = True

    def met(self, task: str) -> bool:
        """Tell whether a task is known as one without a hand-out."""
        return task in self._first

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Note the first call about a task that no hand-out is known of."""
        known = heard.task in self._first or heard.task in self._given
        if heard.task and not known and heard.handout and heard.handout.attempt is None:
            self._first[heard.task] = heard
        yield from ()

    def handed(self, task: str) -> None:
        """Forget: here it is."""
        self._first.pop(task, None)

    def given(self, task: str) -> None:
        """See the hand-out of a task of which something was heard before, as clocks differ a little."""
        self._given.add(task)

    def unseen(self) -> None:
        """Doubt: a hand-out may have been missed."""
        self._watched = False

    def close(self, at: float) -> Iterator[Evidence]:
        """Yield the tasks that were never handed out."""
        del at
        for task, heard in self._first.items():
            replayed = self._watched and heard.call.origin in _OURS
            yield Evidence(
                "task-id-unknown-in-replay" if replayed else "task-id-unknown",
                heard.asked,
                f"{task} was never handed out in this recording",
                proof(heard.call.seq),
                task,
                heard.caller,
                certain=replayed,
            )


def open_ends(
    leases: Iterable[Lease], at: float, profile: Profile, blamed: Collection[str | None], *, exited: bool
) -> Iterator[Evidence]:
    """Yield the tasks that are open where Holter was stopped in good order, and whose runner is silent.

    `blamed` are tasks that were found abandoned already. With `exited` the command that Holter ran has ended,
    and its silence is for good.
    """
    most = 0.0 if exited else profile.limits.advice + profile.tolerance.get("advice", 0.0)
    when = "the command ended" if exited else "Holter was stopped"
    for lease in leases:
        age = round(lease.age(at) or 0.0, 6)
        if age > most and lease.task not in blamed:
            said = f"{lease.task} was open when {when}, {seconds(age)} after its last sign"
            gap = Gap(age, age)
            yield Evidence(
                "terminal-missing-at-exit", at, said, (), lease.task, lease.caller, certain=False, gap=gap
            )
