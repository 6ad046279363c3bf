from __future__ import annotations

import copy
import pickle
import re

import pytest

from holter.wire.regex import regex


def test_it_finds_what_the_compiled_expression_finds() -> None:
    words = regex(r"(\w+)=(\d+)", re.IGNORECASE)
    compiled = re.compile(r"(\w+)=(\d+)", re.IGNORECASE)
    for _ in range(2):
        assert words.findall("a=1 b=22") == compiled.findall("a=1 b=22") == [("a", "1"), ("b", "22")]
        assert words.sub(r"\2", "a=1 b=22") == "1 22"
        assert words.fullmatch("a=1 b=22") is None
    assert (words.pattern, words.flags, words.groups) == (compiled.pattern, compiled.flags, 2)


def test_it_reads_bytes_too() -> None:
    found = regex(rb"b+").search(b"abbc")
    assert found is not None
    assert found[0] == b"bb"


def test_it_is_compiled_when_it_is_first_used_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = list[str]()
    compile_ = re.compile

    def seen(text: str, flags: int) -> re.Pattern[str]:
        compiled.append(text)
        return compile_(text, flags)

    monkeypatch.setattr(re, "compile", seen)
    letters = regex("[a-z]+")
    assert compiled == []
    assert [bool(letters.match(text)) for text in ("a", "1", "b")] == [True, False, True]
    assert compiled == ["[a-z]+"]


def test_what_is_wrong_with_it_is_told_at_its_first_use() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.match("")


def test_what_an_expression_does_not_have_is_not_there() -> None:
    assert not hasattr(regex("a"), "replace")


def test_it_may_be_copied_before_it_is_used_and_after() -> None:
    digits = regex(r"\d+")
    for _ in range(2):
        for other in (copy.copy(digits), copy.deepcopy(digits), pickle.loads(pickle.dumps(digits))):
            assert other.findall("a1b22") == ["1", "22"]
        assert digits.search("a1") is not None
