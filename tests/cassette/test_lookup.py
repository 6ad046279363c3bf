"""One call out of a recording, by its number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holter.cassette import lookup
from holter.cassette.format import Header
from holter.cassette.lookup import find
from holter.cassette.writer import Writer
from holter.errors import CassetteError
from holter.wire.message import Interaction, Mark

from .values import payloads


def written(path: Path, calls: list[Interaction]) -> Path:
    writer = Writer.create(str(path), Header(recording="abc"))
    for call in calls:
        writer.append(Mark("note", 1.0, 1.0, {"text": 'call: {"seq":3,'}))
        writer.append(call)
    writer.close()
    return path


def numbered(seq: int, request: object = None) -> Interaction:
    body = {"taskId": "task-1"} if request is None else request
    return Interaction("ReportTaskProgress", body, {"canceled": False}, seq=seq, status=200)  # type: ignore[arg-type]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), payloads), min_size=1, max_size=12),
    st.sampled_from([64, 1000, 65_536]),
)
def test_each_is_found_as_it_was_written_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, steps: list, block: int
) -> None:
    monkeypatch.setattr(lookup, "_BLOCK", block)
    seq, calls = 0, []
    for step, body in steps:
        seq += step
        calls.append(numbered(seq, body))
    path = written(tmp_path_factory.mktemp("tape") / "run.yaml", calls)
    known = {call.seq: call for call in calls}

    for number in range(seq + 2):
        assert find(str(path), number) == known.get(number)


def test_a_long_recording_is_searched_in_a_few_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "run.yaml", [numbered(seq) for seq in range(1, 20_001)])
    reads = 0
    before = lookup._next

    def counted(*arguments: object) -> object:
        nonlocal reads
        reads += 1
        return before(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(lookup, "_next", counted)
    found = find(str(path), 12_345)

    assert found is not None
    assert found.seq == 12_345
    assert path.stat().st_size > 2_000_000
    assert reads < 12


def test_a_large_body_is_no_hindrance(tmp_path: Path) -> None:
    calls = [numbered(seq, {"taskId": "x" * 300_000}) for seq in range(1, 6)]
    path = written(tmp_path / "run.yaml", calls)

    assert [find(str(path), seq) for seq in range(1, 6)] == calls


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match=r"gone\.yaml"):
        find(str(tmp_path / "gone.yaml"), 1)
