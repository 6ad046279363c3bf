"""The calls of a run as columns, some 30 bytes a call: what a page draws, and no bodies."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Self

from holter.lease.edges import Edge, Kind, Timeline
from holter.lease.handout import is_handout
from holter.lease.order import passed
from holter.wire.message import Interaction, Mark, Origin
from holter.wire.operations import DATA_PIPELINE, Role, role

KEPT = 200_000
"""Calls that are kept, about 6 MB; the oldest quarter of them goes at once."""

MOST_NAMES = 10_000
"""Different callers, and different answers, that are told apart; all others are one."""

OTHER = "other"

DOTS = "haocebfs"
"""The kinds of calls that are dots of a lease: h hand-out, a acknowledgement, o beat, c beat that was told of
a cancellation, e refused or 5xx, b broken, f answered by a fault, s the task's outcome."""

ALIVE, TERMINATED, REST = "l", "t", "-"
"""The kinds of other calls: a runner's own heartbeat, one that asked the runner to leave, and all else."""

_OUTCOMES = {Role.POLL: REST, Role.BEAT: "o", Role.FINISH: "s"}
_LONGEST = 2**32 - 1
_TERMINATE = "terminate"


class Names:
    """Texts that come again and again, by their numbers; beyond the `most`, all are called `other`."""

    def __init__(self, most: int | None = None) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._most = most

    def number(self, text: str) -> int:
        """Return the number of a text, perhaps a new one."""
        found = self._numbers.get(text)
        if found is not None:
            return found
        if self._most is not None and len(self.texts) >= self._most:
            text = OTHER
            if text in self._numbers:
                return self._numbers[text]
        self._numbers[text] = len(self.texts)
        self.texts.append(text)
        return len(self.texts) - 1


class Strip:
    """Columns of calls, in the order in which they ended.

    `at` is when a call was asked, in milliseconds since the recording began, `took` how long it took, in
    microseconds. `dropped` counts the calls that were too many to be kept, `untimed` those without times.
    """

    def __init__(self, timeline: Timeline, kept: int = KEPT) -> None:
        self._timeline, self._kept = timeline, kept
        self.dropped = self.untimed = self.faults = 0
        self.seq, self.at, self.took = array("I"), array("q"), array("I")
        self.op, self.caller, self.task = array("H"), array("H"), array("I")
        self.answer, self.origin, self.kind = array("H"), array("B"), array("B")
        self.ops, self.origins = Names(1000), Names()
        self.callers, self.answers = Names(MOST_NAMES), Names(MOST_NAMES)
        self.tasks = Names()
        self._handed: set[str] = set()

    @classmethod
    def of(cls, entries: Iterable[Interaction | Mark]) -> Self:
        """Return the strip of what a file holds."""
        timeline = Timeline()
        made = cls(timeline)
        for _ in made.overheard(passed(entries, timeline)):
            pass
        return made

    def follow(self, timeline: Timeline) -> None:
        """Place calls by another timeline from now on: one that goes on where this one is."""
        self._timeline = timeline

    def __len__(self) -> int:
        """Return how many calls are kept."""
        return len(self.seq)

    @property
    def end(self) -> int:
        """The number that the next call will have, counted from the first, kept or not."""
        return self.dropped + len(self.seq)

    def called(self, call: Interaction) -> int | None:
        """Take in a call that ends now; return its number, None where it holds no times."""
        if call.asked is None:
            self.untimed += 1
            return None
        return self._add(call, self._timeline.on_axis(call.asked))

    def overheard(self, edges: Iterable[Edge]) -> Iterator[Edge]:
        """Yield edges as they are, and take in the calls that end at them."""
        for edge in edges:
            if edge.kind is Kind.PASSED:
                self._add(edge.call, edge.since)
            elif edge.kind is Kind.ENDED:
                self._add(edge.call, edge.at - _took(edge.call))
            yield edge

    def still(self) -> Strip:
        """Return the strip as it is now, which stays so; the names only grow."""
        taken = copy(self)
        for name in ("seq", "at", "took", "op", "caller", "task", "answer", "origin", "kind"):
            setattr(taken, name, getattr(self, name)[:])
        return taken

    def _add(self, call: Interaction, asked: float) -> int:
        if len(self.seq) >= self._kept:
            self._shed(max(1, self._kept // 4))
        at = self._timeline.wall(asked) - (self._timeline.zero or 0.0)
        self.seq.append(call.seq)
        self.at.append(round(at * 1000))
        self.took.append(min(_LONGEST, round(_took(call) * 1_000_000)))
        self.op.append(self.ops.number(call.op))
        self.caller.append(self.callers.number(call.caller or "unknown"))
        self.task.append(self.tasks.number(call.task or ""))
        self.answer.append(self.answers.number(answer(call)))
        self.origin.append(self.origins.number(call.origin or ""))
        self.kind.append(ord(self._kind(call)))
        self.faults += call.fault is not None
        return self.end - 1

    def _kind(self, call: Interaction) -> str:
        """Return the kind of a call; the first beat that is taken after a hand-out acknowledges it."""
        found = kind(call)
        if call.task is None or found not in DOTS:
            return found
        if found == "h":
            self._handed.add(call.task)
        elif found == "o" and call.task in self._handed:
            self._handed.remove(call.task)
            return "a"
        return found

    def _shed(self, count: int) -> None:
        """Drop the oldest calls, and the names of tasks that only they had."""
        for column in (
            *(self.seq, self.at, self.took, self.op, self.caller),
            *(self.task, self.answer, self.origin, self.kind),
        ):
            del column[:count]
        self.dropped += count
        tasks = Names()
        numbers = {old: tasks.number(self.tasks.texts[old]) for old in dict.fromkeys(self.task)}
        self.task = array("I", (numbers[old] for old in self.task))
        self.tasks = tasks
        self._handed.intersection_update(tasks.texts)


def kind(call: Interaction) -> str:
    """Return what a call was, as one letter.

    What a fault answered is `f`, whatever it said, save that the task was cancelled.
    """
    part, body = role(call.op), call.response if isinstance(call.response, dict) else {}
    if part is Role.ALIVE:
        return REST if call.status != 200 else TERMINATED if body.get(_TERMINATE) is True else ALIVE
    if call.task is None or part not in _OUTCOMES:
        return REST
    if part is Role.BEAT and call.status == 200 and body.get(DATA_PIPELINE.cancel) is True:
        return "c"
    if part is Role.POLL and is_handout(call):
        return "h"
    if call.origin is Origin.FAULT:
        return "f"
    return _OUTCOMES[part] if call.status == 200 else "b" if call.status is None else "e"


def answer(call: Interaction) -> str:
    """Return what a call got: its status, with the error's name, or who broke it."""
    if call.status is None:
        return f"broken by {call.broken}" if call.broken else "no answer"
    return f"{call.status} {call.error}" if call.error else str(call.status)


def _took(call: Interaction) -> float:
    asked, first, last = call.mono
    ended = first if last is None else last
    return 0.0 if asked is None or ended is None else max(0.0, ended - asked)
