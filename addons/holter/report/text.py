"""The report for people: verdict first, then findings, then tasks; 80 columns, no colour of its own."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from holter.lease.audit import Audit
from holter.lease.catalogue.gaps import ROWS as GAPS
from holter.lease.finding import Finding
from holter.lease.machine import Lease
from holter.lease.rules import RULES, Severity
from holter.lease.whatif import changed
from holter.report.crew import by_caller
from holter.report.place import Place
from holter.report.words import calls, clock, counted, day, flat, shorten

_GAPS = {rule.id for rule in GAPS}
_WIDTH = 80
_BLIND = 8
_TOLD = 20
_ROW = "{:<29} {:<12} {:>8} {:>6} {:>9} {:>5}"
_RUNNER = "{:<24} {:>6} {:>5} {:>10} {:>5} {:>6} {:>9} {:>5}"


def render(audit: Audit, *, title: str = "", places: Mapping[int, Place] | None = None) -> str:
    """Return the whole report, ending with a newline.

    With `places` a finding names file and line of its calls in place of their numbers, which only one file
    can tell.
    """
    parts = [
        *_verdict(audit, title),
        *_findings(audit, places),
        *_suppressed(audit),
        *_blind(audit),
        *_tasks(audit),
        *_runners(audit),
        "",
    ]
    return "\n".join(parts)


def _verdict(audit: Audit, title: str) -> Iterator[str]:
    """Yield the verdict on one line, or where that is too long, on two or three that grep still finds."""
    counts = Counter(finding.severity for finding in audit.findings if finding.fails("note"))
    said = ", ".join(counted(counts[kind], kind.value) for kind in reversed(Severity) if counts[kind])
    held = sum(finding.suppressed is not None for finding in audit.findings)
    unsure = sum(not finding.fails("note") for finding in audit.findings) - held
    fail = "fails" if unsure == 1 else "fail"
    more = [f"{unsure} more that {fail} no run"] * bool(unsure) + [f"{held} suppressed"] * bool(held)
    extra = f" ({', '.join(more)})" if more else ""
    seen = f"{counted(audit.calls, 'call')}, {counted(len(audit.leases), 'lease')}"
    scale = f", times scaled by {audit.profile.scale:g}" if audit.profile.scale != 1 else ""
    other = "".join(f", {name} {seconds:g} s" for name, seconds in changed(audit.profile).items())
    line = flat(f"{title}:") if title else ""
    for part in (f"{said or 'no findings'}{extra} in {seen};", f"profile {audit.profile.name}{other}{scale}"):
        joined = f"{line} {part}" if line else part
        if line and len(joined) > _WIDTH:
            yield line
            joined = f"  {part}"
        line = joined
    yield line


def _findings(audit: Audit, places: Mapping[int, Place] | None) -> Iterator[str]:
    dated = _over_midnight(audit)
    counted_ones = [finding for finding in audit.findings if not finding.suppressed]
    found = {rule: [finding for finding in counted_ones if finding.rule == rule] for rule in RULES}
    worst = sorted((rule for rule in RULES if found[rule]), key=lambda rule: -found[rule][0].severity.rank)
    for rule in worst:
        broken = found[rule]
        yield ""
        yield from _wrapped(f"{broken[0].severity} {rule}: {RULES[rule].meaning}", "")
        for finding in broken:
            yield from _wrapped(f"- {clock(finding.at, dated=dated)} {_said(finding, places)}", "  ")
        for source in _sources(rule, broken):
            yield from _wrapped(f"source: {source}", "  ")
        yield from _wrapped(f"to do: {RULES[rule].action}", "  ")


def _over_midnight(audit: Audit) -> bool:
    """Tell whether a time of day is not enough to say when something was."""
    line = audit.timeline
    return line.zero is not None and day(line.wall(0.0)) != day(line.wall(line.seen))


def _sources(rule: str, broken: Sequence[Finding]) -> Iterator[str]:
    """Yield who says so: of a gap, who set the limits that it broke; of all else, the rule's source first."""
    said = [] if rule in _GAPS else [RULES[rule].source]
    yield from dict.fromkeys([*said, *(finding.limit.source for finding in broken if finding.limit)])


