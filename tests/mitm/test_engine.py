"""What we touch of mitmproxy beyond its documented interface, against the version that is installed."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from mitmproxy import contentviews, ctx, http, version
from mitmproxy.connection import Server
from mitmproxy.proxy import mode_specs
from mitmproxy.test import taddons, tflow

from holter.mitm import engine
from holter.mitm.addon import Proxy

from .inside import within
from .rig import rig


async def started(folder: Path) -> engine.LeanMaster:
    """A master whose options are there and whose proxy does not listen."""
    master = engine.LeanMaster(Proxy())
    master.options.update(confdir=str(folder))
    return master


def test_this_version_is_one_that_was_checked() -> None:
    assert engine.checked()
    assert engine.description() == f"mitmproxy {version.VERSION}"


@pytest.mark.parametrize(
    ("number", "checked"),
    [("11.0.2", True), ("12.2.3", True), ("11.1.0", False), ("10.4.2", False), ("13.0.0", False)],
)
def test_other_versions_are_not(number: str, checked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "VERSION", number)

    assert engine.checked() is checked


def test_a_lean_master_has_our_addon_and_the_few_that_a_proxy_needs(tmp_path: Path) -> None:
    async def main() -> None:
        master = await started(tmp_path)
        try:
            assert set(master.addons.lookup) == {"core", "proxyserver", "nextlayer", "tlsconfig", "holter"}
        finally:
            master.dispose()

    asyncio.run(main())


def test_before_it_runs_it_listens_nowhere_and_has_no_problem(tmp_path: Path) -> None:
    async def main() -> None:
        master = await started(tmp_path)
        try:
            assert (engine.listening(), engine.startup_problem()) == (None, None)
        finally:
            master.dispose()

    asyncio.run(main())


def test_a_running_proxy_says_where_it_listens(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path) as running:
            found = engine.listening()
            assert found is not None
            assert running.address == f"http://{found[0]}:{found[1]}"
            assert engine.startup_problem() is None

    asyncio.run(main())


def test_options_that_nobody_defined_are_found_by_their_prefix(tmp_path: Path) -> None:
    async def main() -> None:
        master = await started(tmp_path)
        try:
            master.options.set("holter_recrod=x", "holter_a=1", "other=y", defer=True)
            assert engine.unknown_options("holter_") == ["holter_a", "holter_recrod"]
        finally:
            master.dispose()

    asyncio.run(main())


def test_a_default_of_ours_gives_way_to_the_user(tmp_path: Path) -> None:
    async def main() -> None:
        master = await started(tmp_path)
        try:
            engine.set_default("connection_strategy", "lazy")
            assert ctx.options.connection_strategy == "lazy"
            master.options.update(http2=False)
            engine.set_default("http2", True)
            assert ctx.options.http2 is False
        finally:
            master.dispose()

    asyncio.run(main())


def test_an_open_connection_is_given_its_real_name_back() -> None:
    server = Server(address=("127.0.0.1", 1))
    server.timestamp_start = 1.0
    engine.rename(server, ("datapipeline.us-east-1.amazonaws.com", 443))

    assert server.address == ("datapipeline.us-east-1.amazonaws.com", 443)


@pytest.mark.parametrize(
    ("mode", "reverse"),
    [("regular", False), ("reverse:https://h.example", True), ("upstream:http://p:1", False)],
)
def test_reverse_mode_is_known_by_the_client(mode: str, reverse: bool) -> None:
    client = tflow.tclient_conn()
    client.proxy_mode = mode_specs.ProxyMode.parse(mode)

    assert engine.is_reverse(client) is reverse


def test_a_disposed_master_leaves_the_root_logger_as_it_was(tmp_path: Path) -> None:
    before = list(logging.getLogger().handlers)

    async def main() -> None:
        master = await started(tmp_path)
        assert logging.getLogger().handlers != before
        master.dispose()

    asyncio.run(main())

    assert logging.getLogger().handlers == before


def test_hanging_up_closes_every_connection_and_the_port(tmp_path: Path) -> None:
    async def main() -> None:
        async with rig(tmp_path) as running:
            host, port = running.address.removeprefix("http://").split(":")
            opened = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
            server = ctx.master.addons.get("proxyserver")
            await running.until(lambda: len(server.connections) == 3)
            await ctx.master.hang_up()  # type: ignore[attr-defined]  # the lean master's own
            assert (len(server.connections), engine.listening()) == (0, None)
            for reader, writer in opened:
                assert await asyncio.wait_for(reader.read(), 5) == b""
                writer.close()
            with pytest.raises(ConnectionError):
                await asyncio.open_connection(host, int(port))

    asyncio.run(main())


def test_nobody_can_come_in_any_more_once_it_hangs_up(tmp_path: Path) -> None:
    async def main() -> int:
        async with rig(tmp_path) as running:
            host, port = running.address.removeprefix("http://").split(":")
            _, writer = await asyncio.open_connection(host, int(port))
            server = ctx.master.addons.get("proxyserver")
            await running.until(lambda: len(server.connections) == 1)
            hanging_up = asyncio.create_task(ctx.master.hang_up())  # type: ignore[attr-defined]  # as above
            while engine.listening():
                await asyncio.sleep(0)
            left = len(server.connections)
            await hanging_up
            writer.close()
            return left

    assert asyncio.run(main()) == 1, "it was closed while others could still come in"


@pytest.mark.parametrize(
    ("master", "number", "tool", "open_web"),
    [
        ("WebMaster", "11.0.2", "mitmweb", True),
        ("WebMaster", "12.2.3", "mitmweb", False),
        ("ConsoleMaster", "11.0.2", "mitmproxy", False),
        ("DumpMaster", "11.0.2", "mitmdump", False),
        ("OtherMaster", "11.0.2", None, False),
    ],
)
def test_the_program_is_known_by_its_master_and_an_old_mitmweb_is_open(
    master: str, number: str, tool: str | None, open_web: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = type("Derived", (type(master, (), {}),), {})()
    monkeypatch.setattr(ctx, "master", made, raising=False)
    monkeypatch.setattr(version, "VERSION", number)

    assert (engine.tool(), engine.is_open_web()) == (tool, open_web)


@pytest.mark.parametrize(
    ("mode", "port", "dns"),
    [("regular", 8080, False), ("dns", 5353, True), ("wireguard", 53, True), ("wireguard", 443, False)],
)
def test_who_asks_for_names_is_known_by_the_mode_or_the_port(mode: str, port: int, dns: bool) -> None:
    client = tflow.tclient_conn()
    client.proxy_mode = mode_specs.ProxyMode.parse(mode)
    client.sockname = ("10.0.0.53", port)

    assert engine.asks_for_names(client) is dns


def test_mitmproxys_own_masters_are_called_so() -> None:
    from mitmproxy.tools.console.master import ConsoleMaster
    from mitmproxy.tools.dump import DumpMaster
    from mitmproxy.tools.web.master import WebMaster

    assert {kind.__name__ for kind in (ConsoleMaster, DumpMaster, WebMaster)} == set(engine._TOOLS)


class Plain:
    """A view of everything, in a few words."""

    name = "HolterTest"

    def takes(self, flow: http.HTTPFlow) -> bool:
        return flow.request.path == "/mine"

    def render(self, flow: http.HTTPFlow, message: http.Message) -> str:
        return "request\nmine" if message is flow.request else "response"


@pytest.mark.parametrize("path", ["/mine", "/other"])
def test_a_view_is_taken_for_its_own_flows_by_this_mitmproxy(path: str) -> None:
    flow, found = tflow.tflow(resp=True), list[tuple[str, str]]()
    flow.request.path = path
    for _ in range(2):  # as when a script is loaded anew
        engine.add_contentview(Plain())

    async def look(around: taddons.context) -> None:
        found.append(shown(flow, flow.request))

    within(do=look)

    assert found[0] == ("HolterTest", "request\nmine") if path == "/mine" else found[0][0] != "HolterTest"


def shown(flow: http.HTTPFlow, message: http.Message) -> tuple[str, str]:
    """The name of the view that is chosen, and its text."""
    if hasattr(contentviews, "prettify_message"):
        found = contentviews.prettify_message(message, flow)
        return found.view_name or "", found.text
    name, lines, _ = contentviews.get_message_content_view("auto", message, flow)
    return name, "\n".join("".join(text for _, text in line) for line in lines)
