"""Where in its files a recording's calls stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """The file and the line in which a call begins."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class File:
    """One file of a recording: its path, its own name, and its tasks that have another alias in the whole."""

    path: str
    recording: str | None
    renamed: Mapping[str, str] = field(default_factory=dict)


def named(files: Sequence[File]) -> str | None:
    """Return the names of the recordings in files, joined by `+`; None where none has a name."""
    return "+".join(file.recording for file in files if file.recording) or None
