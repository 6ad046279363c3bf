"""What a runner does after an error: wait, give up, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from holter.lease.conduct.evidence import THROTTLED, Evidence, Heard, Observer, proof, seconds
from holter.lease.conduct.telling import RETRIED_WITHIN
from holter.lease.profile import Profile
from holter.wire.message import Payload
from holter.wire.operations import INVALID, OPERATIONS, Role
from holter.wire.value import state

LASTING = frozenset({INVALID, "AccessDeniedException", "AccessDenied", "UnrecognizedClientException"})
"""Errors that do not pass by themselves."""

THROTTLED_IN_A_ROW, AT_LEAST, AT_ONCE = 10, 10.0, 1.0
"""Throttled answers in a row, seconds that they go on for, and seconds within which the next call comes."""

REFUSED_IN_A_ROW = 3

_Key: TypeAlias = tuple[str, str]
_OF_TASK = tuple(row.name for row in OPERATIONS.values() if row.role in (Role.BEAT, Role.FINISH))


@state
class _Row:
    """Answers of one kind in a row."""

    since: float
    ended: float
    first: int
    count: int = 1
    request: Payload = None


class Retries(Observer):
    """Watches errors in a row: of one operation, about one task or from one caller."""

    roles = frozenset(Role)

    def __init__(self, profile: Profile) -> None:
        self._window = RETRIED_WITHIN * min(1.0, profile.scale)
        self._throttled: dict[_Key, _Row] = {}
        self._refused: dict[_Key, _Row] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge an error by the errors before it; anything else ends the row."""
        key, error = (heard.task or heard.caller, heard.call.op), heard.call.error
        if heard.told and (error in THROTTLED or heard.call.status == 429):
            yield from self._throttle(key, heard)
        else:
            self._throttled.pop(key, None)
        if heard.told and error in LASTING:
            yield from self._refuse(key, heard)
        else:
            self._refused.pop(key, None)

    def _throttle(self, key: _Key, heard: Heard) -> Iterator[Evidence]:
        row = self._throttled.get(key)
        if row is None or not 0 <= heard.asked - row.ended <= AT_ONCE:
            self._throttled[key] = _Row(heard.asked, heard.ended, heard.call.seq)
            return
        row.count, row.ended = row.count + 1, heard.ended
        took = heard.asked - row.since
        if row.count >= THROTTLED_IN_A_ROW and took >= AT_LEAST:
            said = f"{heard.caller} was throttled {row.count} times within {seconds(took)} and never waited"
            calls = proof(row.first, heard.call.seq)
            yield _evidence("throttle-no-backoff", heard, said, calls)
            del self._throttled[key]

    def _refuse(self, key: _Key, heard: Heard) -> Iterator[Evidence]:
        row = self._refused.get(key)
        same = row and row.request == heard.call.request and 0 <= heard.asked - row.ended <= self._window
        if row is None or not same:
            request = heard.call.request
            self._refused[key] = _Row(heard.asked, heard.ended, heard.call.seq, request=request)
            return
        row.count, row.ended = row.count + 1, heard.ended
        if row.count == REFUSED_IN_A_ROW:
            said = f"{heard.caller} sent the same {heard.call.op} {row.count} times after {heard.call.error}"
            yield _evidence("retry-non-retryable", heard, said, proof(row.first, heard.call.seq))

    def holds(self, task: str) -> bool:
        """See what comes after an error about a task."""
        return any((task, op) in rows for rows in (self._throttled, self._refused) for op in _OF_TASK)

    def unseen(self) -> None:
        """Forget: a row may have ended."""
        self._throttled.clear()
        self._refused.clear()


class Repeats(Observer):
    """Watches whether a beat that failed is tried again."""

    roles = frozenset({Role.BEAT, Role.FINISH})

    def __init__(self, profile: Profile) -> None:
        advice = profile.limits.advice + profile.tolerance.get("advice", 0.0)
        self._most = max(advice, RETRIED_WITHIN)  # an SDK's own delays are not scaled
        self._failed: dict[str, Heard] = {}

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge the next call for a task by when the beat before it failed."""
        failed = self._failed.pop(heard.task, None)
        if failed and heard.role is Role.BEAT and heard.asked - failed.ended > self._most:
            what = failed.call.error or "a broken connection"
            late = seconds(heard.asked - failed.ended)
            said = f"{heard.task} had a beat that failed by {what}, and the next one only {late} later"
            calls = proof(failed.call.seq, heard.call.seq)
            yield _evidence("no-retry-on-5xx", failed, said, calls)
        if heard.role is Role.BEAT and heard.passing and (heard.told or heard.call.status is None):
            self._failed[heard.task] = heard

    def holds(self, task: str) -> bool:
        """See the next call after a beat that failed."""
        return task in self._failed

    def unseen(self) -> None:
        """Forget: it may have been tried again."""
        self._failed.clear()


def _evidence(rule: str, heard: Heard, said: str, calls: tuple[int, ...]) -> Evidence:
    task = heard.task or None
    return Evidence(rule, heard.ended, said, calls, task, heard.caller, cause=heard.cause)
