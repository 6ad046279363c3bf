"""Recorded tasks tied to live ones: a fresh taskId for every hand-out, and the way back.

A taskId is bound, never ignored: what a runner says with an id is about the very task that was handed out
with it. Ids are made of the recording's name, the alias and the round, so that two runs give the same ones.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import field

from holter.replay.cursor import Cursor
from holter.replay.take import Tape
from holter.wire.message import Json
from holter.wire.regex import regex
from holter.wire.value import state

MOST_BOUND = 10_000
"""Tasks that are over and still remembered where a replay goes on for ever."""

_ALIAS = regex(r"(?<![\w-])task-\d+(?![\w-])", re.ASCII)


@state
class Bound:
    """A task that was handed out: its alias on a tape, its live id, and its lease.

    `begun` is when the hand-out was answered, in `mono` seconds of this run; `recorded` the same in the
    recording's, None where it does not say. `over` once its end was reported and accepted. `made` is false
    for an id that a runner had from elsewhere.
    """

    tape: Tape
    alias: str
    live: str
    round: int = 1
    begun: float | None = None
    recorded: float | None = None
    over: bool = False
    made: bool = True
    cursors: dict[int, Cursor] = field(default_factory=dict)


class Binding:
    """The table of bound tasks; of those that are over, the `most` latest are remembered, or all."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._sweep = 2 * (most or 0)
        self._of_live: dict[str, Bound] = {}
        self._latest: dict[tuple[int, str], Bound] = {}
        self._rounds: Counter[tuple[int, str]] = Counter()

    def hand_out(self, tape: Tape, alias: str) -> Bound:
        """Tie a recorded task to a live id that was not there before."""
        self._rounds[tape.number, alias] += 1
        number = self._rounds[tape.number, alias]
        return self._keep(Bound(tape, alias, live_id(tape, alias, number), number))

    def tie(self, tape: Tape, alias: str, live: str) -> Bound:
        """Tie a recorded task to an id that a runner has from elsewhere."""
        return self._keep(Bound(tape, alias, live, made=False))

    def _keep(self, bound: Bound) -> Bound:
        if self._most and len(self._of_live) >= self._sweep:
            self._forget(self._most)
        self._of_live[bound.live] = self._latest[bound.tape.number, bound.alias] = bound
        return bound

    def _forget(self, most: int) -> None:
        over = [bound.live for bound in self._of_live.values() if bound.over]
        for live in over[:-most]:
            del self._of_live[live]
        self._sweep = len(self._of_live) + most

    def of(self, live: Json) -> Bound | None:
        """Return what a live id is tied to."""
        return self._of_live.get(live) if isinstance(live, str) else None

    def named(self, text: str, tape: Tape) -> str:
        """Return a text of a tape with the live ids in place of aliases, those of tasks that have one."""

        def live(found: re.Match[str]) -> str:
            bound = self._latest.get((tape.number, found[0]))
            return bound.live if bound else found[0]

        return _ALIAS.sub(live, text)


def live_id(tape: Tape, alias: str, number: int) -> str:
    """Return the taskId of a recorded task in a round: like the service's own, with all of `+ / = :`."""
    seed = f"{tape.recording}/{tape.number}/{alias}/{number}".encode("utf-8", "surrogatepass")
    body, tail = hashlib.shake_256(seed).digest(94), hashlib.sha256(seed).digest()[:15]
    return f"h+/{base64.b64encode(body).decode()}:{base64.b64encode(tail).decode()}"
