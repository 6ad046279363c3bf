from __future__ import annotations

import pytest

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
