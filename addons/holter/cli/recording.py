"""What is audited: one file, or several that are judged as one recording."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from holter import expected
from holter.cassette.format import Header
from holter.cassette.reader import Reader, no_search, open_cassette
from holter.cli.progress import Watched
from holter.errors import CassetteError, UsageError
from holter.faults.reactions import Reactions
from holter.lease.audit import Audit
from holter.lease.edges import Edge
from holter.lease.order import Settled, passed
from holter.lease.parts import begun, merged
from holter.lease.profile import DOCUMENTED, Profile
from holter.report.place import File, Places, named
from holter.report.strip import Strip
from holter.wire.message import Interaction, Mark


class Recording:
    """One or several files. After `audit`, `places`, `files`, `lost` and `remarks` tell of what was read.

    A call of several files is numbered over the whole, and so are tasks, joined by their prints.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.readers = [open_cassette(str(path)) for path in paths]
        self._begin()
        _no_copies(self.readers)

    def _begin(self) -> None:
        self.places = Places([reader.path for reader in self.readers])
        self.lost = 0
        self._reactions = Reactions()
        self._names = _Names()
        self._calls = [0] * len(self.readers)
        self._untimed = [0] * len(self.readers)

    @property
    def one(self) -> bool:
        """Whether it is a single file."""
        return len(self.readers) == 1

    @property
    def title(self) -> str:
        """What a report calls it."""
        return self.readers[0].path if self.one else f"{len(self.readers)} recordings as one"

    @property
    def name(self) -> str | None:
        """The recordings' own names, joined by `+`."""
        return named(self.files)

    @property
    def files(self) -> list[File]:
        """The files, with the names that their tasks have in the whole."""
        return [
            File(reader.path, reader.header.recording, self._names.renamed(index))
            for index, reader in enumerate(self.readers)
        ]

    @property
    def headers(self) -> list[Header]:
        """What the files say of themselves."""
        return [reader.header for reader in self.readers]

    @property
    def remarks(self) -> Iterator[str]:
        """Yield what a reader should know besides the findings, a line each."""
        counts = zip(self.readers, self._calls, self._untimed, self.files, strict=True)
        for reader, calls, untimed, file in counts:
            if reader.torn:
                yield reader.torn
            if not calls:
                yield f"{reader.path}: holds no calls"
            if untimed:
                yield f"{reader.path}: {untimed} of {calls} calls hold no times and were not judged"
            if file.renamed:
                some = list(file.renamed.items())
                told = ", ".join(f"{own} is {whole}" for own, whole in some[:5])
                yield f"{reader.path}: {told}{f' and {len(some) - 5} more' if len(some) > 5 else ''} here"
        if self.lost:
            yield f"{self.lost} entries were lost while recording"

    def audit(self, profile: Profile = DOCUMENTED, today: date | None = None) -> Audit:
        """Judge it, from the files anew, by the suppressions that hold on a day.

        `CassetteError` says why it can not be judged.
        """
        self._begin()
        audit = Audit(profile, today)
        self._read(audit, self._edges(audit, audit.settled))
        return audit

    def drawn(self, profile: Profile = DOCUMENTED, today: date | None = None) -> tuple[Audit, Strip]:
        """Judge it likewise, and return with it a strip of its calls."""
        self._begin()
        audit = Audit(profile, today)
        strip = Strip(audit.timeline)
        self._read(audit, strip.overheard(self._edges(audit)))
        strip.untimed = sum(self._untimed)
        return audit, strip

    def _read(self, audit: Audit, edges: Iterator[Edge]) -> None:
        with no_search():
            audit.take(edges)
        self._check(audit)
        audit.close()
        expected.judged(audit, self._reactions)

    def _edges(self, audit: Audit, settled: Settled | None = None) -> Iterator[Edge]:
        """Yield what the files hold, in the order of time; see `passed`."""
        if self.one:
            return passed(self._entries(0), audit.timeline, settled)
        parts = [begun(self._entries(index)) for index in range(len(self.readers))]
        for index, part in enumerate(parts):
            if part.start is None and self._untimed[index] < self._calls[index]:
                raise CassetteError(f"{self.readers[index].path}: does not say when it began")
        return merged(parts, audit.timeline)

    def _check(self, audit: Audit) -> None:
        for reader, calls, untimed in zip(self.readers, self._calls, self._untimed, strict=True):
            if calls and untimed == calls:
                raise CassetteError(f"{reader.path}: holds no times, so that nothing can be audited")
        worst = max(audit.disorder, key=lambda disorder: disorder.seconds, default=None)
        if worst and worst.seconds > audit.profile.tolerance.get("network", 0.0):
            behind, ahead = self.readers[worst.behind].path, self.readers[worst.ahead].path
            raise CassetteError(
                f"{behind}: its clock is at least {worst.seconds:.2f} s behind that of {ahead}: it heard of "
                f"{worst.task} before that one handed it out; audit them with --separately"
            )

    def _entries(self, index: int) -> Iterator[Interaction | Mark]:
        if not self.one:
            return self._counted(index, self._renamed(index))
        reader = self.readers[index]
        size = os.path.getsize(reader.path)
        return self._counted(index, Watched(reader.heard(), lambda: reader.end, size, label=reader.path))

    def _renamed(self, index: int) -> Iterator[tuple[int, Interaction | Mark]]:
        for entry in self.readers[index]:
            value = entry.value
            yield entry.line, value if isinstance(value, Mark) else self._names.of(index, value)

    def _counted(
        self, index: int, entries: Iterable[tuple[int, Interaction | Mark]]
    ) -> Iterator[Interaction | Mark]:
        add, settled, unseen = self.places.add, float("-inf"), None
        reactions, calls = self._reactions, 0
        for line, value in entries:
            if isinstance(value, Mark):
                if value.what == "started":
                    settled, unseen = float("-inf"), None
                self._noted(value)
                yield value
                continue
            calls += 1
            asked, oldest = value.mono[0], value.oldest
            if asked is None:
                self._untimed[index] += 1
                unseen = max(settled, 0.0)
            elif asked < settled:
                raise self._out_of_order(index, line, asked)
            elif unseen is not None:  # it may have been anything, at any moment up to this one
                yield Mark("lost", None, asked, {"since": unseen})
                unseen = None
            if oldest is not None:
                settled = oldest
            add(value.seq, index, line)
            if reactions.armed:
                reactions.feed(value)
            yield value
        self._calls[index] = calls

    def _noted(self, mark: Mark) -> None:
        if mark.what == "lost":
            count = mark.more.get("count")
            self.lost += count if isinstance(count, int) else 1
        else:
            self._reactions.mark(mark)

    def _out_of_order(self, index: int, line: int, asked: float) -> CassetteError:
        """Return why a call is refused that comes after all from its time were said to be there."""
        return CassetteError(
            f"{self.readers[index].path}:{line}: the call was asked at {asked:.2f} s, and others "
            "that came later stand before it: put the calls back in the order in which they ended"
        )


