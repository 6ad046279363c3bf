"""Values that know where they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from holter.errors import ConfigError
from holter.faults.node import Node, PlanError, Value, meant


def node(value: Value, scale: float = 1.0) -> Node:
    return Node(value, "plan.yaml:3", "$.a", scale)


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (Node.text, "", "must be a text, not ''"),
        (Node.text, 3, "must be a text, not 3"),
        (Node.yes, False, "must be true, not false"),
        (Node.yes, 1, "must be true, not 1"),
        (Node.whole, True, "must be a whole number from 1 up, not true"),
        (Node.whole, 0, "not 0"),
        (Node.whole, 1.0, "not 1.0"),
        (Node.number, "1", "must be a number, not '1'"),
        (Node.number, float("inf"), "must be a finite number"),
        (Node.number, None, "not nothing"),
        (Node.share, 1.01, "must be above 0 and at most 1"),
        (Node.share, 0, "must be above 0 and at most 1"),
        (Node.seconds, -0.1, "must be 0 or more seconds, not -0.1"),
        (Node.wait, -0.1, "must be 0 or more seconds, not -0.1"),
        (Node.wait, 86_400.5, "must be at most 86400 seconds, a day, which outlasts any client; not 86400.5"),
        (Node.wait, "1", "must be a number"),
        (Node.status, 100, "must be an HTTP status"),
        (Node.mapping, [], "must be a mapping, not a list"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(
    read: Callable[[Node], object], value: Value, said: str
) -> None:
    with pytest.raises(PlanError) as wrong:
        read(node(value))

    assert str(wrong.value).startswith("plan.yaml:3: $.a: ")
    assert said in str(wrong.value)
    assert isinstance(wrong.value, ConfigError)


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (Node.text, "x", "x"),
        (Node.yes, True, True),
        (Node.whole, 7, 7),
        (Node.number, 7, 7.0),
        (Node.share, 1, 1.0),
        (Node.seconds, 60, 30.0),
        (Node.wait, 86_400, 43_200.0),
        (Node.status, 599, 599),
        (Node.items, 3, [node(3, 0.5)]),
        (Node.json, [node({"a": node(None)})], [{"a": None}]),
    ],
)
def test_what_is_right_is_read(read: Callable[[Node], object], value: Value, found: object) -> None:
    assert read(node(value, 0.5)) == found


def test_an_unknown_name_is_told_with_what_it_may_have_meant() -> None:
    inner = Node(1, "plan.yaml:4", "$.a.nht", 1.0)

    with pytest.raises(PlanError, match=r"plan.yaml:4: \$.a.nht: is an unknown key \(did you mean nth\?\)"):
        node({"nht": inner}).mapping(("nth", "every"))
    assert node({"nht": inner}).mapping() == {"nht": inner}
    assert meant("zzz", ("a", "b")) == " (known: a, b)"


def test_of_many_names_only_some_are_told_and_where_all_stand() -> None:
    names = [f"name-{number}" for number in range(50)]
    assert (
        meant("zzz", names) == " (known: name-0, name-1, name-2 and 47 more; the whole list: docs/faults.md)"
    )
    assert meant("nam-7", names) == " (did you mean name-7? The whole list: docs/faults.md)"
    assert meant("nam-7", names, "the plan") == " (did you mean name-7? The whole list: the plan)"


def test_a_word_is_one_of_those_that_are_known() -> None:
    assert node("same").word(("same", "any")) == "same"
    with pytest.raises(PlanError, match=r"'sam' is an unknown runner \(did you mean same\?\)"):
        node("sam").word(("same", "any"), "runner")
