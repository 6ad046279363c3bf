from __future__ import annotations

from holter.lease.phase import HELD, OPEN, Phase


def test_a_lease_is_open_until_something_final_happens_to_it() -> None:
    assert OPEN == (Phase.HANDED_OUT, HELD)
    assert {phase.value for phase in Phase if phase not in OPEN} == {
        "canceled",
        "ended",
        "gone",
        "reassigned",
        "unfinished",
    }