class _Names:
    """Numbers of calls and aliases of tasks over several files; a task is known again by its print."""

    def __init__(self) -> None:
        self._prints: dict[str, str] = {}
        self._tasks: dict[tuple[int, str], str] = {}
        self._numbers = itertools.count(1)
        self._calls = itertools.count(1)

    def of(self, index: int, call: Interaction) -> Interaction:
        """Return a call of one file as it is called in the whole."""
        task = self._task(index, call.task, call.print) if call.task else None
        return replace(call, seq=next(self._calls), task=task)

    def _task(self, index: int, alias: str, print_: str | None) -> str:
        if print_ and print_ in self._prints:
            self._tasks[index, alias] = self._prints[print_]
        elif (index, alias) not in self._tasks or print_:
            self._tasks[index, alias] = f"task-{next(self._numbers)}"
        if print_:
            self._prints[print_] = self._tasks[index, alias]
        return self._tasks[index, alias]

    def renamed(self, index: int) -> dict[str, str]:
        """Return the tasks of a file that have another alias in the whole."""
        return {own: whole for (part, own), whole in self._tasks.items() if part == index and own != whole}


def found(paths: Sequence[str]) -> list[Path]:
    """Return the cassettes that are meant by files, folders and patterns, each once, by name within each."""
    each: dict[str, Path] = {}
    for path in paths:
        for file in _meant(path):
            each.setdefault(os.path.realpath(file), file)
    return list(each.values())


def _meant(path: str) -> list[Path]:
    if os.path.isdir(path):
        inside = sorted(Path(path).glob("*.yaml"))
        if not inside:
            raise UsageError(f"{path}: holds no cassette (*.yaml)")
        return inside
    if os.path.exists(path) or not glob.has_magic(path):
        return [Path(path)]
    matches = sorted(glob.glob(path, recursive=True))
    if not matches:
        raise UsageError(f"{path}: no file has such a name")
    return [file for match in matches for file in _meant(match)]


def _no_copies(readers: Sequence[Reader]) -> None:
    known: dict[str, str] = {}
    for reader in readers:
        name = reader.header.recording
        if name and name in known:
            raise CassetteError(f"{known[name]} and {reader.path} are one recording twice: give one of them")
        if name:
            known[name] = reader.path
