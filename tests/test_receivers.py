"""Who receives what a session takes in."""

from __future__ import annotations

from tests.lease.history import History

from holter.receivers import NoTape, Tape
from holter.wire.message import Interaction


def test_who_keeps_nothing_loses_nothing() -> None:
    tape: Tape = NoTape()
    mark, call = History().handed(0).entries
    assert isinstance(call, Interaction)
    assert not isinstance(mark, Interaction)

    assert (tape.mark(mark), tape.interaction(call), tape.lost) == (True, True, 0)
