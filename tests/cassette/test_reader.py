from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holter.cassette import fields
from holter.cassette.format import SEPARATOR, Header, header_text, text_of
from holter.cassette.reader import Entry, Reader, load, open_cassette
from holter.errors import CassetteError
from holter.wire.message import Broken, Interaction, Mark, Origin

from .values import interactions, marks

HEADER = Header("5f0c9c1e", 1795224003.5, "holter", "host", {"scale": 1.0}, "default")
VALUES: list[Interaction | Mark] = [
    Mark("started", 1795224003.5, 0.0),
    Interaction("PollForTask", {"workerGroup": "é\x85"}, {"taskObject": {"taskId": "task-1", "objects": {
        "a": {"id": "a", "name": "a", "fields": [{"key": "k", "stringValue": "v" * 60}] * 2}}}}, seq=1),
    Interaction("PollForTask", {"workerGroup": "w"}, broken=Broken.CLIENT, seq=2),
    Interaction("ReportTaskProgress", {"taskId": "task-1"}, {"canceled": False}, seq=3, status=200),
]  # fmt: skip


def _text(values: list[Interaction | Mark]) -> str:
    return SEPARATOR.join([header_text(HEADER), *map(text_of, values)])


def _read(path: Path, raw: bytes) -> list[Entry]:
    path.write_bytes(raw)
    return list(open_cassette(str(path)))


def test_every_entry_has_its_value_its_line_and_its_number(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    text = _text(VALUES)
    entries = _read(path, text.encode())
    assert [entry.value for entry in entries] == VALUES
    assert [entry.number for entry in entries] == [2, 3, 4, 5]
    lines = text.split("\n")
    assert all(lines[entry.line - 1].startswith(("call: ", "mark: ")) for entry in entries)
    assert lines[entries[2].line - 1] == 'call: {"seq":2,"op":"PollForTask","broken":"client"}'


@given(st.lists(st.one_of(interactions, marks), max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_read(tmp_path: Path, values: list[Interaction | Mark]) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(_text(values), encoding="utf-8", newline="")
    reader = open_cassette(str(path))
    assert [entry.value for entry in reader] == values
    assert [entry.value for entry in reader] == values
    assert (reader.header, reader.torn, reader.end) == (HEADER, None, path.stat().st_size)


def test_a_file_cut_at_any_byte_loads_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    raw = _text(VALUES).encode()
    header = len(header_text(HEADER))
    for cut in range(len(raw)):
        path.write_bytes(raw[:cut])
        if cut < len("holter: 1"):
            with pytest.raises(CassetteError, match=r"is empty|ends within its header|is not a mapping"):
                open_cassette(str(path))
            continue
        reader = _header_or_none(path)
        if reader is None:
            assert cut < header
            continue
        found = [entry.value for entry in reader]
        assert found == VALUES[: len(found)]
        whole = SEPARATOR.join([header_text(HEADER), *map(text_of, found)]).encode()
        at_a_border = raw[:cut].removesuffix(b"---\n").removesuffix(b"---") in (whole, whole[:-4], whole[:-1])
        assert (reader.torn is None) is at_a_border, raw[:cut][-60:]
        assert raw[: reader.end] in (whole, whole[:-1], b"")


def _header_or_none(path: Path) -> Reader | None:
    try:
        return open_cassette(str(path))
    except CassetteError as wrong:
        assert "ends within its header: nothing was recorded, delete it" in str(wrong)  # noqa: PT017
        return None


def test_a_torn_tail_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(_text(VALUES).encode()[:-4])
    reader = open_cassette(str(path))
    assert len(list(reader)) == 3
    line = _text(VALUES).split("\n").index(text_of(VALUES[3]).split("\n")[0]) + 1
    size = len(text_of(VALUES[3])) - 4
    assert reader.torn == f"{path}:{line}: the last {size} bytes are a torn document, left out"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda raw: raw.replace(b"\n", b"\r\n"), "CRLF"),
        (lambda raw: b"\xef\xbb\xbf" + raw, "BOM"),
        (lambda raw: b"---\n" + raw, "leading separator"),
        (lambda raw: b"# mine\n\n" + raw + b"\n# end\n", "comments"),
        (lambda raw: raw + b"---\n", "trailing separator"),
        (lambda raw: raw.removesuffix(b"\n"), "no newline at the end"),
    ],
)
def test_what_editors_do_to_a_file_is_accepted(
    tmp_path: Path, change: Callable[[bytes], bytes], what: str
) -> None:
    assert [entry.value for entry in _read(tmp_path / "c.yaml", change(_text(VALUES).encode()))] == VALUES, (
        what
    )


def test_the_documentation_is_right(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "cassette-format.md").read_text(encoding="utf-8")
    blocks = [textwrap.dedent(block) for block in re.findall(r"\n\n((?:    .*\n)+)", text)]
    by_hand, header, call, mark = blocks
    assert [entry.number for entry in _read(tmp_path / "a.yaml", by_hand.encode())] == [2, 3]
    again = SEPARATOR.join([header, call, mark])
    entries = _read(tmp_path / "b.yaml", again.encode())
    assert [text_of(entry.value) for entry in entries] == [call, mark]
    assert header_text(open_cassette(str(tmp_path / "b.yaml")).header) == header
    for key in (*fields.HEADER, *fields.CALL, *fields.MARK, *Broken, *Origin):
        assert f"`{key}`" in text


