"""The way out as a user has it: a proxy within TLS behind Holter, and each way that leads nowhere."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.mitm.rig import kept
from tests.processes import HOST, Sandbox, command, environment, holter_run, sandbox, started, until

PROXY = """
import mitmproxy.ctx

def running():
    address = mitmproxy.ctx.master.addons.get("proxyserver").listen_addrs()[0]
    with open({port!r}, "w") as file:
        file.write(str(address[1]))

def server_connect(data):
    data.server.address = ("127.0.0.1", {service})

def tls_clienthello(data):
    data.ignore_connection = data.client_hello.sni is not None
"""
POLL = """
import botocore.session, botocore.config
config = botocore.config.Config(retries={"total_max_attempts": 1})
botocore.session.Session().create_client("datapipeline", config=config).poll_for_task(workerGroup="wg")
"""
CLIENT = ("--", sys.executable, "-c", POLL)


@contextmanager
def behind(folder: Path, service: Sandbox) -> Iterator[tuple[str, str]]:
    """Run mitmdump as a proxy that is spoken to within TLS; yield its address, and whom to trust."""
    script, port = folder / "proxy.py", folder / "proxy.port"
    script.write_text(PROXY.format(port=str(port), service=service.port))
    line = [
        *(
            str(Path(sys.executable).parent / "mitmdump"),
            "-q",
            "-s",
            str(script),
            "--listen-host",
            "127.0.0.1",
        ),
        *("-p", "0", "--set", f"confdir={folder / 'conf'}", "--proxyauth", "us er:p@ss"),
    ]
    with started(line, environment(folder), folder / "proxy.log") as process:
        until(lambda: (port.is_file() and port.read_text() != "") or process.poll() is not None)
        trust = folder / "both.pem"
        trust.write_text(service.ca.read_text() + (folder / "conf" / "mitmproxy-ca-cert.pem").read_text())
        yield f"127.0.0.1:{port.read_text()}", str(trust)


def test_a_proxy_within_tls_is_gone_through_with_its_credentials(tmp_path: Path) -> None:
    forward, reverse, refused = (tmp_path / f"{name}.yaml" for name in ("forward", "reverse", "refused"))
    with sandbox(tmp_path, "--scale", "0.005") as service, behind(tmp_path, service) as (address, trust):
        way = ("--upstream-ca", trust, "--upstream-proxy")
        for tape, more in ((forward, ()), (reverse, ("--upstream", f"https://{HOST}"))):
            right = (*way, f"https://us%20er:p%40ss@{address}")
            ended = holter_run("record", "-o", str(tape), *right, *more, *CLIENT, home=tmp_path)
            assert ended.returncode == 0, ended.stderr
            assert [call.status for call in kept(tape)] == [200]
        wrong = holter_run(
            "record", "-o", str(refused), *way, f"https://us%20er:wrong@{address}", *CLIENT, home=tmp_path
        )

    assert [call.status for call in kept(refused)] == [None]
    assert told(wrong.stderr) == [
        f"holter: {HOST}: the proxy behind wants another user and password (Upstream proxy {address} refused "
        "HTTP CONNECT request: 407 Proxy Authentication Required): give them in --upstream-proxy"
    ]
    assert "wrong@" not in wrong.stderr + refused.read_text()


def told(stderr: str) -> list[str]:
    """What Holter says besides that it records."""
    lines = stderr.splitlines()
    return [line for line in lines if line.startswith("holter: ") and "recording to" not in line]


WAYS = {
    "a service that is not there": (
        ("--connect-to", f"{HOST}:443:127.0.0.1:9"),
        f"holter: {HOST}: it cannot be reached: [Errno 111] Connect call failed ('127.0.0.1', 9)",
    ),
    "a region that is none": (
        ("--upstream", "https://datapipeline.eu-nowhere-7.invalid"),
        "holter: datapipeline.eu-nowhere-7.invalid: there is no such host: look at the region, and at --up",
    ),
    "a service that is not trusted": (
        ("--connect-to", f"{HOST}:443:127.0.0.1:{{port}}"),
        f"holter: {HOST}: its certificate is not trusted (Certificate verify failed: ",
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_way_that_leads_nowhere_is_one_line_with_what_to_do(tmp_path: Path, name: str) -> None:
    options, line = WAYS[name]
    with sandbox(tmp_path, "--scale", "0.005") as service:
        way = [option.format(port=service.port) for option in options]
        ended = holter_run("record", "-o", "run.yaml", *way, *CLIENT, home=tmp_path, cwd=tmp_path)

    (said,) = told(ended.stderr)
    assert said.startswith(line)
    assert ended.returncode == 1
    assert [call.status for call in kept(tmp_path / "run.yaml")] == [None]


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = holter_run("record", "--listen", address, "--", "true", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [f"holter: --listen: {address}: Address already in use"]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    mounted = 'mount -t tmpfs -o ro tmpfs "$HOLTER_HOME" && exec "$@"'
    unshared = ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, "sh"]
    usable = (
        shutil.which("unshare")
        and not subprocess.run(
            [*unshared, "true"], env={**os.environ, "HOLTER_HOME": str(tmp_path / "home")}, check=False
        ).returncode
    )
    if not usable:
        pytest.skip("no rights to mount here; test_authority has other folders that cannot be written")
    ended = subprocess.run(
        [*unshared, *command("record", "--", "true")],
        env=environment(tmp_path / "home"), cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        f"holter: {tmp_path}/home/ca: cannot keep the certificate authority there (Read-only file system): "
        "set HOLTER_HOME"
    ]
