"""One test's run: its cassette opened, its calls led there, and what is to be told at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from holter.errors import CassetteError, ConfigError, UsageError
from holter.testing import proxy, ways
from holter.testing.notebook import Notebook
from holter.testing.proxy import Proxy, Unseen
from holter.testing.wanted import Said, Wanted, reworded, wanted
from holter.testing.witness import Witness, unplayed


@dataclass(slots=True)
class Run:
    """What the test's fixtures are made of. `way` is the fixture that it goes over, empty in process."""

    way: str
    policy: str
    witness: Witness | Unseen
    notebook: Notebook
    url: str = ""
    proxy: Proxy | None = None

    @property
    def log(self) -> str:
        """What was called, and how to have the same faults again."""
        if isinstance(self.witness, Unseen) or self.witness.seed is None:
            return self.witness.log
        return f"holter: faults are armed, drawn by seed {self.witness.seed}\n{self.witness.log}"

    @property
    def failures(self) -> list[str]:
        """What fails the test: calls without a recorded answer, recorded answers without a call."""
        if isinstance(self.witness, Unseen):
            return self.witness.missed
        left = unplayed(self.witness.unplayed) if self.policy == "fail" else []
        unmet = [f"expectation missed: {one.text}" for one in self.witness.unmet]
        return [miss.text for miss in self.witness.misses] + left + unmet

    @property
    def warnings(self) -> list[str]:
        """What is told and does not fail the test."""
        if isinstance(self.witness, Unseen):
            return []
        left = unplayed(self.witness.unplayed) if self.policy == "warn" else []
        missed = {miss.text for miss in self.witness.misses}
        return [text for text in self.notebook.troubles if text not in missed] + left


@contextmanager
def begun(paths: Sequence[str], said: Mapping[str, Said], way: str, *, record: str) -> Iterator[Run]:
    """Let a test's calls be answered while the block runs.

    `paths` are its cassettes, `said` what it asks for, `way` the fixture that its calls go over, `record` the
    command that records it. Errors speak of a marker's arguments, not of options.
    """
    try:
        asked = wanted(paths, said)
        with _over(asked, way, record) as run:
            yield run
    except (UsageError, CassetteError, ConfigError) as why:
        _retold(why)


@contextmanager
def _over(asked: Wanted, way: str, record: str) -> Iterator[Run]:
    notebook = Notebook()
    if way == "holter_proxy":
        live = ways.must_be_there(asked, record).live
        with proxy.proxied(proxy.command(asked), offline=not live) as running:
            yield Run(way, asked.unplayed, Unseen(running), notebook, running.url, running)
        return
    if way == "holter_endpoint":
        ways.must_be_offline(asked)
    with ways.opened(asked, notebook, record=record) as replayer:
        if way == "holter_endpoint":
            with ways.on_endpoint(replayer) as (url, hosted):
                yield Run(way, asked.unplayed, Witness(replayer, notebook, hosted), notebook, url)
        else:
            with ways.in_process(replayer) as here:
                yield Run(way, asked.unplayed, Witness(replayer, notebook, here), notebook)


def _retold(why: UsageError | CassetteError | ConfigError) -> NoReturn:
    raise type(why)(reworded(str(why))) from None
