"""What runners did after faults, held against what plans expect of them: calls in, what was missed out.

It reads recordings, so it judges a run as it goes on and a file afterwards by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from itertools import pairwise

from holter.faults.expect import EXPECTATIONS, Expectation
from holter.wire.message import EXITED, Interaction, Mark
from holter.wire.operations import DATA_PIPELINE, Role, role
from holter.wire.value import state, value

_TRIES = 50
"""Tries of one call that are kept: more than any SDK makes."""


@value
class Missed:
    """An expectation that a runner did not meet. `at` is in seconds since 1970, `calls` are numbers.

    It is not `certain` where the runner may be one that does a single task and leaves.
    """

    expectation: Expectation
    task: str | None
    caller: str | None
    at: float
    calls: tuple[int, ...]
    text: str
    certain: bool = True


@state
class _After:
    """What a runner did after a fault, in seconds from when it knew of it; None for what it did not do."""

    fault: Interaction
    at: float
    expected: tuple[Expectation, ...]
    told: tuple[float, Interaction] | None = None
    """The latest call for the task."""
    status: tuple[float, Interaction] | None = None
    """The first SetTaskStatus for the task."""
    polled: tuple[float, Interaction] | None = None
    """The first poll."""
    tries: list[tuple[float, Interaction]] = field(default_factory=list)
    """The same call again, until it was left alone."""
    until: float = 0.0
    exited: int | None = None
    """The exit code of the command around which this was recorded, if it has ended since."""

    @property
    def left(self) -> bool:
        """Whether the runner has ended in good order, and polled no more."""
        return self.exited == 0 and self.polled is None

    def take(self, call: Interaction, at: float) -> None:
        """Take in a later call of the same runner, or for the same task."""
        after, part = at - self.at, role(call.op)
        mine = call.task == self.fault.task
        if part is Role.POLL and call.caller == self.fault.caller and after > 0:
            self.polled = self.polled or (after, call)
        trying = len(self.tries) < _TRIES and (not self.tries or self.tries[-1][1].fault is not None)
        if mine and call.op == self.fault.op and trying:
            self.tries.append((after, call))
        if mine and self.fault.task is not None and after > 0:
            self.told = (after, call)
            if part is Role.FINISH:
                self.status = self.status or (after, call)


class Reactions:
    """Watches what runners do after each rule has first met a task, or a runner where there is no task.

    What is expected comes with the `fault` marks that arm rules, so that a file says it as the run did.
    """

    def __init__(self) -> None:
        self.armed = False
        """Whether anything is expected: else calls need not be fed."""
        self._of: dict[str, tuple[Expectation, ...]] = {}
        self._after: dict[tuple[str, str], _After] = {}
        self._seen = 0.0

    def read(self, entries: Iterable[Interaction | Mark]) -> None:
        """Take in what a file holds."""
        for entry in entries:
            if isinstance(entry, Mark):
                self.mark(entry)
            else:
                self.feed(entry)

    def mark(self, mark: Mark) -> None:
        """Take in a mark: where it arms rules, what they expect holds from now on; or the command's end."""
        if isinstance(code := mark.more.get(EXITED), int):
            for after in self._after.values():
                after.exited = code if after.exited is None else after.exited
        if mark.what == "fault" and mark.more.get("did") == "armed":
            expected = list(_expected(mark))
            self.armed |= bool(expected)
            for rule in {one.rule for one in expected}:
                self._of[rule] = tuple(one for one in expected if one.rule == rule)

    def feed(self, call: Interaction) -> None:
        """Take in a call that has ended."""
        if not self.armed or call.at is None:
            return
        ended = call.at + (call.ended or 0.0) - (call.asked or 0.0)
        self._seen = max(self._seen, ended)
        for after in self._after.values():
            if call.task == after.fault.task or call.caller == after.fault.caller:
                after.take(call, call.at)
        key = (call.fault or "", call.task or f"of {call.caller}")
        if call.fault in self._of and key not in self._after:
            self._after[key] = _After(call, ended, self._of[call.fault])

    def close(self) -> list[Missed]:
        """Return all that was missed by the end of what was seen, in the order of the faults."""
        return [missed for after in self._after.values() for missed in self._judged(after)]

    def _judged(self, after: _After) -> Iterator[Missed]:
        after.until = self._seen - after.at
        fault = after.fault
        for expectation in after.expected:
            if (found := _CHECKS[expectation.name](after, expectation.value)) is not None:
                said, calls = found
                text = f"{fault.task or fault.caller}: after {expectation.rule!r}, {said}"
                numbers = tuple(call.seq for call in (fault, *calls) if call.seq)
                sure = not (expectation.name == "polls_again" and after.left)
                yield Missed(expectation, fault.task, fault.caller, after.at, numbers, text, sure)


