"""Replay by the script under stock mitmdump: the same answers as from the command, and nothing leaves."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from mitmproxy.proxy import server_hooks
from mitmproxy.test import taddons, tflow
from tests.processes import HOST, PATIENCE, environment, started, until
from tests.replay.tapes import beat, end, handout
from tests.test_replayer import tape

from holter.mitm.offline import Offline
from holter.mitm.script import Script

from .inside import within
from .rig import kept
from .test_script import bare
from .tools import CLIENT, LATE, Tool, live, settings, tool

RUNNER = f"""{CLIENT}
task = client.poll_for_task(workerGroup="wg")["taskObject"]["taskId"]
assert client.report_task_progress(taskId=task)["canceled"] is False
client.set_task_status(taskId=task, taskStatus="FINISHED")
"""
STRANGE = f"""{CLIENT}
from botocore.exceptions import ClientError
try:
    client.list_pipelines()
except ClientError as refused:
    assert refused.response["Error"]["Code"] == "NotRecordedException", refused
else:
    sys.exit("it was answered")
"""
WHOLE = (handout(asked=0.0), beat(asked=1.0), end(asked=2.0))


@contextmanager
def playing(folder: Path, *more: str, plain: bool = True, **options: object) -> Iterator[Tool]:
    """Run mitmdump on cassettes, with nothing but mitmproxy importable unless said otherwise."""
    options = {"port_file": folder / "port", **options}
    (folder / "home").mkdir(exist_ok=True)
    env = bare(folder / "home") if plain else environment(folder)
    arguments = tool("mitmdump", folder, *settings(**options), *more)
    with started(arguments, env, folder / "out") as process:
        until(lambda: (folder / "port").is_file() or process.poll() is not None)
        assert process.poll() is None, (folder / "out").read_text()
        yield Tool(folder)


class Outside:
    """A port of this machine that must not be reached, and how often it was."""

    def __init__(self) -> None:
        self.reached = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._server.accept()[0].close()
            except OSError:
                return
            self.reached += 1

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def outside() -> Iterator[Outside]:
    with closing(Outside()) as found:
        yield found


def said(port: int, *lines: str) -> str:
    """Say something to the proxy as it stands, and return what comes back."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), 10) as raw:
        raw.settimeout(10)
        for line in lines:
            raw.sendall(line.encode())
            found += raw.recv(65536)
    return found.decode("latin-1")


def test_a_runner_is_answered_from_the_tape_and_what_was_not_recorded_is_refused(
    tmp_path: Path, outside: Outside
) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    detour = f"{HOST}:443:127.0.0.1:{outside.port}"
    with playing(tmp_path, replay=path, scale=0, connect_to=detour, unplayed="fail") as running:
        running.run(RUNNER)
        running.run(STRANGE)
    told = running.said

    assert outside.reached == 0
    assert "no recorded answer for ListPipelines: " in told
    assert "in 4 calls, 1 lease;" in told
    assert "holter: 1 call was refused, having no recorded answer" in told
    assert "was never asked for" not in told


