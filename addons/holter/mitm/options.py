"""The script's options among mitmproxy's: defined, read, and misspelt ones guessed at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from holter.errors import UsageError
from holter.mitm import engine
from holter.settings import REPLAY_SCALE, SETTINGS, Setting

PREFIX = "holter_"

KEEP = 5000
"""Calls that stay in the list of flows; at 6 kB each (measured on 20,000 calls of 1 kB) these are 30 MB."""


def _files(text: str) -> tuple[str, ...]:
    files = tuple(part.strip() for part in text.split(",") if part.strip())
    if not files:
        raise ValueError(f"{text!r} names no file")
    return files


def _limit(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise ValueError(f"{text!r} is not a whole number from 0 up")
    return int(text)


_OWN = (
    Setting("record", "Record Data Pipeline calls to this cassette and audit them.", "FILE"),
    Setting(
        "replay",
        "Answer Data Pipeline calls from these cassettes and audit them.",
        "FILE[,FILE]",
        parse=_files,
    ),
    Setting(
        "keep_flows",
        "Keep this many calls in the list of flows, and as many marked ones; 0 keeps all.",
        "N",
        KEEP,
        _limit,
    ),
)
_MODE = replace(
    SETTINGS["mode"],
    help="In a replay, answer from the cassette only (none, the default), or record too; in a recording, "
    "once, new_episodes or all say what is done with a cassette that exists.",
    default=None,
)
_SCALE = replace(
    SETTINGS["scale"],
    help=f"{SETTINGS['scale'].help} In a replay, 0 answers at once.",
    parse=REPLAY_SCALE.parse,
)

OPTIONS: dict[str, Setting] = {
    setting.name: setting for setting in (*_OWN, *(one for one in SETTINGS.values() if one.addon))
} | {"mode": _MODE, "scale": _SCALE}
"""All options of the script, by their names without `holter_`."""

_COMMANDS = re.compile(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*")
_SCRIPTS = {setting.option: PREFIX + name for name, setting in OPTIONS.items()}

FIXED = ("record", "replay")
"""Those that cannot be changed while mitmproxy runs."""


def define(loader: Loader) -> None:
    """Define our options. mitmproxy's `--set` cannot take floats, so all but switches are text."""
    for setting in OPTIONS.values():
        name = PREFIX + setting.name
        if setting.flag:
            loader.add_option(name, bool, False, setting.help)
        elif setting.many:
            loader.add_option(name, Sequence[str], [], setting.help)
        else:
            default = "" if setting.default is None else str(setting.default)
            loader.add_option(name, str, default, setting.help)


def values() -> dict[str, Any]:
    """Return the values of all options; `UsageError` names the first that is wrong."""
    return {name: value(setting) for name, setting in OPTIONS.items()}


def value(setting: Setting) -> Any:
    """Return the value of an option; `UsageError` says what is wrong with it."""
    said = getattr(ctx.options, PREFIX + setting.name)
    try:
        if setting.flag:
            return said
        if setting.many:
            return tuple(setting.read(item) for item in said)
        return setting.read(said) if said else setting.default
    except UsageError as wrong:
        raise UsageError(spelled(str(wrong))) from None


def asked(name: str) -> bool:
    """Tell whether an option of text is set."""
    return bool(getattr(ctx.options, PREFIX + name))


def changed(updated: set[str]) -> None:
    """Refuse what cannot be set while mitmproxy runs, with its own error."""
    try:
        for name in (name for name in OPTIONS if PREFIX + name in updated):
            if name in FIXED:
                raise UsageError(f"{PREFIX}{name} cannot be changed while mitmproxy runs")
            value(OPTIONS[name])
    except UsageError as wrong:
        raise exceptions.OptionsError(str(wrong)) from None


def spelled(text: str) -> str:
    """Return an error of the command's, with the script's options in place of the command's."""
    return _COMMANDS.sub(lambda found: _SCRIPTS.get(found[0], found[0]), text)


def misspelt() -> list[str]:
    """Return a line for each option with our prefix that was set and does not exist."""
    found = []
    for name in engine.unknown_options(PREFIX):
        near = difflib.get_close_matches(name.removeprefix(PREFIX), OPTIONS, 1)
        known = ", ".join(PREFIX + option for option in OPTIONS)
        meant = f"did you mean {PREFIX}{near[0]}?" if near else f"known: {known}"
        found.append(f"unknown option {name} ({meant})")
    return found
