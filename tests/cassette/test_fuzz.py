"""Cassettes that were damaged at random: values, or one clear line, in bounded time and memory."""

from __future__ import annotations

import random
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holter.cassette.format import SEPARATOR, Header, header_text, text_of
from holter.cassette.reader import open_cassette
from holter.errors import CassetteError
from holter.wire.message import Broken, Interaction, Mark

from .test_format import BEAT, HANDOUT

HOSTILE = (
    b"---\n", b"...\n", b"\n---", b"--- ", b"\0", b"\xff", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf",
    b"\r\n", b"\t", b"call: ", b"mark: ", b"request:\n", b"holter: 1\n", b"&a ", b"*a", b"<<: ", b"? ",
    b"!!python/object:os.system ", b"[" * 300, b"{" * 2000, b'{"a":' * 150, b"- " * 500, b"#", b"'", b'"',
    b"|\n", b"%YAML 1.2\n", b": ", b"1e999", b"NaN", b'"\\ud800"', b"9" * 6000, b"&a [*a,*a]\n",
    b" " * 1000, b'{"op":"X","op":"Y"}',
)  # fmt: skip
HEADER = Header("5f0c9c1e", 1795224003.5, "holter", "host", {"scale": 1.0}, "default")
VALUES: list[Interaction | Mark] = [
    Mark("started", 1795224003.5, 0.0),
    HANDOUT,
    BEAT,
    Interaction("X", b"\xff", broken=Broken.CLIENT),
    Interaction("X", {"é": "ü"}, {}),
]
EDITED = "call:\n  op: X\nrequest: {a: no}\nresponse: [1, two]  # edited\n"
WHOLE = SEPARATOR.join([header_text(HEADER), *map(text_of, VALUES), EDITED, text_of(BEAT)]).encode()


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Damage a file a few times over: bits flipped, pieces cut, doubled, moved, hostile ones put in."""
    for _ in range(chance.randint(1, 4)):
        start, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        place = chance.randrange(len(raw) + 1)
        match chance.randrange(6):
            case 0:
                flipped = bytearray(raw or b"x")
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
                raw = bytes(flipped)
            case 1:
                raw = raw[:start] + raw[end:]
            case 2:
                raw = raw[:place] + raw[start:end] + raw[place:]
            case 3:
                raw = raw[:place] + chance.choice(HOSTILE) + raw[place:]
            case 4:
                documents = raw.split(b"---\n")
                chance.shuffle(documents)
                raw = b"---\n".join(documents)
            case _:
                raw = raw[:place]
    return raw


def read(path: Path, raw: bytes) -> int:
    """Read a file whole and return how many entries it holds, -1 where it was refused in one clear line."""
    path.write_bytes(raw)
    try:
        reader = open_cassette(str(path))
        entries = list(reader)
    except CassetteError as wrong:
        said = str(wrong)
        clear = rf"{re.escape(str(path))}(:\d+: document \d+ |: (is empty|ends within its header))[^\n]*"
        if not re.fullmatch(clear, said) or not said.isprintable() or len(said) > 600:
            pytest.fail(f"not one clear line: {said!r:.2000}")
        return -1
    for entry in entries:
        assert isinstance(entry.value, (Interaction, Mark))
        text_of(entry.value)
    assert reader.torn is None or reader.torn.startswith(f"{path}:")
    return len(entries)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_give_values_or_one_clear_line(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    results = [read(tmp_path / "c.yaml", mutated(WHOLE, chance)) for _ in range(400)]
    assert results.count(-1) > 50
    assert len(results) - results.count(-1) > 50


@given(st.binary(max_size=200), st.lists(st.sampled_from(HOSTILE), max_size=5))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_values_or_one_clear_line(tmp_path: Path, raw: bytes, hostile: list[bytes]) -> None:
    path = tmp_path / "c.yaml"
    read(path, raw + b"".join(hostile))
    read(path, b"holter: 1\n---\ncall: {op: X}\nrequest: " + b"".join(hostile) + raw + b"\n---\n")


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "bulk",
    [
        b"\n" * 4 * MEGABYTE,
        b"# no document at all\n" * (MEGABYTE // 8),
        b"---\n" * (MEGABYTE // 4),
        b"... # end\n" * (MEGABYTE // 8),
        b"--- x" + b" " * 4 * MEGABYTE,
        b" " * 4 * MEGABYTE,
        b"request: {}\n" + b"-" * 4 * MEGABYTE,
        b"[" * 4 * MEGABYTE,
        b'call: {"op":"X"}\nrequest: "' + b"\\" * 4 * MEGABYTE,
        b'call: {"op":"X"}\nrequest: "' + b'\\"' * MEGABYTE,
        b'call: {"op":"X"}\nrequest: ' + b"9" * MEGABYTE,
        b"call: 1\n" * (MEGABYTE // 4),
        b"a: &a [*a]\n" * (MEGABYTE // 8),
        b"? " * MEGABYTE,
    ],
    ids=lambda bulk: repr(bulk[:30]),
)
def test_hostile_bulk_is_refused_in_little_time_and_memory(tmp_path: Path, bulk: bytes) -> None:
    path = tmp_path / "c.yaml"
    whole = b"holter: 1\n---\n" + bulk + b"\n---\n"
    tracemalloc.start()
    try:
        begun = time.process_time()
        read(path, whole)
        took, most = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < 20
    assert most < 40 * len(bulk)
