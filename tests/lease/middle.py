"""A proxy in the middle of a made-up history: it writes down what it sees, as a session does.

Besides the recording it keeps every edge in the order in which it really happened, for a live audit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from holter.wire.message import NOTHING, Broken, Interaction, Json, Mark, Origin, Try

from .history import ZERO

Entry: TypeAlias = Interaction | Mark


@dataclass(frozen=True, slots=True)
class Seen:
    """An edge as it happened: of a call, under its key, or a mark; `written` counts the entries before."""

    at: float
    entry: Entry
    key: int = 0
    ended: bool = False
    written: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: by default from the service."""

    status: int = 200
    body: Json = None
    error: str | None = None
    origin: Origin = Origin.LIVE


@dataclass(slots=True)
class Middle:
    """Records what passes while it is `up`; `began` is the moment of its last start."""

    entries: list[Entry] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    up: bool = False
    began: float = 0.0
    _flights: dict[int, Interaction] = field(default_factory=dict)
    _keys: int = 0
    _seq: int = 0

    def start(self, now: float) -> None:
        self.up, self.began = True, now
        self.mark("started", now)

    def stop(self, now: float) -> None:
        """Stop in good order: what is on its way is kept as unfinished."""
        for key in list(self._flights):
            self.broke(now, key, Broken.UNFINISHED)
        self.mark("stopped", now)
        self.up = False

    def die(self) -> None:
        """End without a word: what is on its way is lost."""
        self._flights.clear()
        self.up = False

    def mark(self, what: str, now: float) -> None:
        oldest = min([call.asked or 0.0 for call in self._flights.values()] + [self._mono(now)])
        more: dict[str, Json] = {"oldest": oldest} if what == "alive" else {}
        mark = Mark(what, round(ZERO + now, 6), self._mono(now), more)
        self.seen.append(Seen(self._mono(now), mark, written=len(self.entries)))
        self.entries.append(mark)

    def asked(self, now: float, op: str, task: str | None, caller: str, tried: Try) -> int:
        request: Json = {} if task is None else {"taskId": task}
        if isinstance(request, dict) and op == "SetTaskStatus":
            request["taskStatus"] = "FINISHED"
        mono = self._mono(now)
        call = Interaction(
            op,
            request,
            at=round(ZERO + now, 6),
            mono=(mono, None, None),
            task=task,
            caller=caller,
            tried=tried,
            origin=Origin.LIVE,
        )
        self._keys += 1
        self._flights[self._keys] = call
        self.seen.append(Seen(mono, call, self._keys))
        return self._keys

    def open(self, key: int) -> bool:
        return key in self._flights

    def answered(
        self, now: float, key: int, answer: Answer, first: float, *, broken: Broken | None = None
    ) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        handed = body.get("taskObject")
        call = self._flights[key]
        self._end(
            now,
            key,
            replace(
                call,
                response=body,
                mono=(call.asked, self._mono(first), self._mono(now)),
                task=str(handed["taskId"]) if isinstance(handed, dict) else call.task,
                status=answer.status,
                error=answer.error,
                origin=answer.origin,
                broken=broken,
            ),
        )

    def broke(self, now: float, key: int, who: Broken) -> None:
        call = self._flights[key]
        self._end(now, key, replace(call, mono=(call.asked, None, self._mono(now)), broken=who))

    def _end(self, now: float, key: int, call: Interaction) -> None:
        del self._flights[key]
        self._seq += 1
        oldest = min([flight.asked or 0.0 for flight in self._flights.values()] + [call.asked or 0.0])
        call = replace(call, seq=self._seq, oldest=oldest)
        if call.status is None:
            call = replace(call, response=NOTHING)
        self.seen.append(Seen(self._mono(now), call, key, ended=True))
        self.entries.append(call)

    def _mono(self, now: float) -> float:
        return round(now - self.began, 6)
