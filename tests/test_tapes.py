"""Cassettes read to be played: outlines and whole documents give the same takes."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from tests.replay.tapes import BEAT, beat, empty, end, handout, recorded
from tests.test_replayer import HEADER, tape

from holter.cassette.format import Header
from holter.cassette.reader import open_cassette
from holter.errors import CassetteError
from holter.replay.decided import Decided
from holter.replay.take import Take, Tape, take_of
from holter.tapes import Tapes
from holter.wire.message import Broken, Interaction, Origin

SHIPPED = sorted((Path(__file__).parents[1] / "cassettes").glob("*.yaml"))
MANY = [
    empty(asked=0.5, took=0.25, at=1000.5),
    handout("task-1", asked=1.0, took=0.5, at=1001.0, print="00ff"),
    beat("task-1", asked=2.0, at=1002.0),
    beat("task-1", asked=3.0, broken=Broken.CLIENT),
    beat("task-1", origin=Origin.REFUSED),
    beat("task-1", fault="slow", error="InternalServiceError", status=500),
    end("task-1", "FAILED"),
    recorded(BEAT, {"taskId": "task-1"}, {}, task="task-1", status=None, error="InternalServiceError", seq=9),
    beat("task-1", status=200, error="ThrottlingException"),  # as somebody may write it
]


told = Decided().told


def values(take: Take) -> tuple[object, ...]:
    """What a take says, but for where its bodies come from."""
    names = [field.name for field in dataclasses.fields(Take) if field.name not in ("tape", "source")]
    return (*(getattr(take, name) for name in names), take.source.request(), take.call)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_outline_gives_the_same_take_as_the_whole_document(path: Path) -> None:
    entries = [entry for entry in open_cassette(str(path)) if isinstance(entry.value, Interaction)]
    whole = [told(take_of(entry.value, Tape(0, str(path), "x"), entry.line)) for entry in entries]  # type: ignore[arg-type]
    found = Tapes([str(path)])
    assert [values(take) for take in found.takes] == [values(take) for take in whole]
    found.close()


def test_every_kind_of_call_has_the_same_outline_as_itself(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *MANY)
    entries = [entry for entry in open_cassette(path) if isinstance(entry.value, Interaction)]
    whole = [told(take_of(entry.value, Tape(0, path, "x"), entry.line)) for entry in entries]  # type: ignore[arg-type]
    assert [values(take) for take in Tapes([path]).takes] == [values(take) for take in whole]


def test_a_document_that_was_edited_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, *MANY)
    before = [values(take)[2:] for take in Tapes([str(path)]).takes]
    path.write_text(path.read_text().replace("\nrequest:", "\n# looked at\nrequest:"))
    assert [values(take)[2:] for take in Tapes([str(path)]).takes] == before


def test_a_file_that_is_replaced_or_removed_meanwhile_is_played_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, handout())
    found = Tapes([str(path)])
    shutil.move(path, tmp_path / "away.yaml")
    path.write_text("something else\n")
    assert found.takes[0].call == handout()


def test_a_file_that_is_changed_in_place_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, handout(), beat())
    found = Tapes([str(path)])
    path.write_bytes(path.read_bytes()[:300] + b"x" * 600)
    with pytest.raises(CassetteError, match=rf"{path}:\d+: document 3"):
        assert found.takes[1].call


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("holter: 1\n", "holds no calls: there is nothing to play"),
        ("hello: 1\n", "is no Holter cassette"),
        ('holter: 1\n---\ncall: {"op":"PollForTask"}\nrequest: {"a":\n---\n', ": document 2 is not YAML"),
        ('holter: 1\n---\ncall: {"op":"PollForTask","x":1}\nrequest: {}\n---\n', "unknown key 'x'"),
    ],
)
def test_what_cannot_be_read_is_told_at_once(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(CassetteError) as refused:
        Tapes([str(path)])
    assert said in str(refused.value)


@pytest.mark.parametrize(("days", "stale"), [(0.5, False), (29.9, False), (31.0, True), (400.0, True)])
def test_a_cassette_is_stale_after_so_many_days(tmp_path: Path, days: float, stale: bool) -> None:
    path = tape(tmp_path / "a.yaml", handout(), header=Header("x", 1795224003.0))
    lines = list(Tapes([path]).stale(1795224003.0 + days * 86_400, 30))
    said = f"is {int(days)} days old (recorded 2026-11-21; --max-age 30)"
    assert [said in line for line in lines] == [True] * stale


def test_a_cassette_that_does_not_say_when_it_was_begun_is_never_stale(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout(), header=Header("x"))
    assert list(Tapes([path]).stale(9e9, 1)) == []
    assert HEADER.started is not None
