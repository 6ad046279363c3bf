"""The documented date functions of pipeline expressions (developer guide, "Date and Time Functions")."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Value: TypeAlias = str | int | datetime

ISO = "%Y-%m-%dT%H:%M:%S"

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


def show(value: Value) -> str:
    """Return a value as it stands in a text; a time as `YYYY-MM-DDTHH:MM:SS`."""
    return value.strftime(ISO) if isinstance(value, datetime) else str(value)


def stamp(wall: float) -> str:
    """Return seconds since 1970 as `YYYY-MM-DDTHH:MM:SS`, UTC."""
    return datetime.fromtimestamp(wall, UTC).strftime(ISO)


def moment(value: Value) -> datetime:
    """Return a value as a time; ValueError where it is none."""
    if isinstance(value, datetime):
        return value
    return datetime.strptime(str(value).removesuffix("Z").removesuffix("z"), ISO).replace(tzinfo=UTC)


def _months(when: datetime, count: int) -> datetime:
    year, month = divmod(when.year * 12 + when.month - 1 + count, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"the year {year} is out of range")
    last = calendar.monthrange(year, month + 1)[1]
    return when.replace(year=year, month=month + 1, day=min(when.day, last))


def _format(when: datetime, pattern: str) -> str:
    """Format as Joda Time does, for the letters that have an obvious meaning."""
    done, out = 0, []
    for token in _TOKEN.finditer(pattern):
        if token.start() != done:
            break
        out.append(_letter(when, token))
        done = token.end()
    if done != len(pattern):
        raise ValueError(f"the format {pattern!r} has an open quote")
    return "".join(out)


def _letter(when: datetime, token: re.Match[str]) -> str:
    if token[2] is None:
        return token[0] if token[1] is None else (token[1].replace("''", "'") or "'")
    if token[2] not in _LETTERS:
        raise ValueError(f"the format letter {token[2]!r} is not supported")
    return _LETTERS[token[2]](when, len(token[0]))


def _year(when: datetime, width: int) -> str:
    return f"{when.year % 100:02d}" if width == 2 else str(when.year).zfill(width)


def _month(when: datetime, width: int) -> str:
    if width < 3:
        return str(when.month).zfill(width)
    return calendar.month_abbr[when.month] if width == 3 else calendar.month_name[when.month]


def _weekday(when: datetime, width: int) -> str:
    return calendar.day_abbr[when.weekday()] if width < 4 else calendar.day_name[when.weekday()]


def _digits(number: Callable[[datetime], int]) -> Callable[[datetime, int], str]:
    return lambda when, width: str(number(when)).zfill(width)


_LETTERS: Mapping[str, Callable[[datetime, int], str]] = {
    "y": _year,
    "Y": _year,
    "M": _month,
    "E": _weekday,
    "d": _digits(lambda when: when.day),
    "D": _digits(lambda when: when.timetuple().tm_yday),
    "H": _digits(lambda when: when.hour),
    "h": _digits(lambda when: when.hour % 12 or 12),
    "m": _digits(lambda when: when.minute),
    "s": _digits(lambda when: when.second),
    "S": lambda _when, width: "0" * width,
    "a": lambda when, _width: "AM" if when.hour < 12 else "PM",
    "z": lambda _when, _width: "UTC",
    "Z": lambda _when, width: "+00:00" if width == 2 else "+0000",
}

_Step: TypeAlias = Callable[[datetime, int], datetime]

_STEPS: Mapping[str, _Step] = {
    "Minutes": lambda when, count: when + timedelta(minutes=count),
    "Hours": lambda when, count: when + timedelta(hours=count),
    "Days": lambda when, count: when + timedelta(days=count),
    "Weeks": lambda when, count: when + timedelta(weeks=count),
    "Months": _months,
    "Years": lambda when, count: _months(when, 12 * count),
}


def _stepper(step: _Step, sign: int) -> Callable[..., Value]:
    return lambda when, count: step(moment(when), sign * int(count))


def _part(part: Callable[[datetime], Value]) -> Callable[..., Value]:
    return lambda when: part(moment(when))


def _make(year: Value, month: Value, day: Value, hour: Value = 0, minute: Value = 0) -> datetime:
    y, m, d, h, n = (int(show(part)) for part in (year, month, day, hour, minute))
    return datetime(y, m, d, h, n, tzinfo=UTC)


FUNCTIONS: Mapping[str, tuple[int, Callable[..., Value]]] = {
    **{f"plus{name}": (2, _stepper(step, 1)) for name, step in _STEPS.items()},
    **{f"minus{name}": (2, _stepper(step, -1)) for name, step in _STEPS.items()},
    "day": (1, _part(lambda when: when.day)),
    "dayOfYear": (1, _part(lambda when: when.timetuple().tm_yday)),
    "hour": (1, _part(lambda when: when.hour)),
    "minute": (1, _part(lambda when: when.minute)),
    "month": (1, _part(lambda when: when.month)),
    "year": (1, _part(lambda when: when.year)),
    "firstOfMonth": (1, _part(lambda when: when.replace(day=1))),
    "midnight": (1, _part(lambda when: when.replace(hour=0, minute=0, second=0))),
    "sunday": (1, _part(lambda when: when - timedelta(days=(when.weekday() + 1) % 7))),
    "yesterday": (1, _part(lambda when: when - timedelta(days=1))),
    "format": (2, lambda when, pattern: _format(moment(when), str(pattern))),
    "makeDate": (3, _make),
    "makeDateTime": (5, _make),
}
"""Every function: how many arguments it takes, and what it does. Raises ValueError or OverflowError."""
