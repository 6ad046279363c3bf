"""The addon as `mitmdump -s` loads it: its options are mitmproxy's, its words go to mitmproxy's log."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Sequence
from typing import Any

from mitmproxy import ctx, exceptions
from mitmproxy.addonmanager import Loader

from holter import portfile
from holter.errors import HolterError, UsageError
from holter.faults.plans import Mode
from holter.faults.sources import gathered
from holter.mitm import engine
from holter.mitm.addon import Proxy
from holter.mitm.hosts import Hosts
from holter.recorder import Recorder, Recording
from holter.report import text
from holter.report.lines import Lines
from holter.settings import SETTINGS, Setting

PREFIX = "holter_"
RECORD = f"{PREFIX}record"

_log = logging.getLogger("mitmproxy.holter")  # below mitmproxy's own logger, whose level the user sets


class Script(Proxy):
    """Reads its settings from mitmproxy's options and begins to record when the proxy is up."""

    def __init__(self) -> None:
        super().__init__()
        self._up = False

    def load(self, loader: Loader) -> None:
        """Define our options. mitmproxy's `--set` cannot take floats, so all but switches are text."""
        loader.add_option(RECORD, str, "", "Record Data Pipeline calls to this cassette and audit them.")
        for setting in SETTINGS.values():
            if setting.addon:
                _define(loader, setting)

    def configure(self, updated: set[str]) -> None:
        """Refuse wrong values that are set while we run; those of the start are refused in `running`."""
        if not self._up:
            return
        if RECORD in updated:
            raise exceptions.OptionsError(f"{RECORD} cannot be changed while mitmproxy runs")
        try:
            for name in updated & {PREFIX + name for name in SETTINGS}:
                _checked(SETTINGS[name.removeprefix(PREFIX)])
        except UsageError as wrong:
            raise exceptions.OptionsError(str(wrong)) from None

    def running(self) -> None:
        """Refuse misspelt options and wrong values, one line each, then begin to record."""
        self._up = True
        for name in engine.unknown_options(PREFIX):
            _log.error("holter: unknown option %s%s", name, _meant(name))
        if not ctx.options.holter_record:
            return
        try:
            self._begin()
        except HolterError as wrong:
            _log.error("holter: %s", wrong)

    def _begin(self) -> None:
        values = {name: _checked(setting) for name, setting in SETTINGS.items() if setting.addon}
        engine.set_default("connection_strategy", "lazy")  # an upstream that is down then breaks a call
        named = [*values["host"], *(host for (host, _), _ in values["connect_to"])]
        self.set_up(Hosts(named), values["connect_to"], strict=values["strict"])
        listener = Lines(_log.info, _log.warning)
        recording = Recording(
            path=os.path.expanduser(ctx.options.holter_record),
            append=values["append"],
            profile=values["profile"],
            scale=values["scale"],
            plans=gathered(
                values["faults"],
                values["fault"],
                values["cancel_on"],
                seed=values["seed"],
                mode=Mode.PROXY,
                scale=values["scale"],
            ),
            redact=values["redact"],
            redact_keys=values["redact_key"],
            engine=engine.description(),
        )
        recorder = Recorder(recording, listener)
        self.record(recorder, listener)
        if recorder.plans.rules:
            _log.info("holter: faults are armed, drawn by seed %s", recorder.plans.seed)
        address = engine.listening()
        portfile.write(values["port_file"], address[1] if address else 0)

    async def done(self) -> None:
        """End the recording and print the report."""
        await super().done()
        if self.recorder:
            for line in text.render(self.recorder.audit, title=self.recorder.path).splitlines():
                _log.info(line)


def _define(loader: Loader, setting: Setting) -> None:
    name, help_text = PREFIX + setting.name, setting.help
    if setting.flag:
        loader.add_option(name, bool, False, help_text)
    elif setting.many:
        loader.add_option(name, Sequence[str], [], help_text)
    else:
        default = "" if setting.default is None else str(setting.default)
        loader.add_option(name, str, default, help_text)


def _checked(setting: Setting) -> Any:
    value = getattr(ctx.options, PREFIX + setting.name)
    try:
        if setting.flag:
            return value
        if setting.many:
            return tuple(setting.read(item) for item in value)
        return setting.read(value) if value else setting.default
    except UsageError as wrong:
        said = str(wrong).replace(setting.option, PREFIX + setting.name, 1)
        raise UsageError(said) from None


def _meant(name: str) -> str:
    known = [RECORD, *(PREFIX + setting.name for setting in SETTINGS.values() if setting.addon)]
    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]}?)" if near else f" (known: {', '.join(known)})"
