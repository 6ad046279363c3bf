from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.report.place import File, Place, Places, named


@pytest.mark.parametrize(
    ("names", "whole"), [([], None), ([None], None), (["a"], "a"), (["a", None, "b"], "a+b")]
)
def test_recordings_are_named_together(names: list[str | None], whole: str | None) -> None:
    assert named([File("run.yaml", name) for name in names]) == whole


def test_calls_are_found_by_their_numbers() -> None:
    places = Places(["a", "b"])
    for number, file, line in [
        (1, 0, 8),
        (2, 1, 9),
        (3, 0, 12),
        (7, 1, 20),
        (0, 0, 21),
        (8, 1, 24),
        (2, 0, 30),
    ]:
        places.add(number, file, line)
    assert dict(places) == {
        1: Place("a", 8),
        2: Place("a", 30),
        3: Place("a", 12),
        7: Place("b", 20),
        8: Place("b", 24),
    }
    assert all(number not in places for number in (0, 4, 6, 9))


def test_lines_beyond_four_bytes_are_kept() -> None:
    places = Places(["a"])
    for number, line in ((1, 3), (2, 1 << 40), (3, 5)):
        places.add(number, 0, line)
    assert [places[number].line for number in (1, 2, 3)] == [3, 1 << 40, 5]


def test_a_recording_taken_up_again_begins_its_numbers_anew() -> None:
    places = Places(["a"])
    for number, line in ((1, 8), (2, 12), (3, 16), (4, 90), (1, 100), (2, 104), (3, 200)):
        places.add(number, 0, line)
    assert {number: place.line for number, place in places.items()} == {1: 100, 2: 104, 3: 200, 4: 90}
    assert len(places) == 7


stands = st.tuples(st.integers(0, 30), st.integers(0, 1), st.integers(1, 40))


@given(st.lists(stands, max_size=40), st.booleans())
def test_every_call_is_found_where_it_was_last(calls: list[tuple[int, int, int]], short: bool) -> None:
    places, known = Places(["a", "b"]), dict[int, Place]()
    for step, (number, file, line) in enumerate(calls):
        at = (step + 1, 0, 4 * step + 1 + line % 2) if short else (number, file, line)
        places.add(*at)
        known[at[0]] = Place("ab"[at[1]], at[2])
    known.pop(0, None)
    assert {number: places[number] for number in known} == known
    assert [number for number in range(60) if number in places] == sorted(known)


def test_a_number_beyond_all_reason_has_no_place() -> None:
    places = Places(["a"])
    places.add(1 << 70, 0, 5)
    assert (1 << 70 in places, len(places)) == (False, 0)
