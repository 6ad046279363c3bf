"""Options of the command line, made from the one table of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holter.faults.plans import Plans
from holter.report.lines import Findings, Lines
from holter.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from holter.faults.plans import Mode

_F = TypeVar("_F", bound=Callable[..., Any])


class _Value(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on only
    """A setting's own reader, so that command and addon refuse the same values in the same words."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.name = setting.name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self.setting.read(value) if isinstance(value, str) else value


def options(*names: str | Setting) -> Callable[[_F], _F]:
    """Decorate a command with settings, by their names in the table or as they are."""

    def decorate(function: _F) -> _F:
        for name in reversed(names):
            function = _option(SETTINGS[name] if isinstance(name, str) else name)(function)
        return function

    return decorate


def planned(settings: dict[str, Any], mode: Mode) -> Plans:
    """Return the faults that settings ask for."""
    if not (settings["faults"] or settings["fault"] or settings["cancel_on"]):
        return Plans(seed=settings["seed"])
    from holter.faults.sources import gathered  # and with it every kind of fault: most runs need none

    return gathered(
        settings["faults"],
        settings["fault"],
        settings["cancel_on"],
        seed=settings["seed"],
        mode=mode,
        scale=settings["scale"] or 1.0,  # a replay that never waits
    )


def listening(settings: dict[str, Any], tell: Callable[[str], None]) -> dict[str, Any]:
    """Return who is told of a run: its lines, and the board where the control API is asked for."""
    lines = Findings(tell) if settings.get("quiet") else Lines(tell)
    if settings["control"] is None and settings["control_file"] is None:
        return {"listener": lines, "board": None}
    from holter.board.serve import asked  # and with it all that can be asked of a run: most are not

    board = asked(settings["control"], settings["control_file"], lines)
    return {"listener": board.watch if board else lines, "board": board}


def _option(setting: Setting) -> Callable[[_F], _F]:
    if setting.flag:
        return click.option(setting.option, setting.name, is_flag=True, default=False, help=setting.help)
    return click.option(
        setting.option,
        setting.name,
        type=_Value(setting),
        default=None if setting.many else setting.default,
        multiple=setting.many,
        metavar="|".join(setting.choices) or setting.metavar,
        help=setting.help,
        show_default=isinstance(setting.default, (str, float)),
    )