def test_what_is_left_on_the_tape_is_told_if_it_is_asked_for(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    with playing(tmp_path, replay=path, scale=0, unplayed="warn") as running:
        running.run(STRANGE)

    assert [line.rpartition(": ")[2] for line in running.said.splitlines() if "never" in line] == [
        f"{op} was never asked for" for op in ("PollForTask", "ReportTaskProgress", "SetTaskStatus")
    ]


ASKED = {
    "a tunnel to another host": ("CONNECT 127.0.0.1:PORT HTTP/1.1\r\n\r\n",),
    "a page of another host": ("GET http://127.0.0.1:PORT/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",),
    "another request to the service": (f"GET http://{HOST}:PORT/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n",),
    "bytes that are neither TLS nor HTTP": (
        f"CONNECT {HOST}:PORT HTTP/1.1\r\n\r\n",
        "\x00\x01\x02\x03 neither\r\n\r\n",
    ),
}


@pytest.mark.parametrize("strategy", ["lazy", "eager"])
def test_nothing_leaves_whatever_is_asked(tmp_path: Path, outside: Outside, strategy: str) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    detour, more = f"{HOST}:{outside.port}:127.0.0.1:{outside.port}", f"connection_strategy={strategy}"
    with playing(tmp_path, "--set", more, replay=path, connect_to=detour) as running:
        for name, lines in ASKED.items():
            answer = said(running.port, *(line.replace("PORT", str(outside.port)) for line in lines))
            assert " 403 " in answer or name.startswith("bytes"), answer

    assert outside.reached == 0
    assert running.said.count("refused, because a replay passes nothing on to anywhere") >= 2


def test_in_reverse_mode_nothing_leaves_either(tmp_path: Path, outside: Outside) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    with playing(tmp_path, "--mode", f"reverse:http://127.0.0.1:{outside.port}", replay=path) as running:
        head = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DataPipeline.PollForTask\r\n"
        call = f'{head}Content-Length: 20\r\n\r\n{{"workerGroup":"wg"}}'
        assert " 200 OK" in said(running.port, call)
        assert " 403 " in said(running.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    assert outside.reached == 0


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_no_name_server_is_asked(tmp_path: Path, kind: socket.SocketKind) -> None:
    path = tape(tmp_path / "a.yaml", *WHOLE)
    question = b"\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03com\x00\x00\x01\x00\x01"
    length = b"" if kind == socket.SOCK_DGRAM else len(question).to_bytes(2, "big")
    options = ("--mode", "dns@127.0.0.1:0")
    with playing(tmp_path, *options, replay=path) as running, socket.socket(socket.AF_INET, kind) as raw:
        raw.settimeout(PATIENCE)
        raw.connect(("127.0.0.1", running.port))
        raw.sendall(length + question)
        until(lambda: "holter: a name server: refused, because a replay passes" in running.said)
        if length:
            with suppress(ConnectionResetError):
                assert raw.recv(512) == b"", "it hung up"


def test_before_the_replay_has_begun_nothing_gets_out() -> None:
    script = Script()

    async def do(around: taddons.context) -> None:
        around.configure(script, holter_replay="a.yaml")
        around.configure(script, holter_scale="2")
        assert [type(one).__name__ for one in script.addons].count("Offline") == 1
        data = server_hooks.ServerConnectionHookData(tflow.tserver_conn(), tflow.tclient_conn())
        guard = next(one for one in script.addons if isinstance(one, Offline))
        guard.server_connect(data)
        assert data.server.error

    within(script, do=do)


def test_a_script_that_only_records_has_no_guard() -> None:
    script = Script()

    async def do(around: taddons.context) -> None:
        around.configure(script, holter_record="a.yaml")
        assert not any(isinstance(one, Offline) for one in script.addons)

    within(script, do=do)


def test_a_mode_that_goes_live_records_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    with live("mitmdump", tmp_path, record=path) as running:
        running.run(LATE.replace("time.sleep(4.2)", ""))
    before = len(kept(path))
    with live("mitmdump", tmp_path, replay=path, mode="new_episodes") as running:
        running.run(f"{CLIENT}\nclient.list_pipelines()")

    assert before == 4
    assert [one.op for one in kept(path)[before:]] == ["ListPipelines"]


def test_a_recording_onto_a_cassette_that_exists_may_replace_it(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    tape(path, *WHOLE)
    with live("mitmdump", tmp_path, record=path, mode="all") as running:
        running.run(f"{CLIENT}\nclient.list_pipelines()")

    assert [one.op for one in kept(path)] == ["ListPipelines"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (settings(replay="gone.yaml"), "gone.yaml: "),
        (settings(replay="a.yaml", record="b.yaml"), "holter_record and holter_replay: give one of them"),
        (settings(replay="a.yaml", mode="some"), "holter_mode: 'some' is none of none, once, new_episodes"),
        (settings(replay="a.yaml,b.yaml", mode="all"), "holter_mode all: needs one cassette, not 2"),
        (settings(record="b.yaml", pace="lease"), "holter_pace: only with holter_replay"),
        (settings(replay="a.yaml", profile="mine.yaml"), "this needs yaml, which is not installed: pip inst"),
        (settings(replay="edited.yaml"), "needs PyYAML: pip install pyyaml"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_stops_the_start(
    tmp_path: Path, options: list[str], says: str
) -> None:
    tape(tmp_path / "a.yaml", *WHOLE)
    (tmp_path / "mine.yaml").write_text("holter-profile: 1\n")
    by_hand = "holter: 1\n---\ncall:\n  op: PollForTask\nrequest: {}\nresponse: {}\n"
    (tmp_path / "edited.yaml").write_text(by_hand)
    (tmp_path / "home").mkdir()
    ended = subprocess.run(
        tool("mitmdump", tmp_path, *options), env=bare(tmp_path / "home"), cwd=tmp_path,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if "holter: " in line]
    assert ended.returncode == 1
    assert len(lines) == 1, lines
    assert says in lines[0]
    assert "Traceback" not in ended.stdout + ended.stderr
