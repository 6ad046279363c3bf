from __future__ import annotations

from holter.sandbox.status import ACTIVE, BROKEN, ENDED, Status


def test_every_status_has_ended_is_active_or_waits_for_others() -> None:
    assert set(Status) == ENDED | ACTIVE | {Status.WAITING_ON_DEPENDENCIES}
    assert not ENDED & ACTIVE
    assert {Status.FINISHED} == ENDED - BROKEN
