"""Credentials that expired while a task was open, and were not renewed in time."""

from __future__ import annotations

from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.finding import Gap
from holter.wire.operations import GONE, Role

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})


class Expired(Observer):
    """Watches tasks whose beats are refused for the credentials' sake, until a call is taken again."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self) -> None:
        self._refused: dict[str, Heard] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Note a refusal; when a call is taken again, judge how long none was."""
        if heard.taken or heard.call.error in GONE:
            refused = self._refused.pop(heard.task, None)
            if refused:
                yield from self._stalled(refused, heard.asked, heard.call.seq)
        elif heard.told and heard.call.error in EXPIRED and heard.handout:
            self._refused.setdefault(heard.task, heard)

    def _stalled(self, refused: Heard, until: float, call: int) -> Iterator[Evidence]:
        gap, handout = round(until - refused.ended, 6), refused.handout
        if handout and gap > handout.limit.seconds:
            yield Evidence(
                "auth-expired-stall",
                refused.ended + handout.limit.seconds,
                f"{refused.task} met {refused.call.error}, and nothing was taken for {seconds(gap)}",
                proof(refused.call.seq, call),
                refused.task,
                refused.caller,
                certain=handout.limit_known,
                cause=refused.cause,
                gap=Gap(gap, gap),
                limit=handout.limit,
            )

    def handed(self, task: str) -> None:
        """Forget what was before."""
        self._refused.pop(task, None)

    def holds(self, task: str) -> bool:
        """See the next call that is taken."""
        return task in self._refused

    def unseen(self) -> None:
        """Forget: a call may have been taken."""
        self._refused.clear()

    def close(self, at: float) -> Iterator[Evidence]:
        """Judge the tasks for which no call was taken again."""
        for refused in self._refused.values():
            yield from self._stalled(refused, at, 0)
