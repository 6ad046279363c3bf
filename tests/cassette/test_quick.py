from __future__ import annotations

import json
import math
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.benchmarks import workload

from holter.cassette import document, quick, reader
from holter.cassette.format import interaction_text, value_of
from holter.errors import CassetteError
from holter.wire.message import NOTHING, Interaction, Origin, Try

from .test_format import BEAT, HANDOUT, equal
from .values import interactions

PLAIN = Interaction("X", {}, NOTHING)
USUAL = [
    BEAT,
    HANDOUT,
    PLAIN,
    Interaction("X", {"é": '\n\t\\ " / ü \U0001f600'}, [1, 2**70, -0.0, 0.1, None, True], at=0.5, oldest=0.0),
    Interaction("X", [], "", tried=Try("a", 1), mono=(1.5, None, 2.5), notes={"a": [1]}, upstream={}),
]


def with_care(raw: bytes) -> Interaction | None:
    """Read a document by the standard library alone."""
    try:
        found = value_of(document.parse(raw))
    except CassetteError:
        return None
    return found if isinstance(found, Interaction) else None


@pytest.mark.parametrize("call", [*USUAL, *workload.calls(workload.CALLS_PER_TASK)])
def test_what_a_recording_usually_holds_is_read_quickly_and_equal(call: Interaction) -> None:
    raw = interaction_text(call).removesuffix("...\n").encode()
    found = quick.call(raw)
    assert found is not None
    assert equal(found, call)


def test_what_is_read_quickly_is_as_frozen_as_any_call() -> None:
    found = quick.call(interaction_text(BEAT).encode())
    assert type(found) is Interaction
    with pytest.raises(FrozenInstanceError):
        found.seq = 2  # type: ignore[misc]
    assert replace(found, seq=2) == replace(BEAT, seq=2)
    assert repr(found) == repr(BEAT)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)))
def test_a_time_is_the_same_float_both_ways(moment: datetime) -> None:
    raw = interaction_text(Interaction("X", {}, {})).replace("}\n", f',"at":"{moment.isoformat()}"}}\n', 1)
    found = quick.call(raw.replace("+00:00", "Z").encode())
    careful = with_care(raw.encode())
    assert careful is not None
    assert found is None or found.at == careful.at


@given(interactions)
@settings(max_examples=500, deadline=None)
def test_any_call_is_read_equal_or_left(call: Interaction) -> None:
    found = quick.call(interaction_text(call).removesuffix("...\n").encode())
    assert found is None or equal(found, call)


NUMBERS = r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?"
PIECES = [*"ab {}[]:,/\t\x7f\x85é", "\\n", "\\/", "\\u0041", "\\ud800", "\\ud83d\\ude00", '\\"', "\\b"]
NEARLY = ["null", "true", "false", "NaN", "Infinity", "-", "01", "1.", '"', "[", "}", ""]
KEYS = ['"a"', '"b"', '"\\u0061"']
BLANKS = ["", " ", "\n  ", "\t", "\r"]