def test_ten_lines_by_hand_are_a_cassette(tmp_path: Path) -> None:
    raw = b"""holter: 1
---
call: {op: PollForTask}
request: {workerGroup: wg-demo}
response: {}
---
call:
  op: ReportTaskProgress
request: {taskId: task-1}
response: {canceled: no}
"""
    assert [entry.value for entry in _read(tmp_path / "c.yaml", raw)] == [
        Interaction("PollForTask", {"workerGroup": "wg-demo"}, {}),
        Interaction("ReportTaskProgress", {"taskId": "task-1"}, {"canceled": "no"}),
    ]


H = b"holter: 1\n---\n"
BOMB = H + b"call: {op: X}\nrequest: {a: &a [x, x]" + b"".join(
    b", %c: &%c [%s]" % (name, name, b", ".join([b"*%c" % (name - 1)] * 9)) for name in range(98, 110)
) + b"}\nresponse: {}\n"  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "where", "why"),
    [
        (b"", "", "is empty: nothing was recorded"),
        (b"# only a comment\n", "", "is empty"),
        (b"\x1f\x8b\x08\0\0binary", ":1: document 1", "NUL"),
        (b"\x89PNG\r\n\x1a\n\xff", ":1: document 1", "is not UTF-8"),
        ("holter: é\n".encode("latin-1"), ":1: document 1", "is not UTF-8"),
        (
            b"interactions: []\nversion: 1\n",
            ":1: document 1",
            "is a cassette of VCR, not of Holter: record anew",
        ),
        (b'{"version": 1, "interactions": []}', ":1: document 1", "is a cassette of VCR"),
        (b"services: {web: 1}\n", ":1: document 1", "`holter record` makes one"),
        (b"- a\n- b\n", ":1: document 1", "is not a mapping"),
        (b"%YAML 1.2\n---\nholter: 1\n", ":2: document 1", "is not YAML"),
        (b"holter: 2\n", ":1: document 1", "made by a newer Holter"),
        (b"holter: 1\nby: x\nwhat: y\n", ":1: document 1", "unknown key 'what'"),
        (H + b"mark: {what: note\n---\n", ":4: document 2", "is not YAML"),
        (H + b"call: {op: X}\nrequest: {}\nrespond: {}\n", ":3: document 2", "did you mean 'response'"),
        (H + b"call: {op: X, stat: 1}\nrequest: {}\nresponse: {}\n", ":3: document 2", "mean 'status'"),
        (
            H + b"call: {op: X}\nrequest: {a: 1, a: 2}\nresponse: {}\n",
            ":4: document 2",
            "twice: leave one out",
        ),
        (H + b'call: {"op":"X"}\nrequest: {"a":1,"a":2}\nresponse: {}\n', ":4: document 2", "stands twice"),
        (H + b"call: {op: &x X}\nrequest: *x\nresponse: {}\n", ":3: document 2", "anchor or alias"),
        (BOMB, ":4: document 2", "anchor or alias 'a': write the value out"),
        (H + b"call: {op: !x X}\nrequest: {}\nresponse: {}\n", ":3: document 2", "has the tag"),
        (
            H + b'call: {"op":"X"}\nrequest: ' + b"[" * 120 + b"]" * 120 + b"\n---\n",
            ":4: document 2",
            "nested",
        ),
        (H + b"call: {op: X}\nrequest: " + b"[" * 100_000 + b"\n---\n", ":4: document 2", "nested"),
        (H + b"call: {op: X}\nrequest: {}\n\0\n---\n", ":5: document 2", "NUL"),
        (H + b"mark: {what: note}\n---\ncall: 5\nrequest: {}\n", ":5: document 3", "call must be an object"),
        (H + b'call: {"op":"X"}\nresponse: {}\n---\n', ":3: document 2", "has no request"),
        (H + b"holter: 1\n---\n", ":3: document 2", "neither `call:` nor `mark:`, but holter"),
    ],
)
def test_damaged_and_foreign_files_give_one_clear_line(
    tmp_path: Path, raw: bytes, where: str, why: str
) -> None:
    path = tmp_path / "c.yaml"
    with pytest.raises(CassetteError) as caught:
        _read(path, raw)
    said = str(caught.value)
    assert said.startswith(f"{path}{where}")
    assert why in said
    assert "\n" not in said


def test_recording_and_reading_need_the_standard_library_alone(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['msgspec'] = None; known = set(sys.modules)\n"
        "from holter.cassette import writer, reader, redaction\n"
        "made = writer.Writer.create(sys.argv[1], writer.Header('x', redaction='default'))\n"
        "made.append(writer.Mark('note'))\n"
        "made.append(writer.Interaction('X', {'k' * 2000: 1}, {})); made.close()\n"
        "assert len(list(reader.open_cassette(sys.argv[1]))) == 2\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - known} - sys.stdlib_module_names\n"
        "assert new == {'holter'}, new\n"
    )
    environment = {**os.environ, "PYTHONPATH": "addons"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "c.yaml")], check=True, env=environment)


def test_reading_takes_the_same_memory_at_any_size(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    one = SEPARATOR + text_of(VALUES[1])
    peaks = []
    for times in (1_000, 10_000):
        path.write_text(header_text(HEADER) + one * times)
        gc.collect()
        tracemalloc.start()
        assert sum(1 for _ in open_cassette(str(path))) == times
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000


def test_a_whole_recording_is_loaded_and_the_search_for_cycles_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    entries = _read(path, _text(VALUES).encode())
    assert load(str(path)) == entries
    assert gc.isenabled()
    path.write_bytes(b"nonsense\n")
    with pytest.raises(CassetteError, match="is not a mapping"):
        load(str(path))
    assert gc.isenabled()
    gc.disable()
    try:
        with pytest.raises(CassetteError):
            load(str(path))
        assert not gc.isenabled()
    finally:
        gc.enable()
