"""The engine: a call walks through plan, redaction, cassette and audit. It composes, implements nothing.

Adapters hand in calls and what came of them, with the times; they alone sleep and touch sockets.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from holter import expected
from holter.faults.reactions import Reactions
from holter.flight import Flight, answered, begun, oldest
from holter.lease.audit import Audit
from holter.lease.presence import Presence
from holter.player import Live, Player
from holter.receivers import Listener, Tape
from holter.wire.caller import Callers
from holter.wire.decision import Answer, Break, Decision, Forward
from holter.wire.message import EXITED, Broken, Call, Interaction, Mark, Moment, Origin, Reply
from holter.wire.redactor import Redactor

if TYPE_CHECKING:
    from holter.faults.plan import Plan


class Session:
    """One run of recording or replaying, and auditing."""

    def __init__(
        self,
        *,
        audit: Audit,
        redactor: Redactor,
        tape: Tape,
        plan: Plan | None,
        listener: Listener,
        player: Player | None = None,
        seq: int = 0,
    ) -> None:
        self.audit = audit
        self.tape = tape
        self.closed = False
        self._redactor = redactor
        self.plan = plan
        """The faults, which may be changed while calls go on; None where there are none yet."""
        self._player = player or Live()
        self.reactions = Reactions()
        self._listener = listener
        self._callers = Callers()
        self._flights: dict[Hashable, Flight] = {}
        self._seq = seq
        self._presence = Presence()
        self._asked: Hashable | None = None
        audit.count_down()

    @property
    def paused(self) -> bool:
        """Whether calls are passed on unseen."""
        return self._presence.paused

    def watched(self, now: Moment) -> float:
        """Return up to when, on the audit's axis, somebody watched: now, save in a pause or stall.

        Of what came after it nobody knows; how leases stand is told as of then.
        """
        return self.audit.timeline.shift + self._presence.watched(now.mono)

    @property
    def in_flight(self) -> int:
        """How many calls are on their way."""
        return len(self._flights)

    def knows(self, key: Hashable) -> bool:
        """Tell whether a call was taken in and has not ended: none is, while paused or after the close."""
        return key in self._flights

    def on_first_byte(self, key: Hashable, at: Moment) -> None:
        """Take in that a call has begun to arrive: whatever is written before it is whole knows of it."""
        self._marked(self._presence.late(at.mono))
        if not self.closed:
            self._presence.arrives(key, at.mono)

    def on_call(self, key: Hashable, call: Call) -> Decision:
        """Take in a whole call and decide what is to be done with it; `key` names it from now on."""
        mono = call.asked.mono
        if late := self._presence.late(mono):
            self._marked(late)
        if not self._presence.takes(key, mono) or self.closed:
            return Forward()
        self._told_of_asked()
        asked = begun(call, self._redactor, self._callers)
        lease = self.audit.lease(asked.task)
        age = lease.age(self.audit.timeline.shift + (asked.mono[0] or 0.0)) if lease else None
        flight = self._flights[key] = Flight(asked, call, lease.handout if lease else None, age)
        self._asked = key
        decision = self._decided(flight) if self.plan else self._player.decide(call, asked)
        flight.ruled(decision)
        if decision.by is not None:
            self._marked(flight.marks(decision, self._redactor, mono))
        return decision

    def _told_of_asked(self) -> None:
        """Let the audit know of the call that was asked last, if nothing has happened since.

        It is not told at once: of a call that is answered before anything else happens it hears only
        once, which is half the work.
        """
        if self._asked is not None:
            key, self._asked = self._asked, None
            self.audit.feed(self.audit.timeline.asked(key, self._flights[key].asked))

    def _decided(self, flight: Flight) -> Decision:
        """Let the plan decide, and where it leaves a call to the service, whoever stands in for that."""
        ruled = self.plan.before(flight.told) if self.plan else None
        if ruled is not None and not isinstance(ruled, Forward):
            return ruled
        decision = self._player.decide(flight.call, flight.asked)
        if ruled is None or isinstance(decision, Forward):
            return ruled or decision
        return replace(decision, by=ruled.by, delay=decision.delay + ruled.delay, past=None)

    def on_reply(self, key: Hashable, reply: Reply, first: float, last: float) -> Answer | Break:
        """Take in an answer before it is released; times are `mono` seconds of its first and last byte.

        Return what the client is to get. After a delay that is asked for, the adapter says `on_released`,
        after a break `on_broken`.
        """
        flight = self._flights.get(key)
        if flight is None or self.closed:
            return Answer(reply, Origin.LIVE)
        if late := self._presence.late(last):
            self._marked(late)
        ruled = self.plan.after(flight.told, reply) if self.plan and not flight.ours else None
        if ruled is None or isinstance(ruled, Forward):
            self._answered(key, flight, reply, first, last)
            return Answer(reply, flight.origin)
        flight.overruled(ruled, reply, self._redactor)
        self._marked(flight.marks(ruled, self._redactor, last, reply))
        if isinstance(ruled, Answer) and not ruled.delay:
            self._answered(key, flight, ruled.reply, first, last)
        return ruled

    def on_released(self, key: Hashable, at: float) -> None:
        """Take in that an answer which was kept waiting goes to the client."""
        flight = self._flights.get(key)
        if flight and flight.held and not self.closed:
            self._marked(self._presence.late(at))
            self._answered(key, flight, flight.held, at, at)

    def on_broken(self, key: Hashable, who: Broken, at: float) -> None:
        """Take in that a call will never get its answer."""
        flight = self._flights.get(key)
        if flight is None or self.closed:
            return
        self._marked(self._presence.late(at))
        self._seq += 1
        self._finish(key, flight, flight.broken(who, at, self._seq, self._oldest(flight.asked.mono[0])))

    def on_connect(self, now: Moment) -> str | None:
        """Take in that a client connects; return the rule that turns it away, if one does."""
        if self.closed:
            return None
        rule = (self.plan.refusing(now.mono) if self.plan else None) or self._player.refuses()
        if rule:
            from holter.faults.log import refused  # most runs have no faults: they start sooner

            self.mark(Mark("fault", round(now.wall, 6), round(now.mono, 6), refused(rule)))
        return rule

    def _answered(self, key: Hashable, flight: Flight, reply: Reply, first: float, last: float) -> None:
        self._seq += 1
        given = flight.given(reply, first, last, self._seq, self._oldest(flight.asked.mono[0]))
        host = flight.call.host
        self._finish(key, flight, answered(flight.asked, given, self._redactor, self._callers, host=host))

    def _finish(self, key: Hashable, flight: Flight, done: Interaction) -> None:
        asked, _, last = done.mono
        whole = key == self._asked and asked is not None and last is not None and last >= asked
        if whole:
            self._asked = None
        else:
            self._told_of_asked()
        del self._flights[key]
        if self.plan:
            self.plan.ended(flight.told)
        self.tape.interaction(done)
        if self.reactions.armed:
            self.reactions.feed(done)
        self._listener.called(done, flight.age)
        timeline = self.audit.timeline
        for finding in self.audit.feed((timeline.passed if whole else timeline.ended)(key, done)):
            self._listener.found(finding)

    def _oldest(self, at: float | None) -> float:
        """Return when the oldest call began that has not ended, or a moment if that is earlier."""
        return min(oldest(self._flights.values(), at or 0.0), self._presence.arrived)

    def tick(self, now: Moment, *, slept: float = 0.0, again: float = float("inf")) -> float:
        """Report deadlines that have passed; return the `mono` time of the next, or infinity.

        `slept` is how many seconds the host has slept so far. Who promises the next tick `again` seconds
        from now at the latest has it noted when that was broken: then nobody saw what passed.
        """
        if self.closed:
            return float("inf")
        self._marked(self._presence.look(now, slept, again))
        self._marked(self._presence.alive(now, self._oldest(round(now.mono, 6))))
        if self._presence.paused:
            return float("inf")
        self._told_of_asked()
        for ebb in self.audit.ebbing(now.mono):
            self._listener.ebbing(ebb)
        for finding in self.audit.due(now.mono):
            self._listener.found(finding)
        return self.audit.next_due()

    def pause(self, now: Moment) -> None:
        """Stop recording for a while: calls are passed on, and neither kept nor judged."""
        self._marked(self._presence.pause(now, self._oldest(round(now.mono, 6))))

    def resume(self, now: Moment) -> None:
        """Go on recording, with calls that begin from now on; what passed before is blamed on nobody."""
        self._marked(self._presence.resume(now))

    def _marked(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            self.mark(mark)

    def mark(self, mark: Mark) -> None:
        """Write a mark, redacted, and let the audit know it; after the close there is nothing to write to."""
        if self.closed:
            return
        said = {
            key: self._redactor.text(value) if isinstance(value, str) else value
            for key, value in mark.more.items()
        }
        mark = replace(mark, more=said)
        self._told_of_asked()
        self.tape.mark(mark)
        self.reactions.mark(mark)
        for finding in self.audit.mark(mark):
            self._listener.found(finding)

    def exited(self, code: int, now: Moment) -> None:
        """Take note that the command around which this was recorded has ended."""
        self.mark(Mark("note", round(now.wall, 6), round(now.mono, 6), {EXITED: code}))

    def close(self, now: Moment) -> None:
        """End: calls still on their way are kept as unfinished, what is still owed is judged."""
        if self.closed:
            return
        self._marked(self._presence.late(now.mono))
        for key in list(self._flights):
            self.on_broken(key, Broken.UNFINISHED, now.mono)
        self.mark(Mark("stopped", round(now.wall, 6), round(now.mono, 6)))
        for finding in (*self.audit.close(), *expected.judged(self.audit, self.reactions)):
            self._listener.found(finding)
        self.closed = True
