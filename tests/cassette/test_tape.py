from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from holter.cassette.tape import Tape
from holter.errors import CassetteError, CassetteLockedError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tape"


def test_a_write_that_fails_halfway_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = Tape.new(str(path))
    assert tape.write(b"first\n") is None
    real = os.write

    def half(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", full)
        return real(descriptor, data[: len(data) // 2])

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", half)
    assert tape.write(b"second\n") == "cannot be written: No space left on device"
    assert path.read_bytes() == b"first\n"
    monkeypatch.setattr(os, "write", real)
    assert tape.write(b"third\n") is None
    assert path.read_bytes() == b"first\nthird\n"
    tape.close()


def test_what_could_not_be_cut_off_at_once_is_cut_off_before_the_next_write(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = Tape.new(str(path))
    tape.write(b"first\n")
    real_write, real_cut = os.write, os.ftruncate

    def fails(*_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def half(descriptor: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", fails)
        return real_write(descriptor, data[:3])

    monkeypatch.setattr(os, "write", half)
    monkeypatch.setattr(os, "ftruncate", fails)
    assert tape.write(b"second\n") == "cannot be written: Input/output error"
    monkeypatch.setattr(os, "write", real_write)
    assert tape.write(b"third\n") == "cannot be written: Input/output error"
    assert path.read_bytes() == b"first\nsec"
    monkeypatch.setattr(os, "ftruncate", real_cut)
    assert tape.write(b"fourth\n") is None
    assert path.read_bytes() == b"first\nfourth\n"
    tape.close()


def test_a_write_in_two_pieces_is_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape, real = Tape.new(str(path)), os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:4]))
    assert tape.write(b"0123456789") is None
    assert path.read_bytes() == b"0123456789"
    tape.close()


def test_a_disk_that_cannot_sync_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = Tape.new(str(path))
    assert tape.sync() is None

    def fails(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("holter.cassette.tape._flush", fails)
    assert tape.sync() == "cannot be synced to disk: Input/output error"
    tape.close()
    assert tape.sync() is None


def test_a_tape_holds_its_lock_until_it_is_closed(path: Path) -> None:
    tape = Tape.new(str(path))
    tape.sync()
    with pytest.raises(CassetteLockedError):
        Tape.old(str(path))
    tape.close()
    Tape.old(str(path)).close()


def test_a_file_system_without_locks_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", fails)
    with pytest.raises(CassetteError, match="cannot be locked: No locks available"):
        Tape.new(str(path))
    assert not path.exists()


def test_a_tape_that_was_just_made_can_be_thrown_away(path: Path) -> None:
    tape = Tape.new(str(path))
    tape.discard()
    assert not path.exists()


def test_going_elsewhere_does_not_lose_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    tape = Tape.new(path.name)
    monkeypatch.chdir("/")
    assert tape.write(b"x") is None
    tape.close()
