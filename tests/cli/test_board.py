"""`--board` on real runs: the link, the page behind it, and events up to the end of the run."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.cli.test_record import SCALE, pipeline, runner
from tests.processes import command, environment, holter_run, sandbox, started, until

LINK = re.compile(r"holter: the board is at (http://127\.0\.0\.1:\d+)/#([\w-]{43})$", re.MULTILINE)
TAPE = Path(__file__).parents[2] / "cassettes" / "healthy.yaml"


@dataclass
class Page:
    """A page as its link leads to it."""

    url: str
    token: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, *, token: str | None = None, host: str | None = None) -> tuple[int, bytes]:
        with self.open(path, token=token, host=host) as response:
            return response.status, response.read()

    @contextmanager
    def open(
        self, path: str, *, token: str | None = None, host: str | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        connection.request("GET", path, headers=headers | ({"Host": host} if host else {}))
        with closing(connection), connection.getresponse() as response:
            yield response

    def value(self) -> Any:
        status, text = self.get("/v1/page")
        assert status == 200, text
        return json.loads(text)


def events(response: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response:
        key, _, said = line.decode().rstrip("\n").partition(": ")
        if key == "event":
            name = said
        elif key == "data":
            yield name, json.loads(said)


@contextmanager
def boarded(folder: Path, *arguments: str) -> Iterator[Page]:
    out = folder / "out"
    line = command(arguments[0], "--board", "127.0.0.1:0", *arguments[1:])
    with started(line, environment(folder), out) as process:
        until(lambda: LINK.search(out.read_text()) is not None or process.poll() is not None)
        found = LINK.findall(out.read_text())
        assert len(found) == 1, out.read_text()
        yield Page(found[0][0], found[0][1], process)


def refused(page: Page) -> None:
    for path in ("/v1/page", "/v1/events", "/v1/report.html", "/v1/calls/1", "/metrics"):
        assert page.get(path, token="wrong") == (403, b"")
        assert page.get(path, host="evil.example") == (403, b"")


def test_a_recording_is_seen_live_up_to_its_end(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    work = pipeline(tmp_path, "sleep 3")
    with (
        sandbox(tmp_path, "--scale", SCALE, "--definition", str(work)) as service,
        boarded(
            tmp_path, "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca",
            str(service.ca), "--", *runner("--max-tasks", "1"),
        ) as page,
    ):  # fmt: skip
        refused(page)
        first = page.value()
        assert (first["live"], first["title"]) == (True, str(tape))
        with page.open(f"/v1/events?after={first['after']}") as response:
            seen = list(events(response))
        page.process.wait(30)

    names = [name for name, _ in seen]
    assert names[-1] == "end"
    calls = [*first["calls"]["seq"], *(value["seq"] for name, value in seen if name == "call")]
    assert calls == list(range(1, calls[-1] + 1)), "every call once, in order"
    ended = [value for name, value in seen if name == "lease" and value["outcome"] == "finished"]
    assert [value["standing"] for value in ended] == ["ended"]
    kinds = "".join(value["kind"] for name, value in seen if name == "call" and value["lease"] == 0)
    assert re.fullmatch("h?a?o+s", kinds), kinds
    audited = json.loads(holter_run("audit", str(tape), "--format", "json", home=tmp_path).stdout)
    assert audited["leases"][0].items() <= {**ended[0], "interval": audited["leases"][0]["interval"]}.items()


def test_a_sandbox_tells_the_link_so_that_its_lines_can_still_be_pasted(tmp_path: Path) -> None:
    with boarded(tmp_path, "sandbox", "--control-file", str(tmp_path / "control.json")) as page:
        refused(page)
        assert page.value()["title"] == "sandbox"
        said = json.loads((tmp_path / "control.json").read_text())
        assert said == {"url": page.url, "token": page.token, "board": f"{page.url}/#{page.token}"}
        assert page.get("/healthz", token="")[0] == 200
        page.process.send_signal(signal.SIGINT)
        assert page.process.wait(30) == 0
    assert f"# holter: the board is at {page.url}/#" in (tmp_path / "out").read_text()


def test_a_replay_is_seen_until_it_ends(tmp_path: Path) -> None:
    with boarded(tmp_path, "replay", str(TAPE)) as page:
        refused(page)
        with page.open("/v1/events") as response:
            page.process.send_signal(signal.SIGINT)
            assert [name for name, _ in events(response)][-1] == "end"
        assert page.process.wait(30) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--board", "0.0.0.0:0"], "--board: 0.0.0.0 can be reached from elsewhere"),
        (["--board", "127.0.0.1"], "is not HOST:PORT"),
        (["--board", "127.0.0.1:1", "--control", "127.0.0.1:2"], "page and control API share a port"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    ended = holter_run("replay", str(TAPE), *arguments, home=tmp_path)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert said in ended.stderr