scalars = st.one_of(
    st.from_regex(NUMBERS, fullmatch=True),
    st.lists(st.sampled_from(PIECES)).map(lambda parts: f'"{"".join(parts)}"'),
    st.sampled_from(NEARLY),
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.tuples(st.sampled_from(KEYS), st.sampled_from(BLANKS), inner)
    commas = st.sampled_from(BLANKS).map(lambda blank: "," + blank)
    lists = st.tuples(commas, st.lists(inner, max_size=3))
    objects = st.tuples(commas, st.lists(member.map("{0[0]}:{0[1]}{0[2]}".format), max_size=3))
    return st.one_of(
        lists.map(lambda found: f"[{found[0].join(found[1])}]"),
        objects.map(lambda found: f"{{{found[0].join(found[1])}}}"),
    )


spellings = st.recursive(scalars, grown, max_leaves=6).map(str.encode)
"""JSON values in spellings of ours and of others, keys twice, and what is only nearly JSON."""


@given(spellings, spellings)
@settings(max_examples=1500, deadline=None)
def test_any_spelling_is_read_as_with_care_or_left(request: bytes, response: bytes) -> None:
    raw = b'call: {"seq":1,"op":"X"}\nrequest: %s\nresponse: %s\n' % (request, response)
    found = quick.call(raw)
    if found is not None:
        careful = with_care(raw)
        assert careful is not None
        assert equal(found, careful)


EDITED = [
    b'call: {"op":"X"}\nrequest: {"a":[1]}\nresponse: {"b":{}}',
    b'call: {"op":"X","status":200}\nrequest:\n  {\n    "a": "x"\n  }\nresponse: {}',
    b'call: {"op":"X"}\nrequest: {}',
]
EDITS = [
    *(b"\n", b"\n ", b"\n\n", b"\r", b"\r\n", b"\t", b"\n\t", b" ", b"# c", b"\n# c\n"),
    *(b"\x00", b"\x7f", b"\\u007f", b"1e5", b"-0", b"null", b"&a ", b"!!str ", b"{", b"}", b"["),
    *(b"\nrequest: {}", b"\nrequest:{}", b"\nresponse: {}", b"\nresponse:", b"\nnotes: 1"),
    *(b"request: {}\n", b'"op":"Y",', b'"request\\u007f":1,', b'"response\x7f":1,', b'"a":1,'),
]


@pytest.mark.parametrize("raw", EDITED)
@pytest.mark.parametrize("edit", EDITS)
def test_a_document_edited_anywhere_is_read_as_with_care_or_left(raw: bytes, edit: bytes) -> None:
    for at in range(len(raw) + 1):
        edited = raw[:at] + edit + raw[at:]
        plain = edited.isascii() and b"\x7f" not in edited
        heard = (quick.heard(edited, plain), quick.short(edited) if plain else None)
        careful = with_care(edited + b"\n")
        for call in filter(None, (quick.call(edited + b"\n"), *heard)):
            assert careful is not None, edited
            assert (call.op, call.seq, call.status) == (careful.op, careful.seq, careful.status)
            assert repr((call.request, call.response)) == repr((careful.request, careful.response))


LINES = [
    b'{"op":"X","op":"Y"}', b'{"op":"X","seq":1}', b'{"seq":true,"op":"X"}', b'{"seq":1.0,"op":"X"}',
    b'{"seq":"1","op":"X"}', b'{"op":"X","sttus":1}', b'{"op":null}', b'{"op":""}', b"{}", b"[]", b'"X"',
    b'{"op":"X","at":"2026-11-21T01:20:03"}', b'{"op":"X","at":"2026-11-21T01:20:03Z"}',
    b'{"op":"X","at":"2026-11-21T01:20:03.5+02:00"}', b'{"op":"X","at":"2026-11-21T01:20:03.1234567Z"}',
    b'{"op":"X","at":"2026-11-21T24:00:00Z"}', b'{"op":"X","at":"2026-11-21t01:20:03z"}',
    b'{"op":"X","at":1}',
    b'{"op":"X","at":"0001-01-01T00:00:00+23:59"}', b'{"op":"X","at":"2026-11-21T01:20:60Z"}',
    b'{"op":"X","mono":[1,2,3]}', b'{"op":"X","mono":[null,null,null]}', b'{"op":"X","mono":[1.0,2.0]}',
    b'{"op":"X","try":{"id":"a","n":1,"max":null}}', b'{"op":"X","try":{"id":"a","n":1,"m":2}}',
    b'{"op":"X","try":{"id":"a"}}', b'{"op":"X","broken":"them"}', b'{"op":"X","origin":"live"}',
    b'{"op":"X","upstream":null}', b'{"op":"X","upstream":{"a":1,"a":2}}', b'{"op":"X","redacted":[1]}',
    b'{"op":"X","redacted":[]}', b'{"op":"X","notes":{}}', b'{"op":"X","oldest":5}',
    b'{"op":"X","oldest":NaN}',
    b'{"op":"X","status":123456789012345678901234567890}', b'{"op":"X","oldest":123456789012345678901.0}',
    b'{"op":"X","caller":"\xff"}', b'{"op":"X","caller":"\xc2\x85"}', b'{"op":"X","caller":"\x7f"}',
    b'{"op":"X","caller":"\\ud800"}', b'{"op":"X","caller":"a\\u0000"}', b'{"op":"X","caller":"a\x00"}',
    b'{"op":"X" ,"caller":"a"}', b'{"op":"X"}\r', b'{"op":"X"} {}', b'{"op":"X"},', b"",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_strange_call_line_is_read_as_with_care_or_left(line: bytes) -> None:
    raw = b"call: " + line + b"\nrequest: {}\nresponse: {}\n"
    found = quick.call(raw)
    careful = with_care(raw)
    assert found is None or (careful is not None and equal(found, careful))


@pytest.mark.parametrize("levels", [99, 104, 105, 5000, 200_000])
def test_depth_is_limited_as_with_care(levels: int) -> None:
    deep = b"[" * levels + b"]" * levels
    found = quick.call(b'call: {"op":"X"}\nrequest: ' + deep + b"\nresponse: {}\n")
    assert (found is not None) == (levels <= 104)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 25))
@settings(max_examples=500)
def test_numbers_are_read_as_the_standard_library_reads_them(number: float, digits: int) -> None:
    for text in (repr(number), f"{number:.{digits}e}", f"{number:.{digits}f}"):
        found = quick.call(b'call: {"op":"X"}\nrequest: %s\n' % text.encode())
        if found is not None:
            assert isinstance(found.request, (int, float))
            assert math.copysign(1, found.request) == math.copysign(1, json.loads(text))
            assert found.request == json.loads(text)


def test_a_cassette_is_read_the_same_without_msgspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.yaml"
    workload.write(path, 200)
    quickly = list(reader.open_cassette(str(path)))
    monkeypatch.setattr(reader, "_quickly", lambda: lambda _: None)
    assert list(reader.open_cassette(str(path))) == quickly
    assert [entry.value for entry in quickly] == list(workload.calls(200))
    assert {type(entry.value.origin) for entry in quickly if isinstance(entry.value, Interaction)} == {Origin}
