"""How a runner polls: whether it waits for the answer, one poll at a time, and not in a storm."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof, seconds
from holter.lease.finding import Gap, Limit
from holter.lease.handout import is_handout
from holter.lease.profile import Profile
from holter.wire.message import Broken, Interaction, Origin
from holter.wire.operations import DATA_PIPELINE, Role
from holter.wire.value import state, value

STORM = (60, 30.0)
"""Polls that may get nothing within so many seconds: twice a second, as the limits of an account allow."""

_REMEMBERED = 16


@value
class _GivenUp:
    tried: str | None
    call: int
    at: float
    age: float


class _Waited(NamedTuple):
    """A poll that has ended; the call itself would keep its hand-out in memory."""

    asked: float
    ended: float
    call: int
    queue: str | None


@state
class _Poller:
    empty: deque[float] = field(default_factory=lambda: deque(maxlen=STORM[0] + 1))
    waited: deque[_Waited] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    given_up: _GivenUp | None = None
    busy: float = float("-inf")
    """Up to when those that it waited for may have been on their way."""


class Polls(Observer):
    """Watches PollForTask."""

    roles = frozenset({Role.POLL})

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._slack = profile.tolerance.get("network", 0.0)
        self._pollers: defaultdict[str, _Poller] = defaultdict(_Poller)

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a poll by how it ended and by the one that was given up before."""
        poller = self._pollers[heard.caller]
        waited = _Waited(heard.asked, heard.ended, heard.call.seq, _queue(heard.call))
        if heard.asked <= poller.busy:
            yield from self._overlap(heard, waited, poller)
        poller.busy = max(poller.busy, heard.asked, heard.ended)
        poller.waited.append(waited)
        if poller.given_up and heard.call.tried and heard.call.tried.id == poller.given_up.tried:
            yield from self._again(heard, poller.given_up)
        if heard.call.broken is Broken.CLIENT and heard.call.status is None:
            yield from self._gave_up(heard, poller)
        elif heard.call.origin in (Origin.LIVE, Origin.SANDBOX) and not is_handout(heard.call):
            yield from self._empty(heard, poller)

    def _overlap(self, heard: Heard, waited: _Waited, poller: _Poller) -> Iterator[Evidence]:
        """Compare a poll with those that ended before it: their order is the same live and from a file."""
        for other in poller.waited:
            earlier, later = sorted((other, waited), key=lambda poll: (poll.asked, poll.call))
            if other.queue == waited.queue and later.asked < earlier.ended:
                said = f"{heard.caller} polled {waited.queue} while its earlier poll was unanswered"
                calls = proof(earlier.call, later.call)
                yield Evidence("poll-overlap", later.asked, said, calls, None, heard.caller, certain=False)
                return

    def _gave_up(self, heard: Heard, poller: _Poller) -> Iterator[Evidence]:
        age, tried = heard.ended - heard.asked, heard.call.tried
        poller.given_up = _GivenUp(tried.id if tried else None, heard.call.seq, heard.ended, age)
        if self._early(age):
            yield self._aborted(heard, poller.given_up, certain=False)

    def _again(self, heard: Heard, given_up: _GivenUp) -> Iterator[Evidence]:
        calls = proof(given_up.call, heard.call.seq)
        said = f"{heard.caller} gave up a poll and its SDK sent it again"
        yield Evidence("poll-retried", heard.asked, said, calls, None, heard.caller)
        if self._early(given_up.age):
            yield self._aborted(heard, given_up, certain=True)

    def _early(self, age: float) -> bool:
        return age < self._profile.limits.poll - self._slack

    def _aborted(self, heard: Heard, given_up: _GivenUp, *, certain: bool) -> Evidence:
        limit, age = self._profile.limits.poll, round(given_up.age, 6)
        return Evidence(
            "poll-aborted",
            given_up.at,
            f"{heard.caller} gave up a poll after {seconds(age)}; the service may hold it for {limit:g} s",
            proof(given_up.call, heard.call.seq) if certain else proof(given_up.call),
            None,
            heard.caller,
            certain=certain,
            cause=heard.cause,
            gap=Gap(age, age),
            limit=Limit("poll", limit, self._profile.sources["poll"]),
        )

    def _empty(self, heard: Heard, poller: _Poller) -> Iterator[Evidence]:
        count, span = STORM[0], STORM[1] * self._profile.scale
        poller.empty.append(heard.asked)
        took = max(poller.empty) - min(poller.empty) if len(poller.empty) > count else span
        if took < span:
            poller.empty.clear()
            said = f"{heard.caller} polled {count + 1} times in {seconds(took)} and got nothing"
            yield Evidence("poll-storm", heard.asked, said, proof(heard.call.seq), None, heard.caller)

    def gap(self, caller: str, task: str, since: float, until: float) -> Iterator[Evidence]:
        """Judge a gap that broke a rule: it may be the runner that waited for a poll."""
        poller = self._pollers.get(caller)
        for poll in poller.waited if poller else ():
            took = poll.ended - poll.asked
            if since <= poll.asked and poll.ended <= until and took * 2 >= until - since:
                said = f"{task} had no beat while {caller} waited {seconds(took)} for PollForTask"
                calls = proof(poll.call)
                yield Evidence(
                    "progress-blocked-by-poll", poll.asked, said, calls, task, caller, certain=False
                )

    def unseen(self) -> None:
        """Forget the polls from before."""
        self._pollers.clear()


def _queue(call: Interaction) -> str | None:
    group = call.request.get(DATA_PIPELINE.queue) if isinstance(call.request, dict) else None
    return group if isinstance(group, str) else None
