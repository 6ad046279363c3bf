"""Profiles by name, from a YAML file, and from a cassette's header."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from holter.errors import ConfigError
from holter.lease.profile import DOCUMENTED, PROFILES, Limits, Profile
from holter.lease.rules import RULES, Severity
from holter.lease.suppression import Suppression
from holter.wire.near import near

_KEYS = ("holter-profile", "name", "extends", "limits", "tolerance", "grace", "rules", "suppress", "replay")
_REPLAY = ("pace", "end", "match_on")
_GRADES = (*(severity.value for severity in Severity), "off")


def named(name: str) -> Profile:
    """Return a shipped profile by its name, or one from a YAML file by its path.

    Raises `ConfigError` with the file and the key for whatever is wrong.
    """
    return _named(name, ())


def _named(name: str, below: tuple[str, ...]) -> Profile:
    """Return a profile; `below` are the files that extend it."""
    if name in PROFILES:
        return PROFILES[name]
    if not os.path.isfile(name):
        known = ", ".join(PROFILES)
        raise ConfigError(f"profile {name!r} is none of {known}, and there is no such file")
    if (real := os.path.realpath(name)) in below:
        raise ConfigError(f"{name}: extends: leads back to itself")
    return _from_file(name, (*below, real))


def recorded(value: Mapping[str, Any]) -> Profile:
    """Return the profile that a cassette's header keeps; its times are scaled already."""
    base = PROFILES.get(str(value.get("name")), DOCUMENTED)
    scale = _numbers("header", "profile", {"scale": value.get("scale", 1.0)}, ("scale",))["scale"]
    return replace(
        base,
        name=str(value.get("name", base.name)),
        scale=scale,
        limits=replace(base.limits, **_numbers("header", "limits", value.get("limits", {}), _LIMITS)),
        tolerance=_numbers("header", "tolerance", value.get("tolerance", dict(base.tolerance)), _TOLERANCES),
        grace=_numbers("header", "grace", value.get("grace", dict(base.grace)), _GRACES),
        rules=_rules("header", value.get("rules", dict(base.rules))),
        suppress=_suppressed("header", value.get("suppress", [])),
    )


_LIMITS = tuple(limit.name for limit in fields(Limits))
_TOLERANCES = (*_LIMITS, "network")
_GRACES = tuple(DOCUMENTED.grace)
_ABOVE_ZERO = ("limits", "profile")


def _from_file(path: str, below: tuple[str, ...]) -> Profile:
    data, lines = _load(path)
    _known(path, "", data, _KEYS)
    if data.get("holter-profile") != 1:
        raise ConfigError(f"{path}: is no profile: its first line must be `holter-profile: 1`")
    extends = data.get("extends", "documented")
    if not isinstance(extends, str):
        raise ConfigError(f"{path}: extends: must name another profile")
    base = _named(extends if extends in PROFILES else os.path.join(os.path.dirname(path), extends), below)
    limits = _numbers(path, "limits", data.get("limits", {}), _LIMITS)
    return replace(
        base,
        name=str(data.get("name", os.path.basename(path))),
        limits=replace(base.limits, **limits),
        tolerance={**base.tolerance, **_numbers(path, "tolerance", data.get("tolerance", {}), _TOLERANCES)},
        grace={**base.grace, **_numbers(path, "grace", data.get("grace", {}), _GRACES)},
        rules={**base.rules, **_rules(path, data.get("rules", {}))},
        suppress=base.suppress + _suppressed(path, data.get("suppress", []), lines),
        replay={**base.replay, **_replay(path, data.get("replay", {}))},
        sources={**base.sources, **dict.fromkeys(limits, f"profile {path}")},
    )


def _suppressed(path: str, data: Any, lines: Sequence[int] = ()) -> tuple[Suppression, ...]:
    if data == []:
        return ()
    from holter.lease import suppressionfile  # most profiles suppress nothing

    return suppressionfile.read(path, data, lines)


def _load(path: str) -> tuple[dict[str, Any], list[int]]:
    """Return what a file holds, and the lines of its suppressions."""
    import yaml

    from holter.lease import suppressionfile

    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        data, lines = yaml.safe_load(text), suppressionfile.lines(text)
    except (
        OSError,
        ValueError,
        yaml.YAMLError,
    ) as why:  # ValueError: not UTF-8, or a date such as 2027-02-30
        raise ConfigError(f"{path}: cannot be read: {' '.join(str(why).split())}") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: is no profile: it must be a mapping that begins with `holter-profile: 1`")
    return data, lines


def _known(path: str, where: str, data: Mapping[str, Any], names: Iterable[str]) -> None:
    for key in data:
        if key not in names:
            meant = near(str(key), names)
            hint = f"did you mean {meant}?" if meant else f"known: {', '.join(names)}"
            raise ConfigError(f"{path}: {where}{key}: is unknown ({hint})")


def _numbers(path: str, where: str, data: Any, names: tuple[str, ...]) -> dict[str, float]:
    _mapping(path, where, data)
    _known(path, f"{where}.", data, names)
    for key, value in data.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
            raise ConfigError(f"{path}: {where}.{key}: {value!r} is no number of seconds")
        if not value and where in _ABOVE_ZERO:
            raise ConfigError(f"{path}: {where}.{key}: must be more than 0")
    return {key: float(value) for key, value in data.items()}


def _rules(path: str, data: Any) -> dict[str, str]:
    _mapping(path, "rules", data)
    _known(path, "rules.", data, RULES)
    grades = {
        key: "off" if value is False else value for key, value in data.items()
    }  # YAML 1.1 reads off as false
    for key, grade in grades.items():
        if grade not in _GRADES:
            raise ConfigError(f"{path}: rules.{key}: {grade!r} is none of {', '.join(_GRADES)}")
    return grades


def _replay(path: str, data: Any) -> Mapping[str, Any]:
    _mapping(path, "replay", data)
    _known(path, "replay.", data, _REPLAY)
    _mapping(path, "replay.match_on", data.get("match_on", {}))
    return dict(data)


def _mapping(path: str, where: str, data: Any) -> None:
    if not isinstance(data, Mapping):
        raise ConfigError(f"{path}: {where}: must be a mapping")
