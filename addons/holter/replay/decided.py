"""What rules decided about recorded calls, as the marks before them tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from holter.replay.take import Take
from holter.wire.decision import Past
from holter.wire.message import Broken, Interaction, Mark, Origin

_GAVE_UP = (Broken.CLIENT, Broken.US)


class Decided:
    """Brings the marks of decisions together with the calls of one file that they are about."""

    def __init__(self) -> None:
        self._waiting: list[Mark] = []
        self._refused: Counter[str] = Counter()
        self._latest: dict[str, Take] = {}

    def mark(self, mark: Mark) -> None:
        """Take in a mark; with a new start, times begin anew."""
        did = mark.more.get("did") if mark.what == "fault" else None
        if mark.what == "started":
            self._waiting.clear()
            self._refused.clear()
        elif did == "decided":
            self._waiting.append(mark)
        elif did == "refused":
            self._refuse(str(mark.more.get("rule")))

    def _refuse(self, rule: str) -> None:
        """Take in a connection that was turned away: after the latest call of a rule, which may go on."""
        if rule in self._latest and all(mark.more.get("rule") != rule for mark in self._waiting):
            self._latest[rule].refuses += 1
        else:
            self._refused[rule] += 1

    def told(self, take: Take) -> Take:
        """Return a take with what a rule had decided about its call, if one had a hand in it."""
        if take.fault is None:
            return take
        call = take.call
        marks = tuple(self._taken(call))
        take.past = Past(tuple(mark.more for mark in marks), call.upstream)
        take.ours = call.origin is Origin.FAULT
        take.refuses = self._refused.pop(take.fault, 0)
        self._latest[take.fault] = take
        if call.broken in _GAVE_UP:
            take.broken, take.plays = call.broken, True
        return take

    def _taken(self, call: Interaction) -> Iterator[Mark]:
        """Take out the marks of a call: one of its first moment, and one while it went on."""
        for after in (False, True):
            found = next((mark for mark in self._waiting if _is_of(mark, call, after=after)), None)
            if found is not None:
                self._waiting.remove(found)
                yield found


def _is_of(mark: Mark, call: Interaction, *, after: bool) -> bool:
    said, asked, ended = mark.more, call.asked, call.ended
    if (said.get("rule"), said.get("op")) != (call.fault, call.op) or mark.mono is None:
        return False
    if asked is None or ended is None or said.get("task") not in (None, call.task):
        return False
    if not after:
        return said.get("stage") is None and mark.mono == asked
    return said.get("stage") == "after" and asked <= mark.mono <= ended
