"""Every error that Holter raises on purpose.

HolterError                 one line for the user; the command prints it and exits 2
├── UsageError              an option, a setting or a combination of them is wrong
├── MissingExtraError            a part was not installed; says which extra to install
├── ConfigError             a profile or plan file is wrong
├── CassetteError           a recording cannot be read or written
│   ├── CassetteExistsError      recording onto a file that is already there
│   └── CassetteLockedError      another recorder holds the file
└── CommandNotStartedError       the wrapped command could not be started (exit 3)
"""

from __future__ import annotations


class HolterError(Exception):
    """What happened, where, and what to do, in one line."""

    exit_code = 2


class UsageError(HolterError):
    """An option, a setting or a combination of them is wrong."""


class MissingExtraError(HolterError):
    """A command needs a part of Holter that is not installed."""

    def __init__(self, what: str, extra: str, missing: str) -> None:
        super().__init__(f"{what} needs {missing}, which is not installed: pip install 'holter[{extra}]'")


class ConfigError(HolterError):
    """A profile or plan file is wrong."""


class CassetteError(HolterError):
    """A recording cannot be read or written."""


class CassetteExistsError(CassetteError):
    """Recording onto a file that is already there would lose what it holds."""


class CassetteLockedError(CassetteError):
    """Another recorder is writing to the same file."""


class CommandNotStartedError(HolterError):
    """The wrapped command could not be started."""

    exit_code = 3
