from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holter.sandbox.runner.tail import Tail


@given(st.lists(st.binary(max_size=20)), st.integers(1, 30))
def test_the_tail_is_the_end_of_all_that_was_fed(pieces: list[bytes], limit: int) -> None:
    tail = Tail(limit)
    for piece in pieces:
        tail.feed(piece)
    assert tail.text() == b"".join(pieces)[-limit:].decode("utf-8", "replace")
