"""Finds out why a call has no recorded answer, and which recorded call is nearest to it."""

from __future__ import annotations

from collections.abc import Iterator

from holter.replay.matching import Difference, leaves
from holter.replay.miss import Miss, Reason
from holter.replay.shelf import Shelf, Subject, Track
from holter.replay.take import Take
from holter.wire.message import Interaction

_MOST_COMPARED = 500
"""Tracks that are looked at for the nearest call; more would make a miss slow."""


def without_a_cassette(op: str, files: tuple[str, ...]) -> Miss:
    """Explain a call where there is no cassette."""
    return Miss(op, Reason.NO_OPERATION, f"{files[0]} is not there", files)


def unknown_task(shelf: Shelf, asked: Interaction, files: tuple[str, ...]) -> Miss:
    """Explain a call about a task that was never handed out here."""
    if shelf.first(asked.op) is None:
        return no_track(shelf, asked, None, files)
    why = "its taskId was handed out by none of the polls that were replayed"
    return Miss(asked.op, Reason.UNKNOWN_TASK, why, files)


def played(asked: Interaction, reason: Reason, track: Track, files: tuple[str, ...]) -> Miss:
    """Explain a call whose recorded answers have all been given."""
    count, last = len(track.takes), track.takes[-1]
    what = "the one recorded answer has" if count == 1 else f"all {count} recorded answers have"
    over = ", and the task has ended" if reason is Reason.TASK_OVER else ""
    return Miss(asked.op, reason, f"{what} been played{over}", files, _named(track.subject), last.place)


def no_track(shelf: Shelf, asked: Interaction, subject: Subject, files: tuple[str, ...]) -> Miss:
    """Explain a call that is the same as no recorded one."""
    first, name = shelf.first(asked.op), _named(subject)
    where = files[0] if len(files) == 1 else f"{len(files)} cassettes"
    if first is None:
        return Miss(asked.op, Reason.NO_OPERATION, f"{where} holds no {asked.op}", files, name)
    tracks = shelf.tracks(asked.op, subject if isinstance(subject, tuple) else None)
    of_subject = [track for track in tracks if track.subject == subject]
    if not of_subject:
        why = f"{where} holds {asked.op} of others only"
        return Miss(asked.op, Reason.NOTHING_SIMILAR, why, files, name, first.place)
    take, differences = min(_compared(shelf, asked, of_subject), key=lambda found: len(found[1]))
    if len(differences) >= leaves(shelf.matching.counted(asked.op, asked.request)) > 1:
        why = "nothing similar was recorded"
        return Miss(asked.op, Reason.NOTHING_SIMILAR, why, files, name, take.place, differences)
    return Miss(asked.op, Reason.DIFFERS, "it differs", files, name, take.place, differences)


def _compared(
    shelf: Shelf, asked: Interaction, tracks: list[Track]
) -> Iterator[tuple[Take, list[Difference]]]:
    for track in tracks[:_MOST_COMPARED]:
        take = track.takes[0]
        yield take, shelf.matching.differences(asked.op, take.source.request(), asked.request)


def _named(subject: Subject) -> str | None:
    if isinstance(subject, tuple):
        return str(subject[1])
    return subject if isinstance(subject, str) else None