def _suppressed(audit: Audit) -> Iterator[str]:
    held = Counter((one.rule, one.suppressed) for one in audit.findings if one.suppressed)
    unused = list(audit.suppressions.unused)
    if held or unused:
        yield ""
    for (rule, reason), number in held.items():
        yield from _wrapped(f"suppressed: {number} x {rule}: {reason}", "")
    for one in unused:
        yield from _wrapped(f"suppressed nothing: {one}{f' ({one.place})' if one.place else ''}", "")


def _said(finding: Finding, places: Mapping[int, Place] | None) -> str:
    who = f" [{finding.caller}]" if finding.caller else ""
    doubt = f" [{finding.certainty}]" if finding.certainty != "certain" else ""
    return f"{finding.message}{_proof(finding, places)}{who}{doubt}"


def _proof(finding: Finding, places: Mapping[int, Place] | None) -> str:
    if not finding.interactions:
        return ""
    if places is None:
        return f" ({calls(finding.interactions)})"
    stand = [places[seq] for seq in finding.interactions if seq in places]
    return f" ({' to '.join(f'{PurePath(place.file).name}:{place.line}' for place in stand)})"


def _blind(audit: Audit) -> Iterator[str]:
    longest, dated = (
        sorted(audit.blind, key=lambda blind: blind.since - blind.until)[:_BLIND],
        _over_midnight(audit),
    )
    if longest:
        yield ""
    for blind in sorted(longest, key=lambda blind: blind.since):
        since, until = clock(blind.since, dated=dated), clock(blind.until, dated=dated)
        yield from _wrapped(f"blind from {since} to {until}: {blind.why}", "")
    if len(audit.blind) > _BLIND:
        seconds = sum(blind.until - blind.since for blind in audit.blind)
        yield f"and {len(audit.blind) - _BLIND} shorter times; {seconds:.1f} s in all"


def _tasks(audit: Audit) -> Iterator[str]:
    if not audit.leases:
        return
    yield ""
    yield _ROW.format("task       activity", "outcome", "ack s", "beats", "max gap s", "used")
    for lease in audit.leases:
        yield _task(lease)
    yield from _about(audit.leases)


def _about(leases: Sequence[Lease]) -> Iterator[str]:
    """Yield what the table has no column for."""
    told = [
        *(f"{one.task} was handed out again as {one.redelivered_as}" for one in leases if one.redelivered_as),
        *(
            f"{one.task}: limit unknown, default used: {name} is {said!r}"
            for one in leases
            for name, said in one.handout.unread.items()
        ),
    ]
    for line in told[:_TOLD]:
        yield from _wrapped(line, "  ")
    if len(told) > _TOLD:
        yield f"  and {len(told) - _TOLD} more such lines (all in --format json)"


def _task(lease: Lease) -> str:
    beats = lease.beats
    ack = f"{beats.ack:.2f}" if beats.ack is not None else "-"
    longest = "-" if beats.longest is None else f"{beats.longest:.2f}"
    task = shorten(lease.task, 20)
    activity = shorten(lease.handout.activity or "-", min(18, 28 - len(task)))
    named = f"{task:<10} {activity}"
    outcome = shorten(lease.outcome or "open", 12)
    used = _percent(lease.worst_share)
    return _ROW.format(named, outcome, ack, beats.ok, longest, used)


def _runners(audit: Audit) -> Iterator[str]:
    """Yield the table of runners: `alive` counts their own beats, `beats` those of their tasks."""
    if not audit.callers:
        return
    yield ""
    yield _RUNNER.format("runner", "calls", "tasks", "unpolled s", "alive", "beats", "max gap s", "used")
    crews = by_caller(audit.callers, audit.leases)
    for name, called in audit.callers.items():
        crew, runner = crews[name], audit.runners.of(name)
        gap = "-" if crew.longest is None else f"{crew.longest:.2f}"
        idle = f"{runner.unpolled:.2f}" if runner.polls else "-"
        numbers = (called, crew.tasks, idle, runner.alive, crew.ok, gap, _percent(crew.worst_share))
        yield _RUNNER.format(shorten(name, 24), *numbers)


def _percent(share: float) -> str:
    return f"{share:.0%}" if share < 9.995 else ">999%"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        flat(text),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,  # a task or a rule cut in two is not found by grep
    )
