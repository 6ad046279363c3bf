"""A replay needs no network, and tries to reach none, whatever it is asked and whatever its tape holds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_replay import BEATING, RUNNER, working
from tests.processes import HOST, PATIENCE, command, environment
from tests.replay.tapes import empty, end
from tests.test_replayer import listed, tape

SPY = """
import json, os, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.gethostbyname"):
        told = str(arguments[1:])
    elif event == "socket.getaddrinfo" and not str(arguments[0])[:1].isdigit():
        told = str(arguments[0])
    else:
        return
    with open(os.environ["SPY"], "a") as file:
        file.write(json.dumps([event, told]) + "\\n")

if sys.orig_argv[1:4] == ["-m", "holter", "replay"]:
    sys.addaudithook(note)
"""
"""As sitecustomize: notes wherever the replaying process, and no other, wants to connect to."""

ASKING = """
import http.client, os, sys
from urllib.parse import urlsplit

host, proxied = sys.argv[1], "HTTPS_PROXY" in os.environ
at = urlsplit(os.environ["HTTPS_PROXY" if proxied else "AWS_ENDPOINT_URL"])
target = {"X-Amz-Target": "DataPipeline.PollForTask"}
asked = [
    ("POST", "", {**target}, '{"workerGroup": "wg"}'),
    ("POST", "", {**target}, '{"workerGroup": "other"}'),
    ("POST", "", {"X-Amz-Target": "DataPipeline.ReportTaskProgress"}, '{"taskId": "nobody\\'s"}'),
    ("POST", "", {"X-Amz-Target": "AmazonS3.ListBuckets"}, "{}"),
    ("GET", "", {}, None),
    ("GET", "http://other.example.com" if proxied else "/other", {"Host": "other.example.com"}, None),
    ("CONNECT", "other.example.com:443", {}, None),
    ("CONNECT", host + ":443", {}, None),
]
for method, base, headers, body in asked:
    line = http.client.HTTPConnection(at.hostname, at.port, timeout=20)
    path = base if method == "CONNECT" else (base or (f"http://{host}" if proxied else "")) + "/"
    line.request(method, path, body, {"Host": host, **headers})
    print(method, line.getresponse().status)
    if method == "CONNECT" and proxied:
        line.sock.sendall(b"neither TLS nor HTTP\\r\\n\\r\\n")
        line.sock.recv(100)
    line.close()
"""

WAYS = {"the endpoint": (), "the proxy": ("--proxy",)}


def replay(
    home: Path, *words: str, before: tuple[str, ...] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    arguments = [*before, *command("replay", *words)]
    env = environment(home, **more)
    return subprocess.run(
        arguments, env=env, capture_output=True, text=True, timeout=2 * PATIENCE, check=False
    )


def spied(home: Path, *words: str) -> tuple[list[list[str]], subprocess.CompletedProcess[str]]:
    """Replay to a client that asks for all sorts of things; return where the replay tried to connect to."""
    seen, folder = home / "seen", home / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SPY)
    path = f"{folder}:{environment(home)['PYTHONPATH']}"
    asking = ["--", sys.executable, "-c", ASKING, HOST]
    ended = replay(home, *words, *asking, SPY=str(seen), PYTHONPATH=path)
    lines = seen.read_text().splitlines() if seen.exists() else []
    return [json.loads(line) for line in lines], ended


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_replaying_process_never_tries_to_connect(tmp_path: Path, way: tuple[str, ...]) -> None:
    path = tape(tmp_path / "a.yaml", empty(), listed("left on the tape"), working())
    tried, ended = spied(tmp_path, path, *way)

    assert tried == []
    statuses = [line.split()[1] for line in ended.stdout.splitlines()]
    assert len(statuses) == 8, ended.stderr
    assert statuses[:3] == ["200", "400", "400"]


def test_where_a_mode_goes_live_the_same_spy_sees_it(tmp_path: Path) -> None:
    detour = ["--connect-to", f"{HOST}:80:127.0.0.1:1"]
    path = tape(tmp_path / "a.yaml", empty())
    tried, _ = spied(
        tmp_path, path, "--proxy", "--mode", "passthrough", "--upstream-proxy", "direct", *detour
    )

    assert ["socket.connect", "(('127.0.0.1', 1),)"] in tried


LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP_RUNNING))
os.execv(sys.argv[1], sys.argv[1:])
"""
ALONE = ("unshare", "--map-root-user", "--net", sys.executable, "-c", LOOPBACK_UP)
"""Runs a program in a network namespace of its own, where there is nothing but this machine."""


def may_be_alone() -> bool:
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run([*ALONE, shutil.which("true") or "true"], capture_output=True, check=False).returncode
        == 0
    )


@pytest.mark.skipif(not may_be_alone(), reason="network namespaces are not allowed here")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_runner_is_driven_through_a_task_where_there_is_no_network(
    tmp_path: Path, way: tuple[str, ...]
) -> None:
    path = tape(tmp_path / "a.yaml", working(), *BEATING, end(), empty())
    runner = [*command(*RUNNER[1:]), *(("--endpoint", f"https://{HOST}") if way else ())]
    ended = replay(tmp_path, path, "--scale", "0", *way, "--", *runner, before=ALONE)

    assert ended.returncode == 0, ended.stderr
    assert "SetTaskStatus  task-1  FINISHED" in ended.stderr
