"""The addon as mitmdump, mitmproxy and mitmweb load it: its options are theirs, its words go to their log."""

from __future__ import annotations

import logging
from typing import Any

from mitmproxy.addonmanager import Loader

from holter import portfile
from holter.errors import HolterError
from holter.mitm import engine, opening, options
from holter.mitm.addon import Proxy
from holter.mitm.commands import Commands
from holter.mitm.contentview import CallView
from holter.mitm.hosts import Hosts
from holter.mitm.keeping import Keeping
from holter.mitm.logged import Logged, log
from holter.mitm.notes import Notes
from holter.mitm.offline import Offline
from holter.replay import leftovers
from holter.replayer import Replayer
from holter.report import text

_OPEN_WEB = (
    "this mitmweb answers whoever reaches its port: use mitmproxy 12 on Python 3.12 or newer, or here "
    "mitmdump, mitmproxy (the console), or holter record --board 127.0.0.1:0"
)


class Script(Proxy):
    """Reads its settings from mitmproxy's options, and begins to record or to replay when the proxy is up."""

    def __init__(self) -> None:
        super().__init__()
        self._up = self._guarded = False
        self._keeping = Keeping()
        self._unplayed = "ignore"
        self.addons: list[object] = [self._keeping, Commands(self)]
        """Addons whose hooks come right behind ours."""

    def load(self, loader: Loader) -> None:
        """Define our options and the view of calls; what is logged as an error here ends mitmproxy."""
        options.define(loader)
        engine.add_contentview(CallView(self))
        if engine.is_open_web():
            log.error("holter: %s", _OPEN_WEB)

    def configure(self, updated: set[str]) -> None:
        """Refuse wrong values that are set while we run; those of the start are refused in `running`."""
        if self._up:
            options.changed(updated)
            if self.recorder:
                self._keep()
        elif options.asked("replay") and not self._guarded:
            self._guarded = True
            self.addons.append(Offline(self, log.warning))  # before anything can be asked of the proxy

    def running(self) -> None:
        """Refuse misspelt options and wrong values, one line each, then begin."""
        self._up = True
        if engine.is_open_web():
            return
        for line in options.misspelt():
            log.error("holter: %s", line)
        try:
            values = options.values()
            opening.check(values)
            if values["record"] or values["replay"]:
                self._begin(values)
        except HolterError as wrong:
            log.error("holter: %s", options.spelled(str(wrong)))
        except ModuleNotFoundError as missing:
            log.error("holter: this needs %s, which is not installed: pip install holter", missing.name)

    def _begin(self, values: dict[str, Any]) -> None:
        engine.set_default("connection_strategy", "lazy")  # an upstream that is down then breaks a call
        named = [*values["host"], *(host for (host, _), _ in values["connect_to"])]
        self.set_up(Hosts(named), values["connect_to"], strict=values["strict"])
        self._keep()
        listener = Notes(Logged())
        self._unplayed = values["unplayed"]
        recorder = opening.opened(values, listener)
        self.record(recorder, listener)
        if recorder.plans.rules:
            log.info("holter: faults are armed, drawn by seed %s", recorder.plans.seed)
        address = engine.listening()
        portfile.write(values["port_file"], address[1] if address else 0)

    def _keep(self) -> None:
        self._keeping.limit = options.value(options.OPTIONS["keep_flows"]) or None

    async def done(self) -> None:
        """End the session and print the report."""
        await super().done()
        if self.recorder:
            for line in text.render(self.recorder.audit, title=self.recorder.path).splitlines():
                log.info("%s", line)
        if isinstance(self.recorder, Replayer):
            self._left(self.recorder)

    def _left(self, replayer: Replayer) -> None:
        """Tell what a replay has left."""
        left = replayer.player.unplayed if self._unplayed != "ignore" else []
        level = logging.ERROR if left and self._unplayed == "fail" else logging.WARNING
        for line in leftovers.told(replayer.player.missed, left):
            log.log(level, "holter: %s", line)
