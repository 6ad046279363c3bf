from __future__ import annotations

import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import secrets

from .corpus import HARMLESS, SECRETS

LONG = "a line of a long text\n" * 500


@pytest.mark.parametrize(("text", "secret"), SECRETS)
@pytest.mark.parametrize(
    "frame", ["{}", "failed: {}", "line one\n{}\nline two", '"{}"', LONG + "{}\n" + LONG]
)
def test_a_secret_is_masked_wherever_it_stands(frame: str, text: str, secret: str) -> None:
    kept = secrets.masked(frame.format(text))
    assert secret not in kept
    assert secrets.REDACTED in kept
    assert secrets.masked(kept) == kept


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text: str) -> None:
    assert secrets.masked(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("run --secretKey abcdef --tasks 2", "run --secretKey REDACTED --tasks 2"),
        ("a password=hunter2, b", "a password=REDACTED, b"),
        ("https://me:pw@host/path", "https://REDACTED@host/path"),
        ("user AKIAIOSFODNN7EXAMPLE is denied", "user REDACTED is denied"),
        ('{"password":"a b","c":1}', '{"password":"REDACTED","c":1}'),
        ("password=\\x", "password=REDACTED"),
        ("--password 'a b' c", "--password 'REDACTED' c"),
        ("Cookie: a=b\nHost: c", "Cookie: REDACTED\nHost: c"),
    ],
)
def test_the_rest_of_the_text_is_kept(text: str, kept: str) -> None:
    assert secrets.masked(text) == kept


@pytest.mark.parametrize("text", ["Cook{}e: a=b", "author{}zation: a", "s{}gnature=12345678"])
@pytest.mark.parametrize("letter", ["i", "I", "\u0131", "\u0130"])
@pytest.mark.parametrize("before", ["", LONG])
def test_a_secret_is_found_with_every_i_that_re_takes_for_one(text: str, letter: str, before: str) -> None:
    assert secrets.masked(before + text.format(letter)).endswith("REDACTED")


def test_every_letter_that_re_takes_for_another_is_folded_to_it() -> None:
    for letter in string.ascii_lowercase:
        same = re.findall(letter, "".join(map(chr, range(0x3000))), re.IGNORECASE)
        assert {secrets._folded(each) for each in same} == {letter}


@given(st.text(st.sampled_from("ab =:-'\"\\/@.AKIA0password")))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = secrets.masked(text)
    assert secrets.masked(once) == once


@pytest.mark.parametrize(
    "unit",
    ["a", "aB3", "password", "://", "://a:", "-", "--a", "AKIA", "eyJ", "-----BEGIN PRIVATE KEY-----", '"',
     '\\"', "password='\\", "bearer ", "Bearer a", "access_", "=", " -u a", "authorization", "secret "],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = "token " + unit * (400_000 // len(unit))
    start = time.perf_counter()
    secrets.masked(text)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("name", "secret"),
    [("*x", True), ("password", True), ("myDbPassword", True), ("secretKey", True), ("*", True),
     ("credentials", True), ("type", False), ("passwordPolicy", False), ("key", False),
     ("workerGroup", False), ("@status", False), ("keyPair", False), ("taskId", False), ("", False)],
)  # fmt: skip
def test_names_tell_secrets(name: str, secret: bool) -> None:
    assert secrets.is_secret_name(name) is secret
