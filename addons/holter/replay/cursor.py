"""How far a track has got for one live subject."""

from __future__ import annotations

from dataclasses import replace

from holter.wire.codec import error_code, passing
from holter.wire.decision import Answer, Break
from holter.wire.message import Call
from holter.wire.value import state


@state
class Cursor:
    """The number of the next answer of a track, and the last answer and when it was due.

    An SDK's further try of a call gets that answer again, a long poll's when it was due at first.
    """

    next: int = 0
    tried: str | None = None
    last: Answer | None = None
    due: float = 0.0

    def again(self, call: Call) -> Answer | None:
        """Return the last answer for a further try of the call that it was for, unless it was a failure."""
        last = self.last
        if last is None or call.tried is None or call.tried.id != self.tried:
            return None
        if passing(last.reply.status, error_code(last.reply)):
            return None
        return replace(last, delay=min(last.delay, max(0.0, self.due - call.asked.mono)))

    def gave(self, answer: Answer | Break, call: Call) -> None:
        """Remember what a call was answered; after a break, a further try is a call of its own."""
        if isinstance(answer, Break):
            self.last = None
            return
        self.last, self.due = answer, call.asked.mono + answer.delay
        self.tried = call.tried.id if call.tried else None
