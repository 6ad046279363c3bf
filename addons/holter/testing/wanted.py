"""What a test asks of a replay: the words of its marker, the ini file and the command line, read."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from holter.errors import UsageError
from holter.faults import plans as faults
from holter.faults.sources import gathered
from holter.recorder import Recording
from holter.replay.modes import Mode, row
from holter.replay.pacing import End, Pace
from holter.replayer import Replay
from holter.settings import REPLAY_SCALE, SETTINGS, Setting

ARGUMENTS: Mapping[str, Setting] = {
    **{name: SETTINGS[name] for name in ("mode", "pace", "end")},
    "scale": REPLAY_SCALE,
    **{
        name: SETTINGS[name] for name in ("profile", "unplayed", "ignore", "allow_faults", "max_age", "stale")
    },
    **{name: SETTINGS[name] for name in ("cancel_on", "faults", "fault", "seed", "redact", "redact_key")},
}
"""What may be asked for, by the names of the settings."""

SCALE = 0.0
"""The scale of a test that names none: answers come at once."""

_OPTION = re.compile(rf"--({'|'.join(name.replace('_', '-') for name in ARGUMENTS)})\b")
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Said(NamedTuple):
    """A value as it was written, and the name that it was written under."""

    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """A replay, how to record where its mode does, and what unplayed answers are worth.

    `faults` are the faults in the words of the command.
    """

    replay: Replay
    recording: Recording
    unplayed: str
    faults: tuple[str, ...] = ()


def wanted(paths: Sequence[str], said: Mapping[str, Said]) -> Wanted:
    """Read what a test asks for; `UsageError` says in one line what is wrong, and what is allowed."""
    found = {name: _value(ARGUMENTS[known(name, one.name)], one) for name, one in said.items()}
    pace, end, scale = found.get("pace"), found.get("end"), found.get("scale", SCALE)
    profile = found.get("profile", "documented")
    replay = Replay(
        paths=tuple(paths),
        mode=Mode(found.get("mode", Mode.NONE)),
        pace=Pace(pace) if pace else None,
        end=End(end) if end else None,
        scale=scale,
        profile=profile,
        match_on=found.get("ignore", {}),
        plans=_plans(found, paths),
        **{name: found[name] for name in ("allow_faults", "max_age", "stale") if name in found},
    )
    recording = Recording(
        paths[0],
        profile=profile,
        scale=scale or 1.0,
        redact=found.get("redact", "default"),
        redact_keys=tuple(found.get("redact_key", ())),
        engine="in process",
    )
    return Wanted(replay, recording, found.get("unplayed", "ignore"), tuple(_fault_words(found)))


def _plans(found: Mapping[str, Any], paths: Sequence[str]) -> faults.Plans:
    """Return the faults that are asked for; botocore's own errors stand for broken connections in process."""
    live = row(Mode(found.get("mode", Mode.NONE)), there=all(map(os.path.exists, paths))).live
    return gathered(
        found.get("faults"),
        found.get("fault", ()),
        found.get("cancel_on"),
        seed=found.get("seed"),
        mode=faults.Mode.PROXY if live else faults.Mode.REPLAY,
        scale=found.get("scale") or 1.0,
    )


def _fault_words(found: Mapping[str, Any]) -> Iterator[str]:
    for name in ("faults", "cancel_on", "seed"):
        if (value := found.get(name)) is not None:
            yield from (ARGUMENTS[name].option, str(value))
    for fault in found.get("fault", ()):
        yield from ("--fault", fault)


def reworded(text: str) -> str:
    """Return what is said of options as said of a marker's arguments."""
    return _OPTION.sub(lambda found: found[1].replace("-", "_"), text)


def known(name: str, written: str) -> str:
    """Return the name of an argument; `UsageError` where there is none of that name."""
    if name not in ARGUMENTS:
        near = difflib.get_close_matches(name, ARGUMENTS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(ARGUMENTS)}"
        raise UsageError(f"{written}: is no argument ({hint})")
    return name


def _value(setting: Setting, said: Said) -> Any:
    if setting.name == "ignore":
        return _ignored(setting, said)
    if setting.many:
        return [_read(setting, said.name, one) for one in _listed(said)]
    return _flag(said) if setting.flag else _read(setting, said.name, said.value)


def _read(setting: Setting, name: str, value: Any) -> Any:
    try:
        return setting.read(str(value))
    except UsageError as why:
        raise UsageError(f"{name}{str(why).removeprefix(setting.option)}") from None


def _flag(said: Said) -> bool:
    text = str(said.value).strip().lower()
    if text not in (*_TRUE, *_FALSE):
        raise UsageError(f"{said.name}: {said.value!r} is neither true nor false")
    return text in _TRUE


def _listed(said: Said) -> list[Any]:
    if isinstance(said.value, str):
        return [said.value]
    if not isinstance(said.value, Sequence):
        raise UsageError(f"{said.name}: {said.value!r} is no list")
    return list(said.value)


def _ignored(setting: Setting, said: Said) -> dict[str, Any]:
    """Return paths by operation: from `{"PollForTask": ["hostname"]}`, or from texts as for the command."""
    if isinstance(said.value, Mapping):
        return {str(op): {"ignore": paths} for op, paths in said.value.items()}
    read = [_read(setting, said.name, text) for text in _listed(said)]
    return {op: {"ignore": list(paths)} for op, paths in read}
