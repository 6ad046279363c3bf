"""A run of another process, asked from this one: what it answers, and what is wrong with asking."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from holter.control import Control
from holter.errors import UsageError


@contextmanager
def run(folder: Path, status: int, body: str) -> Iterator[tuple[Control, list[str]]]:
    """A run that answers all the same, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(f"{self.path} {self.headers['Authorization']} {text}")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield control(folder, f"http://127.0.0.1:{server.server_port}"), asked
        server.shutdown()
        thread.join()


def control(folder: Path, url: str) -> Control:
    file = folder / "control.json"
    file.write_text(json.dumps({"url": url, "token": "secret"}))
    return Control(str(file))


def test_a_rule_is_named_in_the_path_whatever_its_name(tmp_path: Path) -> None:
    with run(tmp_path, 200, '{"name": "x"}') as (asking, asked):
        assert asking.rule("a/b: c", "arm", '{"for": 3}') == {"name": "x"}

    assert asked == ['/v1/faults/a%2Fb%3A%20c/arm Bearer secret {"for": 3}']


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, '{"error": "there is no rule"}', "^there is no rule$"),
        (403, "", "does not take this token: is the control file another run's"),
        (500, "{}", "answers 500"),
    ],
)
def test_what_the_run_says_is_wrong_is_one_line(tmp_path: Path, status: int, body: str, said: str) -> None:
    with run(tmp_path, status, body) as (asking, _), pytest.raises(UsageError, match=said):
        asking.ask("POST", "/v1/faults", "")


def test_a_run_that_is_gone_and_a_file_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"does not answer .*does the run go on"):
        control(tmp_path, "http://127.0.0.1:1").ask("GET", "/v1/state")
    with pytest.raises(UsageError, match="gone: No such file or directory: does the run go on"):
        Control(str(tmp_path / "gone"))
    (tmp_path / "other").write_text("[]")
    with pytest.raises(UsageError, match="other is not what a run writes there"):
        Control(str(tmp_path / "other"))
