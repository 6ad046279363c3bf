"""The faults of a test's run, changed while it goes on: in this process, or by the proxy's control API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from holter.control import Control
from holter.errors import HolterError, UsageError
from holter.faults.roster import Row
from holter.faults.yamlnodes import load
from holter.testing.wanted import reworded

_T = TypeVar("_T")
_SHORT = re.compile(r"(\*|\w+):\S.*")


class Way(Protocol):
    """How calls come to the session; the session is only ever touched through `call`."""

    def call(self, function: Callable[[], _T]) -> _T:
        """Run a function while no call is being taken in, and return what it returned."""


class Straight:
    """The way to a session of another process, which sees to its calls itself."""

    def call(self, function: Callable[[], _T]) -> _T:
        """Run a function."""
        return function()


class Desk(Protocol):
    """Who changes the faults of a run; texts are as in the control API."""

    def rows(self) -> list[Row]:
        """Return all rules as they stand."""

    def add(self, text: str) -> Row:
        """Arm a rule that is new."""

    def arm(self, name: str, text: str = "") -> Row:
        """Arm a rule again."""

    def disarm(self, name: str) -> Row:
        """Take a rule out."""

    def fire(self, name: str) -> Row:
        """Let a rule meet the next call that it is about."""


class Remote:
    """The desk of a run in another process, by its control file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def _control(self) -> Control:
        return Control(str(self._file))

    def rows(self) -> list[Row]:
        """Return all rules as they stand."""
        return [Row(**row) for row in self._control.ask("GET", "/v1/faults")["rules"]]

    def add(self, text: str) -> Row:
        """Arm a rule that is new."""
        return Row(**self._control.ask("POST", "/v1/faults", text))

    def arm(self, name: str, text: str = "") -> Row:
        """Arm a rule again."""
        return Row(**self._control.rule(name, "arm", text))

    def disarm(self, name: str) -> Row:
        """Take a rule out."""
        return Row(**self._control.rule(name, "disarm"))

    def fire(self, name: str) -> Row:
        """Let a rule meet the next call that it is about."""
        return Row(**self._control.rule(name, "fire"))


class Arming:
    """What the fixture `holter` may do to the faults of its run.

    What cannot be is a `UsageError` of one line, which fails the test where it stands.
    """

    def __init__(self, desk: Desk, way: Way) -> None:
        self._desk, self._way = desk, way

    @property
    def faults(self) -> list[Row]:
        """The rules as they stand: name, state (`armed`, `off`, `over`), calls met, seconds left."""
        return self._way.call(self._desk.rows)

    def arm(self, rule: str | Mapping[str, Any], seconds: float | None = None) -> Row:
        """Arm a rule, for some seconds or for good, and return it as it then stands.

        It is one that is there already, by its name, or a new one: in short form, as a mapping, or as the
        text of one in a plan.
        """
        __tracebackhide__ = True
        limit = {} if seconds is None else {"for": seconds}
        if isinstance(rule, str) and any(row.name == rule for row in self.faults):
            return self._asked("arm", lambda: self._desk.arm(rule, json.dumps(limit)))
        return self._asked("arm", lambda: self._desk.add(_text(rule, limit)))

    def disarm(self, name: str) -> Row:
        """Take a rule out; what goes on because of it goes on."""
        __tracebackhide__ = True
        return self._asked("disarm", lambda: self._desk.disarm(name))

    def fire(self, name: str) -> Row:
        """Let a rule meet the next call that it is about, whatever its numbers and chances say."""
        __tracebackhide__ = True
        return self._asked("fire", lambda: self._desk.fire(name))

    def _asked(self, what: str, deed: Callable[[], Row]) -> Row:
        __tracebackhide__ = True
        try:
            return self._way.call(deed)
        except HolterError as why:
            raise UsageError(reworded(f"holter.{what}: {why}")) from None


def _text(rule: str | Mapping[str, Any], limit: Mapping[str, float]) -> str:
    """Return a new rule as the control API takes it."""
    if isinstance(rule, str) and not _SHORT.fullmatch(rule):
        if not limit:
            return rule
        rule = load(rule, "the rule").json()  # type: ignore[assignment]  # looked at below
    if isinstance(rule, str):
        rule = {"fault": rule}
    if not isinstance(rule, Mapping):
        raise UsageError(f"{rule!r:.60} is no rule: a short form, a mapping, or the text of either in a plan")
    try:
        return json.dumps({**rule, **limit})
    except (TypeError, ValueError) as why:
        raise UsageError(f"the rule holds what no plan can: {why}") from None
