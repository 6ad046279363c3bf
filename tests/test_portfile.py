"""The port file is whole or not there at all, and nothing is left beside it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from holter import portfile
from holter.errors import UsageError


def test_the_port_and_a_newline_are_written(tmp_path: Path) -> None:
    portfile.write(str(tmp_path / "port"), 8080)

    assert (tmp_path / "port").read_text() == "8080\n"
    assert os.listdir(tmp_path) == ["port"]


@pytest.mark.parametrize("path", [None, ""])
def test_without_a_path_nothing_is_written(
    path: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    portfile.write(path, 8080)

    assert os.listdir(tmp_path) == []


def test_a_bare_name_is_a_file_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    portfile.write("port", 1)

    assert (tmp_path / "port").read_text() == "1\n"


def test_an_older_file_is_replaced_and_never_seen_in_part(tmp_path: Path) -> None:
    path, seen, ended = tmp_path / "port", set[str](), threading.Event()
    path.write_text("60000\n")

    def watch() -> None:
        while not ended.is_set():
            seen.add(path.read_text())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for port in range(1000, 1300):
        portfile.write(str(path), port)
    ended.set()
    watcher.join()

    assert path.read_text() == "1299\n"
    assert seen <= {"60000\n", *(f"{port}\n" for port in range(1000, 1300))}


def test_a_folder_that_is_not_there_gets_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^--port-file: .*/no/port cannot be written: No such file or dir"):
        portfile.write(str(tmp_path / "no" / "port"), 8080)


def test_a_folder_in_the_files_place_gets_one_line_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "port").mkdir()

    with pytest.raises(UsageError, match="cannot be written"):
        portfile.write(str(tmp_path / "port"), 8080)

    assert os.listdir(tmp_path) == ["port"]
