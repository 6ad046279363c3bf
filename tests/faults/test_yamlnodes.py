"""A plan's text, line by line."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.errors import ConfigError
from holter.faults.node import PlanError
from holter.faults.yamlnodes import load
from holter.wire.message import Json


def test_every_value_knows_its_line_and_its_path() -> None:
    top = load("a: 1\nb:\n  - x\n  - c: {d: 2}\n", "p.yaml")
    b = top.mapping()["b"]
    d = b.items()[1].mapping()["c"].mapping()["d"]

    assert [(node.where, node.path) for node in (top, b, b.items()[0], d)] == [
        ("p.yaml:1", "$"),
        ("p.yaml:2", "$.b"),
        ("p.yaml:3", "$.b[0]"),
        ("p.yaml:4", "$.b[1].c.d"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-11-21", "2026-11-21"),
        ("12:30:00", "12:30:00"),
        ("0x1F", "0x1F"),
        ("'1'", "1"),
        ("1", 1),
        ("-1.5e3", -1500.0),
        ("true", True),
        ("~", None),
    ],
)
def test_words_mean_what_they_mean_in_json(text: str, value: Json) -> None:
    assert load(f"a: {text}", "p").json() == {"a": value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p: is empty"),
        ("a: [1", "p:1: is not YAML"),
        ("a: 1\nb: 2\na: 3\n", "p:3: $.a: stands twice"),
        ("a: &x 1\nb: *x\n", "p:1: has the anchor or alias 'x'"),
        ("a: !!python/object:os.system 1", "p:1: has the tag"),
        ("a:\n  <<: {b: 1}\n", "p:2: $.a: has a key that is no plain text"),
        ("[1, 2]: 3", "has a key that is no plain text"),
        ("a: " + "[" * 60 + "]" * 60, "p:1: is nested over 40 levels"),
        ("a: " + "x" * 200_001, "has 200004 characters"),
        ("a: 1\n---\nb: 2\n", "is not YAML"),
        ("a: \x07", "is not YAML"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(PlanError) as wrong:
        load(text, "p")

    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_without_pyyaml_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)

    with pytest.raises(PlanError, match="p: reading a plan needs PyYAML: pip install pyyaml"):
        load("a: 1", "p")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="ascii")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc", min_size=1), json_values, min_size=1))
def test_json_is_read_as_it_is(value: dict[str, Json]) -> None:
    assert load(json.dumps(value), "p").json() == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        said = repr(load(text, "p").json())
    except ConfigError as wrong:
        said = str(wrong)

    assert "\n" not in said