def _expected(mark: Mark) -> Iterator[Expectation]:
    """Yield what a mark says of expectations; what is none, as a later Holter may write it, is left out."""
    said = mark.more.get("expect")
    for one in said if isinstance(said, list) else ():
        if not isinstance(one, dict) or not isinstance(rule := one.get("rule"), str):
            continue
        for name in EXPECTATIONS.keys() & one.keys():
            if isinstance(value := one[name], float | int | str):
                yield Expectation(rule, name, value)


_Value = float | str | bool
_Wrong = tuple[str, tuple[Interaction, ...]] | None


def _stops_within(after: _After, seconds: _Value) -> _Wrong:
    if after.told is None or after.told[0] <= float(seconds):
        return None
    return f"it was told of {after.told[0]:.2f} s later; expected none after {seconds} s", (after.told[1],)


def _no_status(after: _After, _value: _Value) -> _Wrong:
    if after.status is None:
        return None
    return f"it was reported {_outcome(after.status[1])}; expected no status", (after.status[1],)


def _sends(after: _After, status: _Value) -> _Wrong:
    if after.status is None:
        return f"no status followed; expected {status}", ()
    found = _outcome(after.status[1])
    return None if found == status else (f"it was reported {found}; expected {status}", (after.status[1],))


def _polls_again(after: _After, within: _Value) -> _Wrong:
    limit = float("inf") if within is True else float(within)
    wanted = "a poll" if within is True else f"a poll within {within} s"
    never = "no poll followed"
    if after.exited is not None:
        never += f" before the command ended with exit code {after.exited}"
    return _within(after, after.polled, limit, wanted=wanted, never=never, late="the next poll came")


def _retries_within(after: _After, seconds: _Value) -> _Wrong:
    op, first = after.fault.op, after.tries[0] if after.tries else None
    never, late = f"{op} was not tried again", f"{op} was tried again"
    return _within(after, first, float(seconds), wanted=f"it within {seconds} s", never=never, late=late)


def _within(
    after: _After, did: tuple[float, Interaction] | None, limit: float, *, wanted: str, never: str, late: str
) -> _Wrong:
    """Judge what has to follow in time; a recording that ended before then shows nothing."""
    if did is None:
        return None if after.until <= limit < float("inf") else (f"{never}; expected {wanted}", ())
    return None if did[0] <= limit else (f"{late} {did[0]:.2f} s later; expected {wanted}", (did[1],))


def _growing(after: _After, _value: _Value) -> _Wrong:
    if not after.tries:
        return f"{after.fault.op} was not tried again; expected it with growing pauses", ()
    began = (after.fault.at or 0.0) - after.at
    pauses = [second - first for first, second in pairwise([began, *(at for at, _ in after.tries)])]
    if all(first < second for first, second in pairwise(pauses)):
        return None
    told = ", ".join(f"{pause:.2f}" for pause in pauses)
    return f"it was tried again after {told} s; expected growing pauses", tuple(
        call for _, call in after.tries
    )


def _outcome(call: Interaction) -> str:
    request = call.request if isinstance(call.request, dict) else {}
    return str(request.get(DATA_PIPELINE.outcome))


_CHECKS: Mapping[str, Callable[[_After, _Value], _Wrong]] = {
    "stops_within": _stops_within,
    "no_status": _no_status,
    "polls_again": _polls_again,
    "retries_with_growing_pauses": _growing,
    "sends": _sends,
    "retries_within": _retries_within,
}
