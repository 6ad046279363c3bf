"""Facts that were noted when a call was recorded, because masking hides them: each breaks a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holter.lease.conduct.evidence import Evidence, Heard, Observer, proof
from holter.wire.facts import CLOCK_SKEW, MANGLED, REGIONS
from holter.wire.message import Json, Origin
from holter.wire.operations import Role
from holter.wire.regex import regex

_LONG = r"has \d+ characters.*"
_STACK = r"has (?:102[5-9]|10[3-9]\d|1[1-9]\d\d|[23]\d{3}|40[0-8]\d|409[0-5]) characters.*"

REQUEST = tuple(
    (rule, regex(f"{path}: {text}", re.DOTALL))
    for rule, path, text in (
        ("illegal-chars", ".*", "holds the illegal character.*"),
        ("task-id-length", r"\$\.taskId", _LONG),
        ("status-enum", r"\$\.taskStatus", ".*"),
        ("errorid-length", r"\$\.errorId", _LONG),
        ("stack-length", r"\$\.errorStackTrace", _STACK),
        ("stack-over-4095", r"\$\.errorStackTrace", _LONG),
        ("workergroup-shape", r"\$\.workerGroup", _LONG),
        ("field-both-values", r"\$\.fields\[\d+\]", "has .*only one of them is allowed"),
        ("field-limits", r"\$\.fields\[\d+\]\.key", "is missing"),
        ("field-limits", r"\$\.fields\[\d+\]\.\w+", _LONG),
    )
)
"""The rule that a problem of a request breaks: the first whose pattern fits what `wire.check` says.

Where none does, it is `request-shape`; masking may have taken words away.
"""

ANSWER = tuple(
    (rule, regex(text, re.DOTALL))
    for rule, text in (
        ("answer-not-json", r"\$: is not JSON"),
        ("answer-shape", ".*: (?:must be|is missing|is empty).*"),
    )
)
"""The same for an answer of 200. What is too long or unknown in it harms no client."""

SKEWED, FAR = 300.0, 900.0
"""Seconds that two clocks may be apart (Signature Version 4: 5 minutes; 15 at the most)."""

_SIGNATURE = frozenset(
    {"RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch"}
)


class Notes(Observer):
    """Looks into a call's notes."""

    roles = frozenset(Role)

    def ended(self, heard: Heard) -> Iterator[Evidence]:
        """Yield what each note breaks."""
        notes = heard.call.notes
        if not notes:
            return
        for text in _texts(notes.get("request_problems")):
            rule = next((rule for rule, pattern in REQUEST if pattern.fullmatch(text)), "request-shape")
            yield _evidence(rule, heard, f"request {text}")
        for text in _texts(notes.get("response_problems")) if heard.call.status == 200 else ():
            for rule in [rule for rule, pattern in ANSWER if pattern.fullmatch(text)][:1]:
                yield _evidence(rule, heard, f"answer {text}", cause=heard.cause)
        if isinstance(skew := notes.get(CLOCK_SKEW), (int, float)) and abs(skew) > SKEWED:
            yield _skewed(heard, skew)
        if isinstance(regions := notes.get(REGIONS), list):
            yield _evidence(
                "region-mix", heard, f"handed out in {' and reported on in '.join(_texts(regions))}"
            )
        if isinstance(how := notes.get(MANGLED), str):
            yield _evidence("task-id-mangled", heard, f"taskId is that of {how}")


def _texts(value: Json) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _skewed(heard: Heard, skew: float) -> Evidence:
    ahead = "ahead of" if skew > 0 else "behind"
    said = f"the client's clock is {abs(skew):.0f} s {ahead} Holter's"
    proven = heard.call.origin is Origin.LIVE and heard.call.error in _SIGNATURE
    rule = "clock-skew-over-15min" if abs(skew) > FAR else "clock-skew"
    calls = proof(heard.call.seq)
    return Evidence(rule, heard.asked, f"{heard.caller}: {said}", calls, None, heard.caller, certain=proven)


def _evidence(rule: str, heard: Heard, said: str, *, cause: str | None = None) -> Evidence:
    text = f"{heard.task or heard.caller}: {heard.call.op}: {said}"
    return Evidence(
        rule, heard.asked, text, proof(heard.call.seq), heard.call.task, heard.caller, cause=cause
    )
