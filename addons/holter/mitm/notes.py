"""Notes on mitmproxy's flows: what each call was, and the findings that it is the proof of.

By them mitmproxy's own filters find it: `~marked`, `~comment gap-over-5min`, `~meta "holter_task: task-1$"`.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary, WeakValueDictionary

from mitmproxy import http

from holter.lease.countdown import Ebb
from holter.lease.finding import Certainty, Finding, State
from holter.lease.growth import replaces
from holter.lease.rules import Severity
from holter.mitm import engine
from holter.mitm.guarding import HANDLED
from holter.receivers import Listener
from holter.report.words import flat
from holter.wire.message import Interaction

FINDINGS = "holter_findings"
"""Where in a flow's metadata the lines stand that are in its comment."""

UNSURE = ":white_circle:"
"""The mark of a call whose findings fail no run: only possible, or caused by a fault of ours."""

MARKS = {
    Severity.ERROR: ":red_circle:",
    Severity.WARNING: ":orange_circle:",
    Severity.NOTE: ":large_blue_circle:",
}
"""The marks of calls with certain findings."""

_ORDER = ("", UNSURE, *reversed(MARKS.values()))


class Notes:
    """A listener that writes on flows, and passes everything on to another.

    A flow is known by the number of its call as long as mitmproxy keeps it, and not kept by this.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._flows: WeakValueDictionary[int, http.HTTPFlow] = WeakValueDictionary()
        self._found: WeakKeyDictionary[http.HTTPFlow, list[Finding]] = WeakKeyDictionary()

    def called(self, interaction: Interaction, age: float | None) -> None:
        """Note on the flow that is at its end what its call was."""
        if flow := HANDLED.get():
            self._flows[interaction.seq] = flow
            flow.metadata.update(_said(interaction))
        self._listener.called(interaction, age)

    def found(self, finding: Finding) -> None:
        """Note a finding on the flows that prove it, as far as they are still there."""
        for seq in finding.interactions:
            if flow := self._flows.get(seq):
                before = [one for one in self._found.get(flow, ()) if not replaces(finding, one)]
                told = [] if finding.state is State.WITHDRAWN else [finding]
                self._found[flow] = [*before, *told]
                _write(flow, self._found[flow])
                engine.updated(flow)
        self._listener.found(finding)

    def ebbing(self, ebb: Ebb) -> None:
        """Pass it on."""
        self._listener.ebbing(ebb)

    def trouble(self, text: str) -> None:
        """Pass it on."""
        self._listener.trouble(text)


def _said(call: Interaction) -> dict[str, str | int]:
    """Return what a flow's metadata says of its call: plain values, that mitmproxy can save."""
    said: dict[str, str | int | None] = {
        "holter_call": call.seq,
        "holter_op": call.op,
        "holter_task": call.task,
        "holter_caller": call.caller,
        "holter_origin": call.origin and call.origin.value,
        "holter_fault": call.fault,
        "holter_error": call.error,
        "holter_broken": call.broken and call.broken.value,
    }
    return {key: value for key, value in said.items() if value}


def _write(flow: http.HTTPFlow, findings: list[Finding]) -> None:
    """Write findings into a flow's comment and mark; what the user wrote there stays."""
    before: list[str] = flow.metadata.get(FINDINGS, [])
    lines = [_line(finding) for finding in findings]
    theirs = flow.comment.removesuffix("\n".join(before)).rstrip("\n")
    flow.metadata[FINDINGS] = lines
    flow.comment = "\n".join([theirs, *lines] if theirs else lines)
    if flow.marked in _ORDER:
        flow.marked = max(map(_mark, findings), key=_ORDER.index, default="")


def _line(finding: Finding) -> str:
    how = f"{finding.severity}, {finding.certainty}, {finding.state}"
    why = f"; suppressed: {finding.suppressed}" if finding.suppressed else ""
    return flat(f"{finding.rule} ({how}{why}): {finding.message}")


def _mark(finding: Finding) -> str:
    if finding.suppressed:
        return ""
    sure = finding.certainty is Certainty.CERTAIN and finding.cause != "fault"
    return MARKS[finding.severity] if sure else UNSURE
