"""Files of certificates that last as long as a run, and what is left of a run that was killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.processes import command, environment, until

from holter.errors import UsageError
from holter.mitm import bundles


def files(home: Path) -> list[Path]:
    return sorted((home / "ca" / "runs").glob("*"))


def test_a_file_lasts_as_long_as_its_block_and_is_its_owners_alone(tmp_path: Path) -> None:
    where = tmp_path / "ca"
    with bundles.kept(where, "one") as first, bundles.kept(where, "two") as second:
        assert [Path(path).read_text() for path in (first, second)] == ["one", "two"]
        assert stat.S_IMODE(os.stat(first).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(Path(first).parent).st_mode) == 0o700
        Path(second).unlink()

    assert files(tmp_path) == []


def test_what_a_killed_run_left_is_removed_by_the_next_and_what_lives_is_not(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    waits = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    killed = subprocess.Popen(
        command("record", "-o", str(tape), "--", *waits),
        env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    with bundles.kept(tmp_path / "ca", "lives") as mine, killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"up\n"
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        assert len(files(tmp_path)) == 3
        with bundles.kept(tmp_path / "ca", "next") as mine_too:
            assert files(tmp_path) == sorted([Path(mine), Path(mine_too)])


def test_many_runs_that_begin_and_end_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    def run(number: int) -> bool:
        with ExitStack() as stack:
            paths = [stack.enter_context(bundles.kept(tmp_path / "ca", str(number))) for _ in range(2)]
            return all(Path(path).read_text() == str(number) for path in paths)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(200)))
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("a file")

    with (
        pytest.raises(UsageError, match=rf"^{tmp_path}/ca: cannot keep .*HOLTER_HOME$"),
        bundles.kept(tmp_path / "ca", "x"),
    ):
        pytest.fail("it was kept")


def test_runs_leave_nothing_in_the_folder_for_temporary_files(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ended = subprocess.run(
        command("record", "-o", "run.yaml", "--", "sh", "-c", "ls $TMPDIR; cat $AWS_CA_BUNDLE | head -1"),
        env=environment(tmp_path, TMPDIR=str(temporary)), cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip

    assert ended.stdout == b"-----BEGIN CERTIFICATE-----\n"
    until(lambda: files(tmp_path) == [])
