from __future__ import annotations

import pytest

from holter.lease.conduct.evidence import Heard
from holter.lease.conduct.telling import Patience, Telling
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Broken, Interaction, Try
from holter.wire.operations import Role


def heard(asked: float, ended: float | None = None, *, number: int = 1, failed: bool = False) -> Heard:
    tried = Try("x", number)
    call = Interaction(
        "ReportTaskProgress", {}, status=None if failed else 200, tried=tried,
        broken=Broken.CLIENT if failed else None,
    )  # fmt: skip
    return Heard(call, Role.BEAT, asked, asked if ended is None else ended)


@pytest.mark.parametrize(
    ("later", "late"),
    [
        (heard(9), None),
        (heard(12), None),
        (heard(12.5), 2.5),
        (heard(100), 90),
        (heard(100, number=2), None),
    ],
)
def test_a_call_counts_by_when_it_was_asked(later: Heard, late: float | None) -> None:
    told = Telling.by(heard(9, 10))

    assert told.after(later, Patience.of(DOCUMENTED)) == late
    assert told.last == (later.asked if late else 10)


def test_a_failed_call_from_before_excuses_what_follows_at_once() -> None:
    told, patience = Telling.by(heard(9, 10)), Patience.of(DOCUMENTED)

    assert told.after(heard(9, 100, failed=True), patience) is None
    assert told.after(heard(119, 119), patience) is None
    assert told.after(heard(121, 121), patience) == 111


def test_patience_is_the_profile_s() -> None:
    assert Patience.of(DOCUMENTED) == Patience(2.0, 60.0)
    assert Patience.of(DOCUMENTED.scaled(0.5), "terminate") == Patience(1.0, 60.0)
