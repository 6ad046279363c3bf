"""Options of the command line, made from the one table of settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holter.faults.plans import Plans
from holter.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from holter.board.serve import Board
    from holter.cli.alarm import Alarm
    from holter.cli.views import View
    from holter.faults.plans import Mode
    from holter.receivers import Listener

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


def listening(settings: dict[str, Any], view: View) -> dict[str, Any]:
    """Return who is told of a run: what shows it, who starts a command, and the board, where asked for."""
    lines = view.listener
    alarm = _alarm(lines, settings["on_finding"])
    board = boarded(settings, alarm or lines, view.linked)
    listener = board.watch if board else alarm or lines
    return {"listener": listener, "board": board, "alarm": alarm, "view": view}


def _alarm(listener: Listener, command: str | None) -> Alarm | None:
    if not command:
        return None
    from holter.cli.alarm import Alarm

    return Alarm(listener, command)


def boarded(settings: dict[str, Any], listener: Listener, tell: Callable[[str], None]) -> Board | None:
    """Return the board that settings ask for; its link is told."""
    if not (settings["board"] or settings["control"] or settings["control_file"]):
        return None
    from holter.board.serve import asked  # and with it all that can be asked of a run: most are not

    return asked(
        listener,
        control=settings["control"],
        file=settings["control_file"],
        board=settings["board"],
        tell=tell,
    )


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
