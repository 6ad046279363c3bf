from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from holter.sandbox.deadlines import Deadlines


def test_equal_moments_come_in_the_order_in_which_they_were_set() -> None:
    deadlines: Deadlines[str] = Deadlines()
    for key in "cab":
        deadlines.set(key, 1.0)
    assert [deadlines.pop(1.0, inclusive=True) for _ in "cab"] == [("c", 1.0), ("a", 1.0), ("b", 1.0)]
    assert deadlines.next() is None


def test_a_moment_itself_counts_only_when_it_is_included() -> None:
    deadlines: Deadlines[str] = Deadlines()
    deadlines.set("a", 1.0)
    assert deadlines.pop(1.0, inclusive=False) is None
    assert deadlines.pop(1.5, inclusive=False) == ("a", 1.0)


@given(st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.floats(0, 100)))))
def test_it_keeps_the_last_word_on_every_key(steps: list[tuple[int, float | None]]) -> None:
    deadlines: Deadlines[int] = Deadlines()
    model: dict[int, float] = {}
    for key, when in steps:
        if when is None:
            deadlines.drop(key)
            model.pop(key, None)
        else:
            deadlines.set(key, when)
            model[key] = when
    assert deadlines.next() == min(model.values(), default=None)
    found = []
    while taken := deadlines.pop(100.0, inclusive=True):
        found.append(taken)
    assert dict(found) == model
    assert [when for _, when in found] == sorted(model.values())
