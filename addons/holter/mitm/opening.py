"""What the script's options ask for, opened: a recording, a replay, or both at once."""

from __future__ import annotations

import os
from typing import Any

from holter.errors import UsageError
from holter.faults import plans as faults
from holter.faults.sources import gathered
from holter.mitm import engine
from holter.receivers import Listener
from holter.recorder import Recorder, Recording
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace
from holter.replayer import Replay, Replayer
from holter.settings import RECORD_MODE

_REPLAY_ONLY = ("pace", "end", "ignore", "allow_faults", "max_age")


def opened(values: dict[str, Any], listener: Listener) -> Recorder | Replayer:
    """Open what is asked for by the values of the options; `HolterError` says why that cannot be."""
    if values["replay"]:
        return _replay(values, listener)
    if values["mode"]:
        return _upon(values, listener)
    return Recorder(_recording(values, os.path.expanduser(values["record"])), listener)


def check(values: dict[str, Any]) -> None:
    """Refuse options that do not go together."""
    if values["record"] and values["replay"]:
        raise UsageError("holter_record and holter_replay: give one of them, with holter_mode to do both")
    if values["append"] and values["mode"]:
        raise UsageError("holter_append and holter_mode: give one of them")
    if values["append"] and values["replay"]:
        raise UsageError("holter_append: only with holter_record; in a replay, holter_mode says what is kept")
    if values["scale"] == 0 and not values["replay"]:
        raise UsageError("holter_scale: 0 is only for a replay: a recording takes a number above 0")
    for name in _REPLAY_ONLY:
        if values[name] and not values["replay"]:
            raise UsageError(f"holter_{name}: only with holter_replay")


def mode(values: dict[str, Any]) -> Mode:
    """Return the record mode of a replay."""
    return Mode(values["mode"] or Mode.NONE)


def _upon(values: dict[str, Any], listener: Listener) -> Replayer:
    """Record onto a cassette that may exist, of which use is made."""
    if values["mode"] not in RECORD_MODE.choices:
        raise UsageError(
            f"holter_mode: {values['mode']!r} is none of {', '.join(RECORD_MODE.choices)}, with holter_record"
        )
    path = os.path.expanduser(values["record"])
    recording = _recording(values, path)
    replay = Replay(
        (path,),
        mode(values),
        scale=recording.scale,
        profile=recording.profile,
        plans=recording.plans,
    )
    return Replayer(replay, listener, recording)


def _replay(values: dict[str, Any], listener: Listener) -> Replayer:
    paths = tuple(os.path.expanduser(path) for path in values["replay"])
    replay = Replay(
        paths=paths,
        mode=mode(values),
        pace=Pace(values["pace"]) if values["pace"] else None,
        end=End(values["end"]) if values["end"] else None,
        scale=values["scale"],
        profile=values["profile"],
        match_on={op: {"ignore": list(names)} for op, names in values["ignore"]},
        allow_faults=values["allow_faults"],
        max_age=values["max_age"],
        stale=values["stale"],
        plans=_plans(values, faults.Mode.REPLAY if mode(values) is Mode.NONE else faults.Mode.PROXY),
    )
    return Replayer(replay, listener, _recording(values, paths[0]))


def _recording(values: dict[str, Any], path: str) -> Recording:
    return Recording(
        path=path,
        append=values["append"],
        profile=values["profile"],
        scale=values["scale"] or 1.0,
        plans=faults.Plans() if values["replay"] else _plans(values, faults.Mode.PROXY),
        redact=values["redact"],
        redact_keys=values["redact_key"],
        engine=engine.description(),
    )


def _plans(values: dict[str, Any], where: faults.Mode) -> faults.Plans:
    return gathered(
        values["faults"],
        values["fault"],
        values["cancel_on"],
        seed=values["seed"],
        mode=where,
        scale=values["scale"] or 1.0,
    )
