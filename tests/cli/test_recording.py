"""Files as one recording: which they are, what their tasks are called, what cannot be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lease.history import ZERO, History

from holter.cassette.format import Header
from holter.cassette.writer import Writer
from holter.cli.recording import Recording, found
from holter.errors import CassetteError, UsageError
from holter.wire.message import Interaction, Mark


def tape(path: Path, history: History, prints: dict[str, str] | None = None) -> Path:
    with Writer.create(str(path), Header(recording=path.stem)) as writer:
        for entry in history.entries:
            if isinstance(entry, Mark) or not entry.task:
                assert writer.append(entry)
            else:
                assert writer.append(replace(entry, print=(prints or {}).get(entry.task)))
    return path


def began(at: float) -> History:
    history = History()
    history.entries[0] = Mark("started", ZERO + at, 0.0)
    return history


def test_files_folders_and_patterns_are_found_each_once(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml", "note.txt"):
        (tmp_path / name).touch()
    (tmp_path / "[x].yaml").touch()
    folder = str(tmp_path)

    def names(*paths: str) -> list[str]:
        return [path.name for path in found(paths)]

    assert names(folder) == ["[x].yaml", "a.yaml", "b.yaml"]
    assert names(f"{folder}/b.yaml", folder) == ["b.yaml", "[x].yaml", "a.yaml"]
    assert names(f"{folder}/[ab].yaml") == ["a.yaml", "b.yaml"]
    assert names(f"{folder}/[x].yaml") == ["[x].yaml"]
    assert names(f"{folder}/none.yaml") == ["none.yaml"]
    with pytest.raises(UsageError, match="no file has such a name"):
        found([f"{folder}/*.yml"])


def test_tasks_are_joined_by_print_and_renamed_where_they_differ(tmp_path: Path) -> None:
    one, two, three = "1" * 16, "2" * 16, "3" * 16
    first = tape(
        tmp_path / "a.yaml", History().handed(0).handed(1, "task-2", "B"), {"task-1": one, "task-2": two}
    )
    history = began(100).beat(1, task="task-1").handed(2, "task-2", "C").finished(3, "task-1")
    second = tape(tmp_path / "b.yaml", history, {"task-1": two, "task-2": three})
    whole = Recording([second, first])
    audit = whole.audit()

    assert [(lease.task, lease.outcome) for lease in audit.leases] == [
        ("task-1", "unfinished"), ("task-2", "finished"), ("task-3", "unfinished"),
    ]  # fmt: skip
    assert [dict(file.renamed) for file in whole.files] == [{"task-1": "task-2", "task-2": "task-3"}, {}]
    assert list(whole.remarks) == [f"{second}: task-1 is task-2, task-2 is task-3 here"]
    assert {(place.file, seq) for seq, place in whole.places.items()} == {
        (str(first), 1), (str(first), 2), (str(second), 3), (str(second), 4), (str(second), 5),
    }  # fmt: skip


def test_tasks_without_a_print_are_never_joined(tmp_path: Path) -> None:
    first = tape(tmp_path / "a.yaml", History().handed(0))
    second = tape(tmp_path / "b.yaml", began(10).handed(0, attempt="B"))

    assert [lease.task for lease in Recording([first, second]).audit().leases] == ["task-1", "task-2"]


def test_a_recording_can_be_judged_again(tmp_path: Path) -> None:
    history = History().handed(0).mark("lost", 5)
    files = [tape(tmp_path / "a.yaml", history), tape(tmp_path / "b.yaml", began(10).beat(1))]
    whole = Recording(files)
    once = whole.audit()
    again = whole.audit()

    assert (once.calls, whole.lost) == (again.calls, 1) == (2, 1)
    assert [lease.task for lease in once.leases] == [lease.task for lease in again.leases]


def copies(folder: Path) -> list[Path]:
    first = tape(folder / "a.yaml", History().handed(0))
    (folder / "b.yaml").write_bytes(first.read_bytes())
    return [first, folder / "b.yaml"]


def apart(folder: Path) -> list[Path]:
    prints = {"task-1": "f" * 16}
    ahead = tape(folder / "a.yaml", began(100).handed(0), prints)
    return [ahead, tape(folder / "b.yaml", History().beat(1).mark("alive", 200), prints)]


def timeless(folder: Path) -> list[Path]:
    (folder / "b.yaml").write_text('holter: 1\n---\ncall: {"op":"X"}\nrequest: {}\nresponse: {}\n')
    return [tape(folder / "a.yaml", History().handed(0)), folder / "b.yaml"]


def nowhere(folder: Path) -> list[Path]:
    (folder / "b.yaml").write_text(
        'holter: 1\n---\ncall: {"op":"X","mono":[1.0,1.0,1.0]}\nrequest: {}\nresponse: {}\n'
    )
    return [tape(folder / "a.yaml", History().handed(0)), folder / "b.yaml"]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (copies, "a.yaml and .*b.yaml are one recording twice"),
        (apart, r"b.yaml: its clock is at least 99.00 s behind that of .*a.yaml: it heard of task-1"),
        (timeless, "b.yaml: holds no times"),
        (nowhere, "b.yaml: does not say when it began"),
    ],
)
def test_what_cannot_be_judged_as_one_is_one_line(
    tmp_path: Path, made: Callable[[Path], list[Path]], says: str
) -> None:
    with pytest.raises(CassetteError, match=says) as caught:
        Recording(made(tmp_path)).audit()

    assert "\n" not in str(caught.value)


def test_clocks_that_differ_by_less_than_the_network_takes_are_let_pass(tmp_path: Path) -> None:
    prints = {"task-1": "f" * 16}
    files = [
        tape(tmp_path / "a.yaml", began(1).handed(1), prints),
        tape(tmp_path / "b.yaml", History().beat(1, 50).finished(51), prints),
    ]

    assert Recording(files).audit().findings == []


def test_an_empty_part_is_told(tmp_path: Path) -> None:
    files = [tape(tmp_path / "a.yaml", History().handed(0)), tape(tmp_path / "b.yaml", began(10))]
    whole = Recording(files)
    whole.audit()

    assert list(whole.remarks) == [f"{files[1]}: holds no calls"]


def test_calls_without_times_among_others_are_told_and_the_others_judged(tmp_path: Path) -> None:
    history = History().handed(0).beat(1, 1000).finished(1001)
    history.entries.append(Interaction("PollForTask", {}, {}, seq=9))
    whole = Recording([tape(tmp_path / "a.yaml", history)])

    assert [finding.rule for finding in whole.audit().findings] == ["gap-over-limit"]
    assert list(whole.remarks) == [f"{tmp_path / 'a.yaml'}: 1 of 5 calls hold no times and were not judged"]


def test_a_gap_in_which_a_call_without_times_stands_is_possible_at_most(tmp_path: Path) -> None:
    history = History().handed(0).beat(1)
    history.entries.append(Interaction("ReportTaskProgress", {}, {"canceled": False}, seq=3, task="task-1"))
    judged = Recording([tape(tmp_path / "a.yaml", history.beat(1000).finished(1001))]).audit()

    assert {finding.certainty for finding in judged.findings} <= {"possible"}
    assert judged.leases[0].outcome == "finished"


def test_a_call_that_stands_after_what_came_later_is_refused_with_its_line(tmp_path: Path) -> None:
    history = History().handed(0).beat(1, 1000).finished(1001)
    history.entries[2:4] = reversed(history.entries[2:4])
    path = tape(tmp_path / "a.yaml", history)

    with pytest.raises(
        CassetteError, match=r"a.yaml:\d+: the call was asked at 1.00 s, and others"
    ) as caught:
        Recording([path]).audit()
    line = int(str(caught.value).removeprefix(str(path)).split(":")[1])
    assert '"seq":2,' in path.read_text().splitlines()[line - 1]


def test_after_a_restart_times_begin_anew(tmp_path: Path) -> None:
    history = History().handed(0).beat(1, 50).mark("stopped", 60).mark("started", 0.0, ZERO + 70)

    assert Recording([tape(tmp_path / "a.yaml", history.beat(5).finished(6))]).audit().findings == []


def test_parts_in_any_order_and_side_by_side_are_judged_in_the_order_of_time(tmp_path: Path) -> None:
    prints = {"task-1": "f" * 16}
    first = tape(tmp_path / "a.yaml", History().handed(0).beat(1, 50).mark("stopped", 60), prints)
    second = tape(tmp_path / "b.yaml", began(40).beat(55, 100).finished(101).mark("stopped", 102), prints)
    audits = [Recording(paths).audit() for paths in ([first, second], [second, first])]

    assert [audit.findings for audit in audits] == [[], []]
    assert [[lease.beats.ok for lease in audit.leases] for audit in audits] == [[4], [4]]
