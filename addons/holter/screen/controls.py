"""What the keys do to a run: the same deeds as those of the control API, and a line of text for some."""

from __future__ import annotations

from collections.abc import Callable

from holter.board import deeds
from holter.errors import HolterError
from holter.faultdesk import FaultDesk
from holter.faults.plans import Mode
from holter.faults.roster import Row
from holter.keeper import Keeper
from holter.screen.keys import Entry

SAID = 10.0
"""Seconds for which the answer to a key is shown."""


class Controls:
    """Takes keys. `entry` is the line that is being typed, `help` whether help is shown.

    `end` ends the run as Ctrl-C does.
    """

    def __init__(self, keeper: Keeper, mode: Mode, end: Callable[[], None]) -> None:
        self._keeper, self._mode, self._end_run = keeper, mode, end
        self._faults = FaultDesk(keeper, mode)
        self._done: Callable[[str], str] | None = None
        self._said, self._until = "", 0.0
        self.entry: Entry | None = None
        self.help = False
        self.wrong = False
        """Whether what was said last was a refusal."""

    @property
    def said(self) -> str:
        """What the last key came to, for a while; what is wrong with a line, until that is corrected."""
        lasts = self.entry is not None or self._keeper.clock.now().mono < self._until
        return self._said if lasts else ""

    def press(self, key: str) -> None:
        """Do what a key asks for; what is refused is said, and changes nothing."""
        if self.entry is not None:
            self._typed(self.entry, key)
            return
        self._said, helped, self.help = "", self.help, False
        if key == "?" and not helped:
            self.help = True
        elif key in _DEEDS:
            self._tried(_DEEDS[key], self)

    def _typed(self, entry: Entry, key: str) -> None:
        if key == "escape" or (key == "enter" and not entry.text.strip()):
            self.entry, self._said = None, ""
        elif key == "enter" and self._done:
            if self._tried(self._done, entry.text.strip()):
                self.entry = None
        else:
            entry.press(key)

    def _tried(self, deed: Callable[..., str], *what: object) -> bool:
        try:
            said, self.wrong = deed(*what), False
        except HolterError as refused:
            said, self.wrong = str(refused), True
        self._said, self._until = said, self._keeper.clock.now().mono + SAID
        return not self.wrong

    def _asks(self, question: str, done: Callable[[str], str], text: str = "") -> str:
        self.entry, self._done = Entry(question, text), done
        return ""

    def _pause(self) -> str:
        if self._keeper.session.paused:
            deeds.resume(self._keeper)
            return "recording again, from the next call on"
        deeds.pause(self._keeper, self._mode)
        return ""

    def _mark(self) -> str:
        return self._asks("note:", self._noted)

    def _noted(self, text: str) -> str:
        deeds.note(self._keeper, text)
        return f"marked: {text}"

    def _fault(self) -> str:
        return self._asks("arm OPERATION:FAULT[:KEY=VALUE]... or a number:", self._armed)

    def _armed(self, text: str) -> str:
        name = self._named(text)
        if name in self._names:
            self._faults.arm(name)
        else:
            self._faults.add_short(name)
        return f"armed: {name}"

    def _disarm(self) -> str:
        armed = [number for number, row in enumerate(self._rows, 1) if row.state == "armed"]
        if not armed:
            return "no fault is armed"
        return self._asks("disarm, by number or name:", self._disarmed, str(armed[-1]))

    def _disarmed(self, text: str) -> str:
        name = self._named(text)
        self._faults.disarm(name)
        return f"disarmed: {name}"

    def _named(self, text: str) -> str:
        """Return the name of the fault that has a number, or the text itself."""
        names = self._names
        return names[int(text) - 1] if text.isdecimal() and 0 < int(text) <= len(names) else text

    @property
    def _rows(self) -> list[Row]:
        plan = self._keeper.session.plan
        return plan.roster.rows(self._keeper.clock.mono()) if plan else []

    @property
    def _names(self) -> list[str]:
        return [row.name for row in self._rows]

    def _end(self) -> str:
        self._end_run()
        return "ending"


_DEEDS: dict[str, Callable[[Controls], str]] = {
    "p": Controls._pause,
    "f": Controls._fault,
    "d": Controls._disarm,
    "m": Controls._mark,
    "q": Controls._end,
}
