"""Where in its files a recording's calls stand."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """The file and the line in which a call begins."""

    file: str
    line: int


class Places(Mapping[int, Place]):
    """Where calls stand, by their numbers, in four bytes a call: nearly always one follows the other."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self._lines = array("I")  # each is the line, times the number of files, plus the file's index
        self._runs: list[tuple[int, int]] = []  # of numbers that follow each other: the first, and its index
        self._next = 0

    def add(self, number: int, file: int, line: int) -> None:
        """Take in where a call stands; what has no number is never looked for."""
        if not number:
            return
        if number != self._next:
            self._runs.append((number, len(self._lines)))
        self._next = number + 1
        try:
            self._lines.append(line * len(self._files) + file)
        except OverflowError:
            self._lines = array("Q", self._lines)
            self._lines.append(line * len(self._files) + file)

    def __getitem__(self, number: int) -> Place:
        """Return the place of the last call that has this number."""
        end = len(self._lines)
        for first, begin in reversed(self._runs):
            if first <= number < first + end - begin:
                line, file = divmod(self._lines[begin + number - first], len(self._files))
                return Place(self._files[file], line)
            end = begin
        raise KeyError(number)

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers in the order in which they came."""
        ends = [*(begin for _, begin in self._runs[1:]), len(self._lines)]
        for (first, begin), end in zip(self._runs, ends, strict=True):
            yield from range(first, first + end - begin)

    def __len__(self) -> int:
        """Return how many calls were taken in."""
        return len(self._lines)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a recording: its path, its own name, and its tasks that have another alias in the whole."""

    path: str
    recording: str | None
    renamed: Mapping[str, str] = field(default_factory=dict)


def named(files: Sequence[File]) -> str | None:
    """Return the names of the recordings in files, joined by `+`; None where none has a name."""
    return "+".join(file.recording for file in files if file.recording) or None
