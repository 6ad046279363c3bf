"""A player that plays nothing."""

from __future__ import annotations

from holter.player import Live
from holter.wire.decision import Forward
from holter.wire.message import Call, Interaction, Moment


def test_a_live_service_gets_every_call_and_every_connection() -> None:
    live = Live()

    decided = live.decide(Call("PollForTask", {}, Moment(1.0, 0.0)), Interaction("PollForTask", {}))
    assert (decided, live.refuses()) == (Forward(), None)
