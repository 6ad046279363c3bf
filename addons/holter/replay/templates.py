"""Templates in answers that were written by hand: `{{now}}`, `{{now+5m}}`, `{{uuid}}`, `{{n}}`, `{{task}}`.

Only documents without `seq` and `mono`, which no recorder writes, are looked at: what was recorded is played
as it was, whatever braces are in it. `{{!text}}` stands for `{{text}}` itself.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from holter.wire.message import Json
from holter.wire.regex import regex
from holter.wire.value import value

TEMPLATES = {
    "now": "the time of the call, UTC, as the service writes it: 2026-11-21T08:28:19",
    "now+5m": "that much later or, with -, earlier; units are s, m, h, d",
    "uuid": "a random-looking id, the same in every run",
    "n": "how many times this answer has been given, from 1",
    "task": "the live id of the task",
}
"""Every template, and what it becomes."""

_BRACES = regex(r"\{\{(.*?)\}\}", re.DOTALL)
_NOW = regex(r"now(?:([+-])(\d{1,9})([smhd]))?")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LAST = 253_402_300_799  # the last second of the year 9999


@value
class Facts:
    """What templates are filled with: `now` in seconds since 1970 UTC; `seed` makes ids what they are."""

    now: float
    n: int = 1
    task: str = ""
    seed: str = ""


def filled(value: Json, facts: Facts) -> Json:
    """Return a value with all templates in its strings filled."""
    if isinstance(value, str):
        return _BRACES.sub(lambda found: _filled(found[1], facts), value) if "{{" in value else value
    if isinstance(value, dict):
        return {key: filled(inner, facts) for key, inner in value.items()}
    return [filled(inner, facts) for inner in value] if isinstance(value, list) else value


def unknown(value: Json) -> list[str]:
    """Return what stands in double braces in a value and is no template."""
    if isinstance(value, str):
        return [found for found in _BRACES.findall(value) if not _known(found)]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [found for inner in inside for found in unknown(inner)]


def _known(name: str) -> bool:
    return name.startswith("!") or name in ("uuid", "n", "task") or _NOW.fullmatch(name) is not None


def _filled(name: str, facts: Facts) -> str:
    if name.startswith("!"):
        return f"{{{{{name[1:]}}}}}"
    if moment := _NOW.fullmatch(name):
        return _time(facts.now, moment)
    return {"uuid": _uuid(facts), "n": str(facts.n), "task": facts.task}[name]


def _time(now: float, found: re.Match[str]) -> str:
    sign, number, unit = found.groups()
    seconds = int(number) * _UNITS[unit] * (-1 if sign == "-" else 1) if number else 0
    at = min(max(0.0, now + seconds), _LAST)
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _uuid(facts: Facts) -> str:
    digits = hashlib.sha256(f"{facts.seed}/{facts.n}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
