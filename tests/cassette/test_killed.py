"""What happens to a recording, and to the traffic, when a real proxy is killed or cannot write."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest
from tests.processes import holter_run, until

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction, Mark

from .killing import Proxy, Traffic, recording, service, small_disk

DISK = 32_000_000
"""Bytes of a small disk: enough for what is recorded after it was full."""

FULL = 1_000_000
"""Bytes: more than a bundle of certificates, less than two thousand calls and a few more."""


def kept(tape: Path) -> tuple[set[str], list[Mark]]:
    """Return the names of the calls that a recording holds, and its marks."""
    entries = [entry.value for entry in open_cassette(str(tape))]
    names = {_name(entry) for entry in entries if isinstance(entry, Interaction)}
    return names, [entry for entry in entries if isinstance(entry, Mark)]


def _name(call: Interaction) -> str:
    assert isinstance(call.request, dict)
    match call.request["fields"]:
        case [{"stringValue": str(name)}]:
            return name
    raise AssertionError(call)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(5))
def test_a_killed_recording_loads_and_has_all_that_was_answered(tmp_path: Path, seed: int) -> None:
    chance, answered, name = random.Random(seed), 0, ""
    with service() as upstream:
        for number in range(10):
            moment, goes_on = chance.uniform(0.0, 0.8), number > 0 and chance.random() < 0.5
            sys.stdout.write(f"seed {seed}, kill {number}: after {moment:.3f} s, appends: {goes_on}\n")
            name = name if goes_on else f"run-{number}"
            with recording(tmp_path, upstream, *["--append"] * goes_on, name=name) as proxy:
                traffic = Traffic(proxy.port, f"{number}")
                with traffic.flowing(4):
                    time.sleep(moment)
                    proxy.process.kill()
            _is_whole(proxy, traffic)
            answered += len(traffic.answered)
    assert answered > 50  # traffic flowed at most of the kills, on a busy machine too


def _is_whole(proxy: Proxy, traffic: Traffic) -> None:
    assert proxy.process.returncode == -signal.SIGKILL
    names, marks = kept(proxy.tape)
    assert set(traffic.answered) <= names
    assert marks[0].what == "started"
    reader = open_cassette(str(proxy.tape))
    list(reader)
    assert (reader.torn is None) == (reader.end >= proxy.tape.stat().st_size - len("---\n"))


def test_a_full_disk_lets_traffic_go_on_and_is_told_at_once(tmp_path: Path) -> None:
    with service() as upstream, recording(tmp_path, upstream, limit=FULL) as proxy:
        traffic = Traffic(proxy.port)
        with traffic.flowing(4):
            until(lambda: "cannot be written: File too large" in proxy.said())
            told = len(traffic.answered)
            until(lambda: len(traffic.answered) >= told + 200)
        proxy.process.send_signal(signal.SIGTERM)
        assert proxy.process.wait(20) == 1
    names, marks = kept(proxy.tape)
    assert traffic.broken == 0
    assert set(traffic.answered[: len(names) - 4]) <= names
    lost = len(set(traffic.answered) - names)
    assert lost >= 190
    assert f"{lost + 1} entries were lost while recording" in proxy.said()  # and the mark of the end
    fitted = marks[-1].what == "lost"  # being short, it may go where no call went
    assert proxy.said().count("File too large") == (1 if fitted else 2)  # when it began, and in the end


def test_a_full_file_system_is_told_and_what_was_lost_is_written_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", DISK) as disk, service() as upstream:
        filler = disk / "filler"
        with recording(tmp_path, upstream, to=disk) as proxy:
            filler.write_bytes(bytes(DISK - FULL))
            traffic = Traffic(proxy.port)
            with traffic.flowing(4):
                until(lambda: "cannot be written: No space left on device" in proxy.said())
                told = len(traffic.answered)
                until(lambda: len(traffic.answered) >= told + 200)
                filler.unlink()
                until(lambda: "is written to again" in proxy.said())
                told = len(traffic.answered)
                until(lambda: len(traffic.answered) >= told + 20)
            proxy.process.send_signal(signal.SIGTERM)
            assert proxy.process.wait(20) == 1
        names, marks = kept(proxy.tape)
        assert traffic.broken == 0
        missing = set(traffic.answered) - names
        assert 190 <= len(missing) <= told_lost(marks)
        assert set(traffic.answered[-20:]) <= names
        assert [mark.what for mark in marks if mark.what != "alive"] == ["started", "lost", "stopped"]
        audited = holter_run("audit", str(proxy.tape), home=tmp_path)
        assert f"{told_lost(marks)} " in audited.stdout + audited.stderr


def told_lost(marks: list[Mark]) -> int:
    """Return how many entries the marks say were lost."""
    return sum(mark.more["count"] for mark in marks if mark.what == "lost")  # type: ignore[misc]


def test_a_full_disk_stops_strict_traffic(tmp_path: Path) -> None:
    with service() as upstream, recording(tmp_path, upstream, "--strict", limit=FULL) as proxy:
        traffic = Traffic(proxy.port)
        with traffic.flowing(4):
            until(lambda: traffic.broken == 4)
        late = Traffic(proxy.port, "late")
        with late.flowing(1):
            until(lambda: late.broken == 1)
        proxy.process.send_signal(signal.SIGTERM)
        assert proxy.process.wait(20) == 1
    names, _ = kept(proxy.tape)
    assert late.answered == []
    assert set(traffic.answered) <= names
    assert "File too large" in proxy.said()


@pytest.mark.parametrize(
    ("replaced", "what"), [(False, "was removed"), (True, "was replaced by another file")]
)
def test_a_file_taken_away_while_recording_is_told(tmp_path: Path, replaced: bool, what: str) -> None:
    with service() as upstream, recording(tmp_path, upstream) as proxy:
        traffic = Traffic(proxy.port)
        with traffic.flowing(2):
            until(lambda: len(traffic.answered) >= 20)
            os.rename(proxy.tape, tmp_path / "aside.yaml")
            if replaced:
                proxy.tape.write_text("mine\n")
            until(lambda: f"{proxy.tape}: {what} while recording" in proxy.said())
            told = len(traffic.answered)
            until(lambda: len(traffic.answered) >= told + 20)
        proxy.process.send_signal(signal.SIGTERM)
        assert proxy.process.wait(20) == 1
    names, _ = kept(tmp_path / "aside.yaml")
    assert traffic.broken == 0
    assert 20 <= len(names) < len(traffic.answered)
    assert (proxy.tape.read_text() if proxy.tape.exists() else None) == ("mine\n" if replaced else None)


def test_a_second_recorder_on_a_file_is_refused(tmp_path: Path) -> None:
    with service() as upstream, recording(tmp_path, upstream) as proxy:
        for how in ([], ["--append"]):
            second = holter_run("record", "-o", str(proxy.tape), *how, "--", "true", home=tmp_path)
            assert (second.returncode, second.stdout) == (2, "")
            (line,) = second.stderr.splitlines()
            said = "another recorder is writing to it" if how else "exists already"
            assert f"{proxy.tape}: {said}" in line
        traffic = Traffic(proxy.port)
        with traffic.flowing(1):
            until(lambda: len(traffic.answered) >= 5)
        proxy.process.send_signal(signal.SIGTERM)
        assert proxy.process.wait(20) == 0
    names, marks = kept(proxy.tape)
    assert set(traffic.answered) == names
    assert [mark.what for mark in marks] == ["started", "stopped"]
