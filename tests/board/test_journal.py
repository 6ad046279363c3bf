"""What a journal keeps, and when it says that it has forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.board.journal import Journal


def written(count: int, kept: int) -> Journal:
    journal = Journal(kept)
    for number in range(1, count + 1):
        journal.add(number)
    return journal


@given(count=st.integers(0, 30), kept=st.integers(1, 20), after=st.integers(0, 40), most=st.integers(1, 10))
def test_what_follows_is_told_in_order_or_it_is_said_that_it_is_gone(
    count: int, kept: int, after: int, most: int
) -> None:
    found = written(count, kept).since(after, most)

    if after > count or after < count - kept:
        assert found is None
    else:
        assert found == [*range(after + 1, count + 1)][:most]


@pytest.mark.parametrize("count", [0, 7])
def test_the_last_number_is_how_many_were_written(count: int) -> None:
    assert written(count, 3).last == count
