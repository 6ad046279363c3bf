"""JSON as people read it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from holter.report.readable import fields, readable
from holter.wire.message import Json

FIELDS: Json = [
    {"key": "type", "stringValue": "ShellCommandActivity"},
    {"key": "runsOn", "refValue": "@Ec2"},
    {"key": "tag", "stringValue": "a"},
    {"key": "tag", "stringValue": "b"},
    {"key": "command", "stringValue": "one\n two"},
    {"key": "steps of mine", "stringValue": "\x1b[31m\nred"},
]

READABLE = r"""
type: "ShellCommandActivity"
runsOn: -> @Ec2
tag:
  - "a"
  - "b"
command: |
  one
   two
"steps of mine": "\u001b[31m\nred"
"""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"canceled": False}, "canceled: false"),
        ({}, "{}"),
        ([], "[]"),
        (None, "null"),
        ("a", '"a"'),
        ({"a": {"b": [1, {"c": []}]}}, "a:\n  b:\n    - 1\n    -\n      c: []"),
        ({"fields": FIELDS}, "fields:" + READABLE.rstrip().replace("\n", "\n  ")),
    ],
)
def test_a_value_is_shown_line_by_line(value: Json, text: str) -> None:
    assert "\n".join(readable(value)) == text


@pytest.mark.parametrize(
    "value",
    [
        [],
        [1],
        [{"stringValue": "no key"}],
        [{"key": 1}],
        [{"key": "a", "stringValue": "x", "more": 1}],
        {"key": "a", "stringValue": "x"},
    ],
)
def test_what_is_no_list_of_fields_stays_as_it_is(value: Json) -> None:
    assert fields(value) is value


values = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**60), 2**60) | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_every_line_can_be_printed(value: Json) -> None:
    assert all(line.isprintable() for line in readable(value))


@given(some.dictionaries(some.from_regex("k[a-z]*", fullmatch=True), some.text(max_size=9), max_size=5))
def test_texts_on_one_line_can_be_read_back(value: dict[str, str]) -> None:
    plain: dict[str, Json] = {key: text for key, text in value.items() if "\n" not in text}
    read = yaml.safe_load("\n".join(readable(plain)))

    assert list(read.values()) == list(plain.values())
