"""A run of calls whose board is looked at, with time in the test's own hands."""

from __future__ import annotations

from dataclasses import replace

from tests.faults.scenes import text as plan_text
from tests.lease.history import ZERO, History

from holter.faults.planfile import parse
from holter.faults.plans import Plans
from holter.lease.profile import DOCUMENTED, Profile
from holter.screen import draw
from holter.screen.model import Board, board
from holter.screen.news import News
from holter.screen.text import Row, width_of
from holter.trial import Trial
from holter.wire.message import Interaction, Mark, Moment


def plans(*rules: str) -> Plans:
    return parse(plan_text(*rules), "p") if rules else Plans(seed=7)


class Rig:
    """A trial that has heard a history, and the news of it."""

    def __init__(self, history: History, *rules: str, profile: Profile = DOCUMENTED) -> None:
        self.troubles: list[str] = []
        self.news = News(self.troubles.append)
        self.trial = Trial(plans(*rules), profile, self.news)
        calls = sorted((one for one in history.entries if isinstance(one, Interaction)), key=_ended)
        self.trial.audit.read([history.entries[0], *calls])
        for call in calls:
            self.news.called(call, None)
        for finding in self.trial.audit.findings:
            self.news.found(finding)

    def board(self, at: float, leases: int = 20, findings: int = 5) -> Board:
        """The board so many seconds after the history began; what is overdue by then is found."""
        for finding in self.trial.audit.due(at):
            self.news.found(finding)
        return board(self.trial, self.news, Moment(ZERO + at, at), leases=leases, findings=findings)

    def mark(self, mark: Mark) -> None:
        self.trial.session.mark(mark)


def _ended(call: Interaction) -> float:
    return call.ended or 0.0


def many(count: int, every: float = 1.0) -> History:
    """A history of so many tasks, handed out one after the other; each but every seventh beats once."""
    history = History()
    for number in range(count):
        history.handed(
            number * every, f"task-{number + 1}", f"Copy{number % 5}_2026-01-02T00:00:00_Attempt={number + 1}"
        )
        if number % 7:
            history.beat(number * every + 60, task=f"task-{number + 1}")
    return history


def shown(rows: list[Row]) -> list[str]:
    """Rows as they are read."""
    return ["".join(text for text, _ in row).rstrip() for row in rows]


def wide(rows: list[Row]) -> int:
    """How many cells the widest row takes."""
    return max(sum(width_of(text) for text, _ in row) for row in rows)


def framed(board: Board, width: int = 80, height: int = 24, **aside: object) -> list[str]:
    """A frame as it is read, with some things besides the run."""
    return shown(draw.frame(board, replace(draw.Aside("recording"), **aside), width, height))  # type: ignore[arg-type]
