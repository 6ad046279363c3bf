from __future__ import annotations

import pytest

from holter.errors import UsageError
from holter.sandbox.runner.misbehaviour import KINDS, Kind, Misbehaviour, parse, table


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no-ack", Misbehaviour(Kind.NO_ACK)),
        ("no-ack:for=3", Misbehaviour(Kind.NO_ACK, seconds=3.0)),
        ("late-ack:by=2.5,task=Slow*", Misbehaviour(Kind.LATE_ACK, task="Slow*", seconds=2.5)),
        ("stall:after=2,for=5,times=1", Misbehaviour(Kind.STALL, times=1, seconds=5.0, after=2)),
        ("stall:for=0", Misbehaviour(Kind.STALL, seconds=0.0, after=1)),
        ("ignore-cancel:", Misbehaviour(Kind.IGNORE_CANCEL)),
        ("ignore-terminate", Misbehaviour(Kind.IGNORE_TERMINATE)),
        ("ignore-lost:task=A", Misbehaviour(Kind.IGNORE_LOST, task="A")),
        ("crash:after=0", Misbehaviour(Kind.CRASH, after=0)),
        ("crash", Misbehaviour(Kind.CRASH, after=1)),
    ],
)
def test_a_misbehaviour_is_read_from_its_text(text: str, meant: Misbehaviour) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "'' is none of no-ack, late-ack, stall"),
        ("No-Ack", "'No-Ack' is none of no-ack"),
        ("stall:for=5,often=2", "stall: 'often' is no key of it; it takes for, after, task, times"),
        ("ignore-terminate:task=A", "'task' is no key of it; it takes none"),
        ("late-ack", "needs by=, such as late-ack:by=5"),
        ("stall:after=1", "needs for="),
        ("stall:for=soon", "for=soon is not a number of seconds"),
        ("stall:for=-1", "for=-1 is not a number of seconds"),
        ("stall:for=nan", "for=nan is not a number of seconds"),
        ("stall:for=inf", "for=inf is not a number of seconds"),
        ("stall:for=1,after=0", "after=0 is not a whole number from 1 up"),
        ("stall:for=1,after=1.5", "after=1.5 is not a whole number"),
        ("no-status:times=0", "times=0 is not a whole number from 1 up"),
        ("no-status:times=²", "times=² is not a whole number"),
        ("no-status:task", "'task' is not task=VALUE"),
        ("no-status:task=", "'task=' is not task=VALUE"),
        ("no-status:task=A,task=B", "'task=B' is not task=VALUE, given once"),
    ],
)
def test_a_wrong_text_is_refused_with_one_clear_line(text: str, complaint: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert str(refused.value).startswith("--misbehave")
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_kind_has_a_row_and_stands_in_the_help() -> None:
    assert set(KINDS) == set(Kind)
    assert [line.split()[0].split(":")[0] for line in table().splitlines()] == list(Kind)
    assert all(row.seconds is None or row.seconds in row.keys for row in KINDS.values())
