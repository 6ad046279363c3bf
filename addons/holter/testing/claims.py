"""What may be claimed about a run: each function returns what is wrong, in one text, or None.

Seconds are the production's; `scale` is what every time limit of the run was multiplied by.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from holter.errors import UsageError
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.lease.rules import Severity
from holter.report.words import counted
from holter.wire.message import Interaction
from holter.wire.operations import DATA_PIPELINE, OPERATIONS, Role, role


def known(op: str) -> str:
    """Return an operation's name; `UsageError` where there is none of that name."""
    if op not in OPERATIONS:
        near = difflib.get_close_matches(op, OPERATIONS, 1)
        raise UsageError(f"{op!r} is no operation" + (f": did you mean {near[0]}?" if near else ""))
    return op


def called(calls: Sequence[Interaction], op: str, times: int | None, task: str | None) -> str | None:
    """Claim that an operation was called, so many times; an SDK's further tries of a call do not count."""
    op = known(op)
    found = len([call for call in _first_tries(_of(calls, task)) if call.op == op])
    if found == times or (times is None and found):
        return None
    was = f"called {counted(found, 'time')}" if found else "not called"
    return f"{op} was {was}{_about(task)}" + ("" if times is None else f", not {counted(times, 'time')}")


def in_order(calls: Sequence[Interaction], ops: Sequence[str], task: str | None) -> str | None:
    """Claim that operations were called one after the other; others may have been called between them."""
    made = [call.op for call in _first_tries(_of(calls, task))]
    rest = iter(made)
    for number, op in enumerate(map(known, ops), 1):
        if op not in rest:
            place = f"{op} (number {number} of the order)"
            return f"{place} does not come after the others{_about(task)} in: {', '.join(made) or 'no call'}"
    return None


def acked(leases: Iterable[Lease], seconds: float, scale: float, task: str | None) -> str | None:
    """Claim that every task handed out, or that one, was acknowledged in time."""
    given = [lease for lease in leases if lease.since is not None and task in (None, lease.task)]
    if not given:
        return f"{task or 'no task'} was {'not ' if task else ''}handed out"
    for lease in given:
        ack = lease.beats.ack
        if ack is None:
            return f"{lease.task} was not acknowledged"
        if ack > seconds * scale:
            return f"{lease.task} was acknowledged after {ack:.3f} s, over {_limit(seconds, scale)}"
    return None


def stopped(
    calls: Sequence[Interaction], within: float, scale: float, *, beats: int | None, task: str | None
) -> str | None:
    """Claim that a task was cancelled, and that each which was is not beaten for any longer.

    A runner is given `within` seconds from the answer on, and `beats` more beats, where a number is said.
    """
    told = _cancelled(_of(calls, task))
    if not told:
        return f"no beat{_about(task)} was answered canceled: true"
    for name, first in told.items():
        since = first.ended or 0.0
        after = [call for call in _of(calls, name) if _beats(call) and (call.asked or 0.0) > since]
        late = [call for call in after if (call.asked or 0.0) > since + within * scale]
        if late:
            last = (late[-1].asked or 0.0) - since
            return f"{name} was cancelled, and beaten for {last:.3f} s after, over {_limit(within, scale)}"
        if beats is not None and len(after) > beats:
            return f"{name} was cancelled, and got {counted(len(after), 'beat')} after, over {beats}"
    return None


def nothing_found(findings: Iterable[Finding], severity: str) -> str | None:
    """Claim that nothing certain was found, from a severity up, but what a fault brought about."""
    if severity not in list(Severity):
        raise UsageError(f"{severity!r} is no severity: note, warning or error")
    found = [finding for finding in findings if finding.fails(severity)]
    if not found:
        return None
    lines = [f"{finding.severity} {finding.rule}: {finding.message}" for finding in found]
    return "\n".join([f"{counted(len(found), 'finding')}:", *lines])


def _of(calls: Iterable[Interaction], task: str | None) -> list[Interaction]:
    return [call for call in calls if task in (None, call.task)]


def _first_tries(calls: Iterable[Interaction]) -> list[Interaction]:
    return [call for call in calls if call.tried is None or call.tried.n == 1]


def _cancelled(calls: Iterable[Interaction]) -> dict[str, Interaction]:
    """Return the beat of each task that was the first to be told that the task is cancelled."""
    found = dict[str, Interaction]()
    for call in calls:
        answer = call.response if isinstance(call.response, dict) else {}
        if call.task and _beats(call) and answer.get(DATA_PIPELINE.cancel) is True:
            found.setdefault(call.task, call)
    return found


def _beats(call: Interaction) -> bool:
    return role(call.op) is Role.BEAT


def _about(task: str | None) -> str:
    return f" for {task}" if task else ""


def _limit(seconds: float, scale: float) -> str:
    return f"{seconds:g} s" + (f" (scaled by {scale:g}: {seconds * scale:g} s)" if scale != 1.0 else "")
