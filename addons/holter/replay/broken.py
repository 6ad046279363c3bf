"""A recorded call that a rule left without its answer, to be broken again."""

from __future__ import annotations

import base64

from holter.replay.take import Take
from holter.wire.decision import Break, Cut, Past
from holter.wire.message import Payload, Reply


def broken(take: Take, scale: float) -> Break:
    """Return the break, after what the rule let the client wait; `scale` multiplies that.

    Without a mark that says otherwise, the connection is closed in order and at once.
    """
    past = take.past or Past()
    seconds, cut, why = 0.0, Cut.CLOSE, "as recorded"
    for mark in past.marks:
        delay = mark.get("delay")
        seconds += delay if isinstance(delay, int | float) else 0.0
        cut = next((one for one in Cut if one.value == mark.get("cut")), cut)
        why = str(mark.get("why", why))
    return Break(why, take.fault, seconds * scale, cut, _said(past), past)


def _said(past: Past) -> Reply | None:
    """Return what a cut in the middle cuts: an answer of the rule's, else the service's own."""
    ours = (mark.get("reply") for mark in past.marks)
    said = next((reply for reply in ours if isinstance(reply, dict)), past.upstream or {})
    status, text = said.get("status"), said.get("response_base64")
    body: Payload = base64.b64decode(text) if isinstance(text, str) else said.get("response", b"")
    return Reply(status, body) if isinstance(status, int) else None
