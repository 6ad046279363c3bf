"""How a runner polls: whether it waits for the answer, one poll at a time, and not in a storm."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import field, replace
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
    queue: str | None
    early: Evidence | None
    """What to say of it, if the service still had time to answer."""


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
    untold: Evidence | None = None
    """What is to be said of that, once the next poll tells whether an SDK sent it again."""
    busy: float = float("-inf")
    """Up to when those that it waited for may have been on their way."""


class Polls(Observer):
    """Watches PollForTask."""

    roles = frozenset({Role.POLL})

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._slack = profile.tolerance.get("network", 0.0)
        self._pollers: defaultdict[str, _Poller] = defaultdict(_Poller)
        self._overdue: list[Evidence] = []
        """What was untold when nothing was seen for a while."""

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Judge a poll by how it ended and by the one that was given up before."""
        yield from self._overdue
        self._overdue.clear()
        poller = self._pollers[heard.caller]
        waited = _Waited(heard.asked, heard.ended, heard.call.seq, _queue(heard.call))
        if heard.asked <= poller.busy:
            yield from self._overlap(heard, waited, poller)
        poller.busy = max(poller.busy, heard.asked, heard.ended)
        poller.waited.append(waited)
        if poller.given_up:
            yield from self._followed(heard, poller, poller.given_up)
        if heard.call.broken is Broken.CLIENT and heard.call.status is None:
            yield from self._untold(poller)
            self._gave_up(heard, poller)
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

    def _gave_up(self, heard: Heard, poller: _Poller) -> None:
        """Note a poll that was given up. It is certain that the runner meant to once it was sent again."""
        age, tried, limit = heard.ended - heard.asked, heard.call.tried, self._profile.limits.poll
        if age < limit - self._slack:
            span = round(age, 6)
            poller.untold = Evidence(
                "poll-aborted",
                heard.ended,
                f"{heard.caller} gave up a poll after {seconds(span)}; "
                f"the service may hold it for {limit:g} s",
                proof(heard.call.seq),
                None,
                heard.caller,
                certain=False,
                cause=heard.cause,
                gap=Gap(span, span),
                limit=Limit("poll", limit, self._profile.sources["poll"]),
            )
        poller.given_up = _GivenUp(
            tried.id if tried else None, heard.call.seq, heard.ended, _queue(heard.call), poller.untold
        )

    def _followed(self, heard: Heard, poller: _Poller, given_up: _GivenUp) -> Iterator[Evidence]:
        """See a poll behind one that was given up: the same again, or another, which leaves it open why."""
        if heard.call.tried and heard.call.tried.id == given_up.tried:
            calls = proof(given_up.call, heard.call.seq)
            said = f"{heard.caller} gave up a poll and its SDK sent it again"
            yield Evidence("poll-retried", heard.asked, said, calls, None, heard.caller)
            if given_up.early:
                yield replace(given_up.early, calls=calls, certain=True)
            poller.untold = None
        elif heard.asked >= given_up.at and _queue(heard.call) == given_up.queue:
            yield from self._untold(poller)

    def _untold(self, poller: _Poller) -> Iterator[Evidence]:
        if poller.untold:
            yield poller.untold
            poller.untold = None

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
        for poller in self._pollers.values():
            self._overdue += self._untold(poller)
        self._pollers.clear()

    def close(self, at: float) -> Iterator[Evidence]:
        """Yield what no later poll has told more of."""
        del at
        self.unseen()
        yield from self._overdue


def _queue(call: Interaction) -> str | None:
    group = call.request.get(DATA_PIPELINE.queue) if isinstance(call.request, dict) else None
    return group if isinstance(group, str) else None
