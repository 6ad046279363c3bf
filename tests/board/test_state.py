"""How a run stands."""

from __future__ import annotations

from holter.board.state import state

from .rig import Rig


def test_counts_follow_the_run() -> None:
    rig = Rig()
    before = state(rig.trial, rig.watch, rig.api.faults)
    rig.beat()
    rig.trial.session.pause(rig.trial.clock.now())
    after = state(rig.trial, rig.watch, rig.api.faults)

    assert (before["calls"], before["leases"], before["paused"]) == (0, 0, False)
    assert (after["calls"], after["leases"], after["paused"]) == (1, 1, True)
