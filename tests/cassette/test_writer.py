from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from holter.cassette.format import SEPARATOR, Header, header_text, text_of
from holter.cassette.reader import Entry, open_cassette
from holter.cassette.writer import Writer
from holter.errors import CassetteError, CassetteExistsError, CassetteLockedError
from holter.wire.message import Interaction, Json, Mark, Moment

HEADER = Header("5f0c9c1e", 1795224003.5, "holter", redaction="default")
STARTED = Mark("started", 1795224003.5, 0.0)
NOW = Moment(1795224013.5, 10.0)


def _beat(seq: int) -> Interaction:
    return Interaction("ReportTaskProgress", {"taskId": "task-1"}, {"canceled": False}, seq=seq)


def _values(path: Path) -> list[Interaction | Mark]:
    return [entry.value for entry in open_cassette(str(path))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "c.yaml"


@pytest.fixture
def shouts() -> list[str]:
    return []


@pytest.fixture
def writer(path: Path, shouts: list[str]) -> Iterator[Writer]:
    with Writer.create(str(path), HEADER, shout=shouts.append) as writer:
        yield writer


def test_what_is_appended_is_on_file_at_once_for_its_owner_only(path: Path, writer: Writer) -> None:
    for value in (STARTED, _beat(1)):
        assert writer.append(value)
    expected = SEPARATOR.join([header_text(HEADER), text_of(STARTED), text_of(_beat(1))])
    assert path.read_text() == expected
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (writer.lost, writer.problem, writer.repaired) == (0, None, None)


def test_a_file_that_exists_is_never_touched(path: Path) -> None:
    path.write_text("precious")
    with pytest.raises(CassetteExistsError, match=r"c.yaml: exists already"):
        Writer.create(str(path), HEADER)
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "kind"), [("pipe", "a pipe"), (".", "a directory"), ("/dev/full", "a device")]
)
def test_what_is_no_file_is_never_written_to(tmp_path: Path, name: str, kind: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    for make in (lambda path: Writer.create(path, HEADER), Writer.append_to):
        with pytest.raises(CassetteError, match=f"is {kind}: give a cassette file"):
            make(str(tmp_path / name))


def test_a_directory_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="cannot be made: No such file or directory"):
        Writer.create(str(tmp_path / "none" / "c.yaml"), HEADER)


def test_a_second_recorder_is_refused_until_the_first_lets_go(path: Path, writer: Writer) -> None:
    with pytest.raises(CassetteLockedError, match="another recorder is writing to it"):
        Writer.append_to(str(path))
    writer.close()
    Writer.append_to(str(path)).close()


def test_a_recording_goes_on_where_it_ended(path: Path, writer: Writer) -> None:
    writer.append(STARTED)
    writer.close()
    seen: list[Entry] = []
    with Writer.append_to(str(path), seen=seen.append) as again:
        assert again.append(_beat(2))
        assert (again.header, again.repaired) == (HEADER, None)
    assert [entry.value for entry in seen] == [STARTED]
    assert _values(path) == [STARTED, _beat(2)]


def test_going_on_after_a_cut_at_any_byte_gives_a_valid_file(path: Path) -> None:
    parts = [header_text(HEADER), SEPARATOR + text_of(STARTED), SEPARATOR + text_of(_beat(1))]
    raw = "".join(parts).encode()
    for cut in range(len(parts[0]), len(raw) + 1):
        path.write_bytes(raw[:cut])
        before = len(_values(path))
        torn = raw[len("".join(parts[: before + 1])) : cut].removeprefix(SEPARATOR.encode())
        with Writer.append_to(str(path)) as writer:
            assert writer.append(_beat(2))
        assert _values(path) == [*[STARTED, _beat(1)][:before], _beat(2)]
        assert None not in list(yaml.safe_load_all(path.read_text()))
        assert (writer.repaired is None) is (torn in (b"", b"---")), torn


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("holter: 1\n", "ends within its header"),
        ("holter: 1\nrecor", "ends within its header"),
        ("some: yaml\n", "is no Holter cassette"),
        ('holter: 1\n---\ncall: {"op":1}\nrequest: {}\n---\n', "op in call must be"),
    ],
)
def test_a_damaged_or_foreign_file_is_left_as_it_is(path: Path, text: str, why: str) -> None:
    path.write_text(text)
    with pytest.raises(CassetteError, match=why):
        Writer.append_to(str(path))
    assert path.read_text() == text
    with pytest.raises(CassetteError, match=why):  # and it is not locked
        Writer.append_to(str(path))


def test_a_missing_file_or_a_directory_cannot_be_gone_on_with(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="No such file"):
        Writer.append_to(str(tmp_path / "none.yaml"))
    with pytest.raises(CassetteError, match="is a directory"):
        Writer.append_to(str(tmp_path))


def test_a_last_line_without_its_end_is_ended_first(path: Path) -> None:
    path.write_text("holter: 1\n---\ncall: {op: X}\nrequest: {}\nresponse: {}")
    with Writer.append_to(str(path)) as writer:
        writer.append(_beat(1))
    assert _values(path) == [Interaction("X", {}, {}), _beat(1)]


