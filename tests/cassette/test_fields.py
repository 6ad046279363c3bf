from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import fields
from holter.errors import CassetteError
from holter.wire.message import Interaction


@pytest.mark.parametrize(
    ("wall", "text"),
    [
        (0.0, "1970-01-01T00:00:00.000000Z"),
        (1795224003.512345, "2026-11-21T01:20:03.512345Z"),
        (-0.25, "1969-12-31T23:59:59.750000Z"),
        (1795224003.9999996, "2026-11-21T01:20:04.000000Z"),
    ],
)
def test_a_time_is_written_in_utc_to_the_microsecond(wall: float, text: str) -> None:
    assert fields.time_text(wall) == text


@given(st.floats(-2e9, 4e9).map(lambda wall: round(wall, 6) + 0.0))
def test_a_time_of_whole_microseconds_comes_back_equal(wall: float) -> None:
    assert fields.read({"at": fields.time_text(wall)}, fields.CALL, "call") == {"at": wall}


@pytest.mark.parametrize(
    "at", ["2026-11-21T01:20:03.6Z", "2026-11-21T02:20:03.600+01:00", "2026-11-21 01:20:03.6Z"]
)
def test_a_time_is_read_with_any_offset_and_precision(at: str) -> None:
    assert fields.read({"at": at}, fields.CALL, "call") == {"at": 1795224003.6}


def test_what_is_empty_is_left_out_of_a_call() -> None:
    assert fields.call_of(Interaction("X", {})) == {"op": "X"}
    assert fields.call_of(Interaction("X", {}, mono=(1.0, None, None))) == {
        "op": "X",
        "mono": [1.0, None, None],
    }


def test_null_is_as_good_as_nothing() -> None:
    assert fields.read({"op": "X", "status": None}, fields.CALL, "call") == {"op": "X"}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("stats", "unknown key 'stats' in call: did you mean 'status'?"),
        ("zzz", "'zzz' in call: known are seq, op,"),
    ],
)
def test_an_unknown_key_is_named_with_a_guess(key: str, why: str) -> None:
    with pytest.raises(CassetteError) as caught:
        fields.read({key: 1}, fields.CALL, "call")
    assert why in str(caught.value)


def test_every_attribute_of_an_interaction_but_its_bodies_has_a_key() -> None:
    names = {field.name for field in fields.CALL.values()}
    assert names == {member.name for member in dataclasses.fields(Interaction)} - {"request", "response"}
