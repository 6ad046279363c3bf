"""Runs a lean mitmproxy master with the addon in it, in the running event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mitmproxy.exceptions import OptionsError

from holter.errors import UsageError
from holter.mitm import engine
from holter.mitm.addon import Proxy
from holter.mitm.copies import Copier
from holter.mitm.parent import mode
from holter.mitm.uncarried import Uncarried
from holter.wayout import Parent


@dataclass(frozen=True, slots=True)
class Launch:
    """How the proxy is to run: reverse in front of `upstream`, else forward; out through `parent` if any."""

    listen: tuple[str, int]
    authority: Path
    upstream: str | None = None
    upstream_ca: str | None = None
    parent: Parent | None = None


class _Ready:
    """Tells when the proxy listens, or why it could not."""

    name = "holter-ready"

    def __init__(self, wanted: tuple[str, int]) -> None:
        self._wanted = wanted
        self.address: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()

    def ended(self, running: asyncio.Task[None]) -> None:
        """Settle that the proxy has ended before it listened, if that is so."""
        if not self.address.done():
            why = running.exception()
            self.address.set_exception(UsageError(f"the proxy could not start: {why or 'it ended at once'}"))

    def running(self) -> None:
        """Settle where the proxy listens."""
        address, problem = engine.listening(), engine.startup_problem()
        if address and not problem:
            self.address.set_result(address)
        else:
            host, port = self._wanted
            why = problem or "nothing to listen on"
            self.address.set_exception(UsageError(f"--listen: {host}:{port}: {why}"))


class _Warnings(logging.Handler):
    """Passes on what mitmproxy warns of, but for what our own hooks tell of."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one warning on one line."""
        if engine.crash(record) is None and not engine.is_told(record):
            self._tell(" ".join(record.getMessage().split()))


@asynccontextmanager
async def proxy(
    addon: Proxy, launch: Launch, tell: Callable[[str], None], *others: object
) -> AsyncIterator[tuple[str, int]]:
    """Run the proxy; yield the address that it listens on. `UsageError` says why it could not start.

    `others` are addons whose hooks come after the recorder's; behind them all, copies are sent.
    """
    warnings, silence = _Warnings(tell), logging.NullHandler()  # or logging would print by itself
    logger = logging.getLogger("mitmproxy")
    logger.addHandler(silence)
    master = engine.LeanMaster(Uncarried(addon), addon, *others, Copier(addon))
    try:
        ready = _Ready(launch.listen)
        master.addons.add(ready)
        _configure(master, launch)
        running = asyncio.create_task(master.run())
        running.add_done_callback(ready.ended)
        try:
            address = await ready.address
            logger.addHandler(warnings)
            yield address
        finally:
            master.stop()
            await running
            await master.hang_up()
    finally:
        logger.removeHandler(warnings)
        logger.removeHandler(silence)
        master.dispose()


def _configure(master: engine.LeanMaster, launch: Launch) -> None:
    try:
        master.options.update(**_options(launch))
    except OptionsError as wrong:
        raise UsageError(f"the proxy could not start: {wrong}") from None


def _options(launch: Launch) -> dict[str, object]:
    host, port = launch.listen
    options: dict[str, object] = {
        "listen_host": host,
        "listen_port": port,
        "confdir": str(launch.authority.parent),
        "connection_strategy": "lazy",  # an upstream that is down then breaks a call, not the CONNECT
        "keep_host_header": True,  # the signature covers the Host that the client wrote
    }
    if launch.upstream:
        options["mode"] = [f"reverse:{launch.upstream}"]
    elif launch.parent:
        options["mode"] = [mode(launch.parent)]
    if launch.upstream_ca:
        options["ssl_verify_upstream_trusted_ca"] = launch.upstream_ca
    return options