DISK_FULL = """
import resource, sys
from holter.cassette.writer import Writer
from holter.cassette.format import Header
from holter.wire.message import Interaction, Mark, Moment

path, shouts = sys.argv[1], []
writer = Writer.create(path, Header("x", redaction="default"), shout=shouts.append)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
calls = [Interaction("X", {"n": n, "pad": "p" * 100}, {}, seq=n) for n in range(20)]
wrote = [writer.append(call, now=Moment(50, call.seq)) for call in calls]
full = wrote.index(False)
assert wrote == [True] * full + [False] * (20 - full), wrote
assert 3 < full < 15 and writer.lost == 20 - full and len(shouts) == 1, (writer.lost, shouts)
assert "cannot be written: File too large" in writer.problem == shouts[0], shouts
writer.sync()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert writer.append(Mark("note", 99.0, 99.0), now=Moment(99.0, 99.0))
assert writer.problem is None and "is written to again" in shouts[1], shouts
writer.close()
print(full)
"""


def test_on_a_full_disk_traffic_goes_on_and_the_loss_is_written_down_later(path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", DISK_FULL, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "addons"},
    )
    assert ran.returncode == 0, ran.stderr
    full = int(ran.stdout)
    *calls, lost, note = _values(path)
    assert [call.seq for call in calls if isinstance(call, Interaction)] == list(range(full))
    assert isinstance(lost, Mark)
    assert (lost.what, lost.at, lost.mono) == ("lost", 99.0, 99.0)
    assert lost.more == {"count": 20 - full, "why": "cannot be written: File too large", "since": float(full)}
    assert note == Mark("note", 99.0, 99.0)
    assert len(list(yaml.safe_load_all(path.read_text()))) == full + 3


def test_a_loss_that_is_still_owed_is_written_on_closing(path: Path, writer: Writer) -> None:
    assert not writer.append(Interaction("X", {}, {}, seq=1, oldest=float("nan")), now=NOW)
    writer.close(now=NOW)
    [lost] = _values(path)
    assert isinstance(lost, Mark)
    assert (lost.what, lost.at, lost.mono, lost.more["count"]) == ("lost", NOW.wall, NOW.mono, 1)
    assert str(lost.more["why"]).startswith("cannot hold this document: Out of range float")


def test_a_document_that_is_too_large_to_be_read_again_is_not_written(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holter.cassette.writer.MAX_DOCUMENT", 1 << 20)
    assert not writer.append(Interaction("X", {"a": "x" * (1 << 20)}, {}))
    assert writer.problem == f"{path}: cannot hold a document over 1 MB"


def test_a_file_that_is_removed_is_shouted_and_found_again_when_it_is_back(
    path: Path, writer: Writer, shouts: list[str]
) -> None:
    aside = path.with_suffix(".aside")
    path.rename(aside)
    assert [writer.append(_beat(1), now=NOW), writer.append(_beat(2), now=NOW)] == [False, False]
    assert shouts == [f"{path}: was removed while recording"]
    aside.rename(path)
    assert writer.append(_beat(3), now=NOW)
    assert writer.problem is None
    assert shouts[1:] == [f"{path}: is written to again; 2 documents were lost in all"]
    more: dict[str, Json] = {"count": 2, "why": "was removed while recording", "since": 10.0}
    assert _values(path) == [Mark("lost", NOW.wall, NOW.mono, more), _beat(3)]


def test_a_file_that_is_replaced_or_cut_is_noticed_by_syncing_alone(
    path: Path, writer: Writer, shouts: list[str]
) -> None:
    writer.sync()
    assert shouts == []
    path.write_text("")
    writer.sync()
    path.unlink()
    path.write_text("another")
    writer.sync()
    assert shouts == [
        f"{path}: was cut short by another program while recording",
        f"{path}: was replaced by another file while recording",
    ]
    assert not writer.append(_beat(1))
    assert path.read_text() == "another"


def test_what_another_program_appends_is_kept(path: Path, writer: Writer) -> None:
    with path.open("a") as file:
        file.write("# a note")
    assert writer.append(_beat(1))
    assert writer.append(_beat(2))
    assert _values(path) == [_beat(1), _beat(2)]
    assert "# a note\n---\ncall" in path.read_text()


def test_after_closing_nothing_raises_and_nothing_is_written(path: Path, writer: Writer) -> None:
    writer.close()
    writer.close()
    writer.sync()
    size = path.stat().st_size
    assert not writer.append(_beat(1))
    assert (writer.lost, path.stat().st_size) == (1, size)


def test_threads_may_append_and_sync_at_once(path: Path, writer: Writer) -> None:
    def work(first: int) -> None:
        for seq in range(first, first + 200):
            writer.append(_beat(seq))
            if seq % 20 == 0:
                writer.sync()

    threads = [threading.Thread(target=work, args=(1 + 1000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = sorted(value.seq for value in _values(path) if isinstance(value, Interaction))
    assert found == sorted(1 + 1000 * n + i for n in range(4) for i in range(200))
    assert writer.lost == 0


def test_a_recorder_that_is_killed_leaves_a_file_that_loads(path: Path) -> None:
    code = (
        "import sys; from holter.cassette.writer import Writer; from holter.cassette.format import Header\n"
        "from holter.wire.message import Interaction\n"
        "writer = Writer.create(sys.argv[1], Header('x', redaction='default'))\n"
        "for n in range(1, 10**9):\n"
        "    writer.append(Interaction('X', {'pad': 'p' * 3000}, {}, seq=n)); print(n, flush=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": "addons"}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdout
        for _ in range(50):
            told = int(child.stdout.readline())
        child.kill()
        told = int((child.stdout.read().split() or [str(told)])[-1])
    found = [value.seq for value in _values(path) if isinstance(value, Interaction)]
    assert found == list(range(1, len(found) + 1))
    assert len(found) >= told > 0
