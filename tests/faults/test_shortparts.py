"""Short forms, part by part."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.faults.node import PlanError
from holter.faults.shortparts import parts
from holter.wire.message import Json

from .values import JSONS


def cut(text: str) -> list[tuple[str, Json]]:
    return [(part.key, part.node.json() if part.node else "-") for part in parts(text, "w")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [("", "-")]),
        ("close", [("close", "-")]),
        ("close:", [("close", "-"), ("", "-")]),
        ("a=1:b=-2.5e1:c=true:d=x=y:e", [("a", 1), ("b", -25.0), ("c", True), ("d", "x=y"), ("e", "-")]),
        ("a=:b=~", [("a", None), ("b", None)]),
        ('a={"b": [1, {"c": ":"}]}:d=2', [("a", {"b": [1, {"c": ":"}]}), ("d", 2)]),
        ('message="too fast: slow down":status=503', [("message", "too fast: slow down"), ("status", 503)]),
        ("runner=[ab]:window=[1, 2]", [("runner", "[ab]"), ("window", [1, 2])]),
        ('runner="a:*"', [("runner", "a:*")]),
    ],
)
def test_parts_stand_between_colons_that_are_not_in_json(text: str, found: list[tuple[str, Json]]) -> None:
    assert cut(text) == found


@given(st.lists(JSONS), st.dictionaries(st.text(), JSONS))
def test_any_json_comes_back_as_it_was(items: Json, members: Json) -> None:
    text = f"a={json.dumps(items)}:b={json.dumps(members)}:c"

    assert cut(text) == [("a", items), ("b", members), ("c", "-")]


def test_every_value_knows_its_path_and_the_scale() -> None:
    ((_, node),) = parts('delay={"uniform": [0.5, 2]}', "w", 0.1)
    assert node is not None
    last = node.mapping()["uniform"].items()[1]

    assert (last.where, last.path, last.seconds()) == ("w", "delay.uniform[1]", 0.2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a={b: 1}", 'w: a: is no JSON, which {, [ and " begin: expecting property name enclosed in double'),
        ("a={b: 1}", "quotes, at 'b: 1}'"),
        ('p=1:a={"b": 1', "expecting ',' delimiter, at its end"),
        ('a="b', "unterminated string starting at, at '\"b'"),
        ('a={"b": 1}c', "w: a: is followed by c: after JSON comes a colon, or the end"),
        ('a={"b": 1, "b": 2}', "w: a: is no JSON: 'b' stands twice"),
        ('a={"b": NaN}', "w: a: is no JSON: NaN is no number"),
        ("a=" + "[" * 60 + "]" * 60, "is nested over 40 levels"),
        ("a=" + "[" * 200_000, "w: a: is nested over 40 levels"),
    ],
)
def test_broken_json_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        list(parts(text, "w"))

    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@given(st.text('ab=:{}[]"\\,1-.e tru', max_size=30))
def test_any_text_is_cut_or_refused(text: str) -> None:
    try:
        found = list(parts(text, "w"))
    except PlanError:
        return

    assert text.startswith(found[0].key)
