from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from ruamel.yaml import YAML

from holter.cassette import byhand, yamltext
from holter.wire.message import Json

from .values import bodies, same

READERS: dict[str, Callable[[str], Any]] = {
    "PyYAML": lambda text: yaml.load(text, yaml.SafeLoader),
    "PyYAML over libyaml": lambda text: yaml.load(text, yaml.CSafeLoader),
    "ruamel.yaml": lambda text: YAML(typ="safe", pure=True).load(text),
    "our fallback": byhand.load,
    "our own": lambda text: {"body": yamltext.read(text.removeprefix("body:"))},
}


@pytest.mark.parametrize("reader", READERS)
@given(body=bodies)
@example(body={"k" * 1100: 1, "": [{"n" * 1021: {}}], "é\x85" * 300: None})
@example(body={'"' * 600: 'a": ?'})
@example(body=[1e3, 1e-07, 1e16, -1e22, "1e3", 2**70, -0.0])
@example(body="\x7f\x80\x85\u2028 \u2029 \ufeff\U0001f600 \t")
@settings(max_examples=300, deadline=None)
def test_every_reader_finds_the_value_that_was_written(reader: str, body: Json) -> None:
    for text in (f"body: {yamltext.one_line(body)}\n", yamltext.safe(f"body:{yamltext.laid_out(body)}\n")):
        assert same(READERS[reader](text), {"body": body})


@given(body=bodies)
def test_text_without_long_keys_is_json(body: Json) -> None:
    text = yamltext.one_line(body)
    if "? " not in text:
        assert same(json.loads(text), body)


def test_a_short_value_stays_on_one_line() -> None:
    assert yamltext.laid_out({"taskId": "task-1", "fields": []}) == ' {"taskId":"task-1","fields":[]}'


def test_a_long_value_has_one_field_a_line_and_a_field_is_never_broken() -> None:
    fields: list[Json] = [{"key": "command", "stringValue": "x" * 120}, {"key": "type", "refValue": "T"}]
    assert yamltext.laid_out({"id": "a", "fields": fields, "empty": {}}) == (
        '\n  {\n    "id": "a",\n    "fields": [\n      {"key": "command", "stringValue": "'
        + "x" * 120
        + '"},\n'
        '      {"key": "type", "refValue": "T"}\n    ],\n    "empty": {}\n  }'
    )


def test_a_long_string_is_not_broken() -> None:
    assert yamltext.laid_out("y" * 300) == f' "{"y" * 300}"'


def test_a_lone_surrogate_is_replaced() -> None:
    assert yamltext.one_line({"a": "x\udcff"}) == '{"a":"x\\ufffd"}'


def test_what_is_no_json_is_not_written() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        yamltext.one_line(float("nan"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a":1,"a":2}', "key 'a' stands twice"),
        ('["\\ud800"]', "surrogate"),
        ("1e999", "float"),
        ("NaN", "not JSON"),
        ("[" * 105 + "]" * 105, "nested"),
        ("[" * 100_000, "nested"),
        ("{", "Expecting"),
    ],
)
def test_texts_that_say_more_than_json_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        yamltext.read(text)


def test_depth_is_counted_outside_quotes_and_up_to_the_limit() -> None:
    deepest = "[" * yamltext.MAX_DEPTH + "]" * yamltext.MAX_DEPTH
    assert yamltext.read(deepest) == json.loads(deepest)
    assert yamltext.read('["' + "[" * 200 + '\\""]') == ["[" * 200 + '"']


@pytest.mark.parametrize(
    ("text", "open_"), [("{", True), ('{"a": ["]}"', True), ('{"}": [1]}', False), ("", False)]
)
def test_unclosed_brackets_are_seen(text: str, open_: bool) -> None:
    assert yamltext.unclosed(text) is open_
