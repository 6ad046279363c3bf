from __future__ import annotations

from typing import NamedTuple

from holter.wire.tuples import made


class _Pair(NamedTuple):
    left: int
    right: int = 2


def test_a_named_tuple_is_made_as_by_its_class() -> None:
    pair = made(_Pair, (1, 2))

    assert (type(pair), pair, pair.right) == (_Pair, _Pair(1), 2)
