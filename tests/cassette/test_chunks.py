from __future__ import annotations

import os
import socket
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holter.cassette import chunks
from holter.errors import CassetteError


def _found(path: Path, raw: bytes) -> list[tuple[int, int, bytes, int, int, bool, bool]]:
    path.write_bytes(raw)
    return [
        (c.place.number, c.place.line, c.raw, c.start, c.end, c.last, c.filled)
        for c in chunks.chunks(str(path))
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", [(1, 1, b"", 0, 0, True, False)]),
        (b"a: 1\n---\nb: 2\n", [(1, 1, b"a: 1\n", 0, 5, False, True), (2, 3, b"b: 2\n", 9, 14, True, True)]),
        (
            b"---\n# x\na: 1\n...\n---\nb",
            [(1, 2, b"# x\na: 1\n", 4, 17, False, True), (2, 6, b"b", 21, 22, True, True)],
        ),
        (b"a: 1\n---", [(1, 1, b"a: 1\n", 0, 5, False, True), (2, 3, b"", 8, 8, True, False)]),
        (
            b"\xef\xbb\xbfa\r\n---\r\nb",
            [(1, 1, b"a\r\n", 3, 6, False, True), (2, 3, b"b", 11, 12, True, True)],
        ),
        (b"--- {a: 1}\n", [(1, 1, b"    {a: 1}\n", 0, 11, True, True)]),
        (b"--- # one\na\n", [(1, 2, b"a\n", 10, 12, True, True)]),
        (b"----\n...x\n", [(1, 1, b"----\n...x\n", 0, 10, True, True)]),
    ],
)
def test_a_file_is_cut_at_its_separators(tmp_path: Path, raw: bytes, expected: list) -> None:
    assert _found(tmp_path / "c.yaml", raw) == expected


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    fifo, sock = tmp_path / "fifo", tmp_path / "sock"
    os.mkfifo(fifo)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(sock))
        for path, kind in (
            (fifo, "a pipe"),
            (tmp_path, "a directory"),
            (Path(os.devnull), "a device"),
            (sock, "a socket"),
        ):
            with pytest.raises(CassetteError, match=f"is {kind}: give a cassette file"):
                next(chunks.chunks(str(path)))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"none.yaml: cannot be read: No such file"):
        next(chunks.chunks(str(tmp_path / "none.yaml")))


def test_a_foreign_file_is_refused_early_and_a_huge_document_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"x: y\n" * 300_000)
    with pytest.raises(CassetteError, match=r"big.yaml:1: document 1 is larger than 1 MB: no cassette"):
        list(chunks.chunks(str(path)))
    monkeypatch.setattr(chunks, "MAX_DOCUMENT", 2 << 20)
    path.write_bytes(b"holter: 1\n---\n" + b"x" * (3 << 20))
    with pytest.raises(CassetteError, match=r"big.yaml:3: document 2 is larger than 2 MB"):
        list(chunks.chunks(str(path)))


@pytest.mark.parametrize("block", [1, 1000, 1 << 21])
def test_the_limit_is_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(chunks, "MAX_HEADER", 5000)
    monkeypatch.setattr(chunks, "MAX_DOCUMENT", 9000)
    monkeypatch.setattr(chunks, "_BLOCK", block)
    path = tmp_path / "c.yaml"
    for end in (b"", b"---\n"):
        for sizes, over in (((5000, 9000), None), ((5001, 9), 1), ((5000, 9001), 2), ((50, 9001), 2)):
            head, body = (b"x" * (size - 1) + b"\n" for size in sizes)
            raw = head + b"---\n" + body + end
            if over is None:
                assert [len(found[2]) for found in _found(path, raw)][:2] == [5000, 9000]
            else:
                with pytest.raises(CassetteError, match=rf"document {over} is larger than"):
                    _found(path, raw)


def test_a_document_of_a_gigabyte_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    with open(path, "wb") as file:
        file.write(b'holter: 1\n---\ncall: {"op":"X"}\nrequest: "')
        file.truncate(1 << 30)
    tracemalloc.start()
    try:
        with pytest.raises(CassetteError, match=r"c.yaml:3: document 2 is larger than 64 MB: .*take it out"):
            list(chunks.chunks(str(path)))
        assert tracemalloc.get_traced_memory()[1] < 4 * chunks.MAX_DOCUMENT
    finally:
        tracemalloc.stop()


def test_an_error_is_one_short_line_whatever_it_quotes() -> None:
    place = chunks.Place("c.yaml", 2, 30)
    assert str(place.wrong("has key 'a\n\x1b[31m\u2028é'", 1)) == (
        "c.yaml:31: document 2 has key 'a\\n\\x1b[31m\\u2028é'"
    )
    assert len(str(place.wrong("x" * 10_000))) < 500


def test_separators_across_blocks_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.yaml"
    raw = b"\xef\xbb\xbfa: 1\n--- # one\nbb: 2\n...\n--- {c: 3}\n----\n\n---\n# x\n--- \r\nd\n---"
    monkeypatch.setattr(chunks, "_BLOCK", 1 << 20)
    whole = _found(path, raw)
    for block in range(1, 40):
        monkeypatch.setattr(chunks, "_BLOCK", block)
        assert _found(path, raw) == whole
    assert [(number, line, text) for number, line, text, *_ in whole] == [
        (1, 1, b"a: 1\n"), (2, 3, b"bb: 2\n"), (3, 5, b"    {c: 3}\n----\n\n"), (4, 11, b"d\n"), (5, 13, b""),
    ]  # fmt: skip


_SIGNS = (
    b"call: 1",
    b"mark: 2",
    b"\n---\n",
    b"\n---",
    b"\n...\n",
    b"\n",
    b"# x",
    b"--- {a: 1}",
    b"\r\n---\r\n",
    b"a",
)


@given(parts=st.lists(st.sampled_from(_SIGNS), max_size=12), block=st.integers(1, 40))
def test_documents_that_are_soon_known_are_cut_as_all_others_are(parts: list[bytes], block: int) -> None:
    raw = b"holter: 1\n---\n" + b"".join(parts)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "_BLOCK", block)
        path = Path(folder) / "c.yaml"
        found = _found(path, raw)
        patch.setattr(chunks, "blocks", lambda _: iter(()))
        assert found == _found(path, raw)
