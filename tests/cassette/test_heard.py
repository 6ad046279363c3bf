"""Reading for an audit held against reading: the same values at the same lines, the same errors."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.benchmarks import workload

from holter.cassette import reader
from holter.cassette.format import SEPARATOR, Header, header_text, text_of
from holter.cassette.quick import heard, short
from holter.cassette.reader import Reader, open_cassette
from holter.errors import CassetteError
from holter.wire.message import Interaction, Mark

from .test_quick import LINES, spellings
from .values import interactions, marks

NAMES = [field.name for field in dataclasses.fields(Interaction)]
TRY = ("id", "n", "max")


def said(value: Interaction | Mark) -> list[object]:
    if isinstance(value, Mark):
        return [value]
    found = {name: getattr(value, name) for name in NAMES}
    if tried := found.pop("tried"):
        found["tried"] = [getattr(tried, name) for name in TRY]
    return [found, value.asked, value.ended, repr(value.request), repr(value.response)]


def outcome(found: object) -> list[object]:
    """What a pass yields, and the error with which it ends."""
    values: list[object] = []
    try:
        for line, value in found:  # type: ignore[attr-defined]
            values.append((line, said(value)))
    except CassetteError as wrong:
        values.append(str(wrong))
    return values


def both(path: Path) -> tuple[list[object], list[object], Reader]:
    one, other = open_cassette(str(path)), open_cassette(str(path))
    usual = outcome((entry.line, entry.value) for entry in one)
    found = outcome(other.heard())
    if not (usual and isinstance(usual[-1], str)):
        assert one.torn == other.torn
    return usual, found, other


PIECES = [
    "---\n", "\n---\n", "--- \n", "---\r\n", "--- # new\n", "...\n", "...\n---\n", "# words\n", "\n",
    "----\n", "mark: {}\n", 'mark: {"what":"note"}\n', "call: {op: X}\nrequest: {}\n", "\x7f", "\n  \n", "é",
    'call: {"op":"X"}\nrequest: {"a":1}\nresponse:\n  {\n    "a": 1\n  }\n', 'call: {"op":"X","op":"Y"}\n',
    '--- {"mark": {"what": "note"}}\n', 'call: {"op":"X"}\nrequest: {}\nresponse: {}\n', "\t",
    "response: {}\n",
]  # fmt: skip
texts = st.one_of(st.sampled_from(PIECES), st.one_of(interactions, marks).map(text_of))


@given(
    st.lists(st.tuples(texts, st.sampled_from([SEPARATOR, SEPARATOR, ""])), max_size=8), st.integers(1, 80)
)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_heard_as_it_is_read(tmp_path: Path, parts: list[tuple[str, str]], block: int) -> None:
    path = tmp_path / "c.yaml"
    text = header_text(Header()) + SEPARATOR + "".join(map("".join, parts))
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("holter.cassette.chunks._BLOCK", block)
        usual, found, _ = both(path)
    assert found == usual


def test_a_file_cut_at_any_byte_is_heard_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    workload.write(path, 3)
    raw = path.read_bytes()
    begin = raw.index(b"---\n")
    for size in range(begin, len(raw)):
        path.write_bytes(raw[:size])
        usual, found, _ = both(path)
        assert found == usual


@pytest.mark.parametrize("begin", ["", "\ufeff", "---\n", "# mine\n\n", "\ufeff---\n", "\n---\n"])
def test_a_file_may_begin_in_many_ways(tmp_path: Path, begin: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(begin + header_text(Header()) + SEPARATOR + text_of(Mark("note")), encoding="utf-8")
    usual, found, _ = both(path)
    assert found == usual
    assert len(found) == 1


def test_a_file_without_plain_separators_is_heard_in_bounded_pieces(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    text = header_text(Header()) + "".join(SEPARATOR + text_of(call) for call in workload.calls(3000))
    path.write_bytes(text.replace("\n", "\r\n").encode())
    usual, found, _ = both(path)
    assert path.stat().st_size > 1 << 20
    assert found == usual
    assert len(found) == 3000


def test_the_usual_call_is_heard_quickly(tmp_path: Path) -> None:
    for call in workload.calls(workload.CALLS_PER_TASK):
        raw = text_of(call).removesuffix("\n").encode()
        found = heard(raw, True)
        assert found is not None
        assert said(found) == said(call)
        quicker = short(raw)
        assert (quicker is None) == (call.op == "PollForTask")
        assert quicker is None or said(quicker) == said(call)


pieces = st.one_of(spellings, st.sampled_from([b'{"canceled":false}', b'{"canceled": false}', b"{}"]))


@given(
    st.one_of(st.sampled_from(LINES), st.just(b'{"op":"X"}')),
    pieces,
    st.one_of(pieces, st.just(b"1\nresponse: 2"), st.just(b"1\nrequest: 2"), st.just(b"{}\n...")),
)
@settings(max_examples=1500, deadline=None)
def test_a_call_of_three_short_lines_is_heard_as_any_call(line: bytes, asked: bytes, answered: bytes) -> None:
    raw = b"call: " + line + b"\nrequest: " + asked + b"\nresponse: " + answered
    if not raw.isascii() or b"\x7f" in raw or (found := short(raw)) is None:
        return
    assert raw.count(b"\n") == 2
    usual = heard(raw, True)
    assert usual is not None
    assert said(found) == said(usual)


@pytest.mark.parametrize("levels", [50, 104, 105])
def test_a_deep_body_is_no_short_line(levels: int) -> None:
    deep = b"[" * levels + b"]" * levels
    found = short(b'call: {"op":"X"}\nrequest: {}\nresponse: ' + deep)
    assert (found is not None) == (levels == 50)


@pytest.mark.parametrize("key", ["request", "response", "moment"])
def test_what_is_no_key_of_the_call_line_stays_unknown(tmp_path: Path, key: str) -> None:
    raw = b'call: {"op":"X","%s":null}\nrequest: {}\nresponse: {}' % key.encode()
    assert heard(raw, True) is None
    path = tmp_path / "c.yaml"
    path.write_bytes(header_text(Header()).encode() + b"---\n" + raw + b"\n")
    usual, found, _ = both(path)
    assert found == usual
    assert f"unknown key '{key}'" in str(found[0])


def test_a_cassette_is_heard_the_same_without_msgspec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.yaml"
    workload.write(path, 60)
    _, quickly, _ = both(path)
    monkeypatch.setattr(reader, "_hearing", lambda: (lambda _: None, lambda _, __: None))
    _, carefully, last = both(path)
    assert carefully == quickly
    assert last.end == path.stat().st_size
