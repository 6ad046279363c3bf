from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from holter.cassette.format import Header
from holter.cassette.reader import open_cassette
from holter.cassette.redaction import Redactor
from holter.conversion import Exchange, captured, flows_header, renewed, starts, write
from holter.errors import CassetteError, CassetteExistsError
from holter.lease.audit import audited
from holter.lease.profile import DOCUMENTED
from holter.wire.codec import print_of
from holter.wire.message import Broken, Call, Interaction, Json, Mark, Moment, Reply

SHIPPED = Path(__file__).parents[1] / "cassettes"
REAL = "QUFB" * 10 + ":bWFj:1"
HANDED: Json = {"taskObject": {"taskId": REAL, "attemptId": "@A", "objects": {}}}


def exchange(op: str, body: Json, start: float, end: float, answer: Json) -> Exchange:
    call = Call(op, body, Moment(start, 0.0), peer="10.0.0.1:5")
    return Exchange(call, Reply(200, answer), None, end - 0.1, end)


EXCHANGES = [
    exchange("PollForTask", {"workerGroup": "w", "hostname": "r"}, 1000.0, 1001.0, HANDED),
    exchange("ReportTaskProgress", {"taskId": REAL}, 1061.0, 1062.0, {"canceled": False}),
    exchange("PollForTask", {"workerGroup": "w", "hostname": "r"}, 1002.0, 1092.0, {}),
    Exchange(
        Call("SetTaskStatus", {"taskId": REAL, "taskStatus": "FINISHED"}, Moment(1100.0, 0.0)),
        None,
        Broken.UPSTREAM,
        None,
        1101.0,
    ),
]


def made(redactor: Redactor | None = None) -> list[Interaction | Mark]:
    begun = starts(EXCHANGES)
    assert begun is not None
    return list(captured(EXCHANGES, begun, redactor or Redactor()))


def test_where_nothing_was_captured_nothing_began() -> None:
    assert starts([]) is None


def test_exchanges_become_a_recording() -> None:
    started, *calls, stopped = made()
    assert isinstance(started, Mark)
    assert isinstance(stopped, Mark)
    found = [one for one in calls if isinstance(one, Interaction)]

    assert (started.what, started.at, started.mono) == ("started", 1000.0, 0.0)
    assert (stopped.what, stopped.at, stopped.mono) == ("stopped", 1101.0, 101.0)
    assert [one.seq for one in found] == [1, 2, 3, 4]
    assert [one.mono for one in found] == [(0, 0.9, 1), (61, 61.9, 62), (2, 91.9, 92), (100, None, 101)]
    assert [one.oldest for one in found] == [0, 2, 2, 100]
    assert [one.task for one in found] == ["task-1", "task-1", None, "task-1"]
    assert [one.print for one in found] == [print_of(REAL), None, None, None]
    assert [one.caller for one in found] == ["r", "r", "r", "r"]
    assert [one.broken for one in found] == [None, None, None, Broken.UPSTREAM]
    assert REAL not in str(found)


def test_what_was_captured_is_audited_as_a_recording_is() -> None:
    audit = audited(made(), DOCUMENTED)
    assert [lease.task for lease in audit.leases] == ["task-1"]
    assert [one.rule for one in audit.findings if one.fails("error")] == []


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_a_cassette_of_ours_stays_as_it_is(path: Path) -> None:
    reader = open_cassette(str(path))
    assert list(renewed(reader.header, reader, Redactor())) == [entry.value for entry in reader]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_a_strict_cassette_stays_as_it_is_too(tmp_path: Path, path: Path) -> None:
    once, twice = str(tmp_path / "1.yaml"), str(tmp_path / "2.yaml")
    for source, target in ((str(path), once), (once, twice)):
        reader = open_cassette(source)
        again = renewed(reader.header, reader, Redactor(strict=True))
        write(target, Header(redaction="strict"), again)

    assert Path(once).read_bytes() == Path(twice).read_bytes()
    assert re.search(r"\bdf-[A-Z0-9]{8}", Path(once).read_text()) is None


def test_what_a_cassette_should_not_hold_is_masked_anew(tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(
        'holter: 1\n---\nmark: {what: note, error: "password=hunter2x"}\n'
        f'---\ncall: {{op: ReportTaskProgress, task: "{REAL}", caller: "password=hunter2x"}}\n'
        f'request: {{taskId: "{REAL}", fields: [{{key: "*a", stringValue: hunter2x}}]}}\n'
        "response: {canceled: false}\n---\ncall: {op: SetTaskStatus, task: task-1, try: {id: a, n: 1}}\n"
        "request: {taskId: task-1, taskStatus: FINISHED}\nresponse: {}\n"
    )
    reader = open_cassette(str(path))
    mark, beat, end = renewed(reader.header, reader, Redactor())

    assert isinstance(mark, Mark)
    assert mark.more == {"error": "password=REDACTED"}
    assert isinstance(beat, Interaction)
    assert (beat.task, beat.caller) == ("task-2", "password=REDACTED")
    assert beat.redacted == ("request.fields[0].stringValue",)
    assert isinstance(end, Interaction)
    assert (end.task, end.request) == ("task-1", {"taskId": "task-1", "taskStatus": "FINISHED"})


def test_names_that_are_masked_stand_in_the_started_mark(tmp_path: Path) -> None:
    path = str(tmp_path / "a.yaml")
    assert write(path, flows_header("x 1", 1000.0, "default"), made(), ["city"]) == 4
    first = next(iter(open_cassette(path))).value

    assert isinstance(first, Mark)
    assert first.more["redact_keys"] == ["city"]
    assert (open_cassette(path).header.by or "").split(", ")[1] == "x 1"


def test_nothing_is_left_of_what_cannot_be_whole(tmp_path: Path) -> None:
    def broken() -> Iterator[Mark]:
        yield Mark("note")
        raise CassetteError("gone")

    with pytest.raises(CassetteError, match="gone"):
        write(str(tmp_path / "a.yaml"), Header(), broken())
    with pytest.raises(CassetteError, match="twice"):
        write(str(tmp_path / "a.yaml"), Header(), [Mark("note", more={"at": 1})])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("precious")
    with pytest.raises(CassetteExistsError):
        write(str(path), Header(), [])
    assert path.read_text() == "precious"
