"""Where in its files a recording's calls stand."""

from __future__ import annotations

import bisect
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from holter.wire.value import value

STEP = 4
"""Lines from one call to the next, where both are short."""

_MOST = 1 << 60


@value
class Place:
    """The file and the line in which a call begins."""

    file: str
    line: int


class Places(Mapping[int, Place]):
    """Where calls stand, by their numbers, in next to no space.

    Nearly always one number follows the other, and one call stands a step below the other: only where a run
    of such calls begins is kept. A run at place 0 is none: it says that numbers from there on are not known.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self._firsts = array("q")  # the number with which each run begins
        self._begins = array("q")  # its line, times the number of files, plus the file's index
        self._fresh = [0]  # the runs where numbers begin anew, as after a restart
        self._next = 0
        self._file = self._line = 0

    def add(self, number: int, file: int, line: int) -> None:
        """Take in where a call stands; what has no number is never looked for."""
        if number != self._next or line != self._line or file != self._file:
            if not 0 < number < _MOST:
                return
            self._begin(number, line * len(self._files) + file)
            self._file = file
        self._next, self._line = number + 1, line + STEP

    def _begin(self, number: int, place: int) -> None:
        if number != self._next:
            self._firsts.append(self._next)
            self._begins.append(0)
            if number < self._next:
                self._fresh.append(len(self._firsts))
        self._firsts.append(number)
        self._begins.append(place)

    def _end(self, run: int) -> int:
        return self._firsts[run + 1] if run + 1 < len(self._firsts) else self._next

    def __getitem__(self, number: int) -> Place:
        """Return the place of the last call that has this number."""
        high = len(self._firsts)
        for low in reversed(self._fresh):
            run = bisect.bisect_right(self._firsts, number, low, high) - 1
            if run >= low and self._begins[run] and number < self._end(run):
                many = len(self._files)
                line, file = divmod(self._begins[run] + (number - self._firsts[run]) * STEP * many, many)
                return Place(self._files[file], line)
            high = low
        raise KeyError(number)

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers in the order in which they came."""
        for run, (first, place) in enumerate(zip(self._firsts, self._begins, strict=True)):
            if place:
                yield from range(first, self._end(run))

    def __len__(self) -> int:
        """Return how many calls were taken in."""
        return sum(1 for _ in self)


@value
class File:
    """One file of a recording: its path, its own name, and its tasks that have another alias in the whole."""

    path: str
    recording: str | None
    renamed: Mapping[str, str] = field(default_factory=dict)


def named(files: Sequence[File]) -> str | None:
    """Return the names of the recordings in files, joined by `+`; None where none has a name."""
    return "+".join(file.recording for file in files if file.recording) or None
