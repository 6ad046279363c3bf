from __future__ import annotations

import builtins
from typing import Any

import pytest

from holter.cassette import byhand
from holter.cassette.byhand import WrongLineError
from holter.wire.message import Json


def test_plain_words_mean_what_they_mean_in_json() -> None:
    text = """
call:   # edited
  op: PollForTask
  at: 2026-11-21T01:20:03Z
  mono: [1, 2.5, null]
request: {hostname: no, workerGroup: 12:30:00, id: 012, hex: 0x1F, big: 1_000, exp: 1e3, neg: -7, n: ~}
response:
  canceled: false
  text: |
    two
    lines
  'on': [true, True, yes, "true", '', .inf]
"""
    assert byhand.load(text) == {
        "call": {"op": "PollForTask", "at": "2026-11-21T01:20:03Z", "mono": [1, 2.5, None]},
        "request": {
            "hostname": "no",
            "workerGroup": "12:30:00",
            "id": "012",
            "hex": "0x1F",
            "big": "1_000",
            "exp": 1000.0,
            "neg": -7,
            "n": None,
        },
        "response": {
            "canceled": False,
            "text": "two\nlines\n",
            "on": [True, True, "yes", "true", "", ".inf"],
        },
    }


@pytest.mark.parametrize(
    ("text", "why", "below"),
    [
        ("call: {}\nrequest: &a [1]\n", "anchor or alias 'a'", 1),
        ("call: {}\nrequest: *a\n", "anchor or alias 'a'", 1),
        ("*a : 1\n", "anchor or alias 'a'", 0),
        ("call: !!python/object/apply:os.system [ls]\n", "has the tag", 0),
        ("call: {}\nrequest: !secret x\n", "has the tag", 1),
        ("call: {}\n? [a]\n: 1\n", "a key that is no plain text", 1),
        ("a: 1\n<<: {b: 1}\n", "merge key", 1),
        ("call: {a: 1,\n  b: 2, a: 3}\n", "key 'a' stands twice", 1),
        ("request: 1\nrequest: 2\n", "key 'request' stands twice", 1),
        ("call: {}\nresponse:\n", "response has no value", 1),
        ("call: {a: 1e999}\n", "does not fit a float", 0),
        ('call: {a: "\\ud800"}\n', "surrogate|escape", 0),
        ("- a\n- b\n", "is not a mapping", 0),
        ("just words\n", "is not a mapping", 0),
        ("# nothing\n", "is not a mapping", 0),
        ("call: {}\nrequest: {a: [1}\n", "is not YAML", 1),
        ("call: {}\nbad indent\n", "is not YAML", 1),
        ("call: @x\n", "is not YAML", 0),
        ("{a: 1}\n{b: 1}\n", "is not YAML", 1),
        ("call: \x07\n", "is not YAML", 0),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, why: str, below: int) -> None:
    with pytest.raises(WrongLineError, match=why) as caught:
        byhand.load(text)
    assert caught.value.below in (below, below + 1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("opener", ["[", "{a: ", "- ", "? ", '{"a":'])
@pytest.mark.parametrize("times", [110, 200_000])
def test_deep_nesting_is_refused_before_it_is_built(opener: str, times: int) -> None:
    with pytest.raises(WrongLineError, match=r"nested over 104|is not YAML|no plain text"):
        byhand.load("call: 1\nrequest:\n  " + opener * times)


def test_nesting_up_to_the_limit_is_read() -> None:
    value = byhand.load("request: " + "[" * 104 + "]" * 104)["request"]
    for _ in range(103):
        assert isinstance(value, list)
        value = value[0]
    assert value == []


def test_a_bomb_of_aliases_takes_no_memory() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 25)]
    with pytest.raises(WrongLineError, match="anchor or alias 'a0'"):
        byhand.load("\n".join(lines))


def test_the_reader_without_libyaml_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    text = 'call: {op: X, n: [1, 2.5, no, "\\x41"]}\nrequest: {}\n'
    fast: dict[str, Json] = byhand.load(text)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert byhand.load(text) == fast == {"call": {"op": "X", "n": [1, 2.5, "no", "A"]}, "request": {}}


def test_without_pyyaml_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **more: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(WrongLineError, match="pip install pyyaml"):
        byhand.load("call: {op: X}\n")
