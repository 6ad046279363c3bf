"""What a real recorder leaves on the disk when secrets stand wherever a call can hold them."""

from __future__ import annotations

import http.client
import itertools
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.processes import holter_run

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction, Json
from holter.wire.operations import OPERATIONS

from .corpus import SECRETS, places
from .killing import recording

TASK = "QUFB" * 224 + ":c3ludGhldGljLW1hYw==:1"
HEADERS = (
    *("Authorization", "X-Amz-Security-Token", "Cookie", "Proxy-Authorization", "User-Agent"),
    *("amz-sdk-invocation-id", "X-Secret"),
)


class _Answers(BaseHTTPRequestHandler):
    """Answers each call with the next of what is told, its status and a header that holds the secret."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    told: Iterator[tuple[int, Json, str]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, answer, header = next(self.told)
        body = json.dumps(answer).encode()
        self.send_response_only(status)
        for name, value in (
            ("Set-Cookie", header),
            ("x-amzn-RequestId", header),
            ("Content-Length", len(body)),
        ):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


@contextmanager
def answering(told: list[tuple[int, Json, str]]) -> Iterator[str]:
    handler = type("Handler", (_Answers,), {"told": iter(told)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def calls() -> Iterator[tuple[str, str, Json, tuple[int, Json, str]]]:
    """Every operation with every secret: in a place of the request, of the answer or error, in headers."""
    turn = itertools.count()
    for row in OPERATIONS.values():
        for text, _ in (*SECRETS, (TASK, TASK)):
            asked, answered = list(places(row.request, text)), list(places(row.response, text))
            number = next(turn)
            header = text if text.isprintable() and text != TASK else "none"  # no header names a task
            error: Json = {"__type": text, "message": f"no {text} here"}
            answer = error if number % 5 == 0 else answered[number % len(answered)]
            reply = (400 if answer is error else 200, answer, header)
            yield row.name, header, asked[number % len(asked)], reply


@pytest.mark.parametrize("strict", [False, True])
def test_no_secret_is_on_the_disk_nor_told(tmp_path: Path, strict: bool) -> None:
    made = list(calls())
    options = ["--redact", "strict"] if strict else []
    with (
        answering([reply for *_, reply in made]) as upstream,
        recording(tmp_path, upstream, "--fail-on", "never", *options) as proxy,
    ):
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=20)
        for op, header, body, (status, answer, _) in made:
            headers = {**dict.fromkeys(HEADERS, header), "X-Amz-Target": f"DataPipeline.{op}"}
            connection.request("POST", "/", json.dumps(body), headers)
            got = connection.getresponse()
            assert (got.status, json.loads(got.read())) == (status, answer)
        connection.close()
        proxy.process.send_signal(signal.SIGTERM)
        assert proxy.process.wait(20) == 0
    kept = [entry.value for entry in open_cassette(str(proxy.tape))]
    assert len([call for call in kept if isinstance(call, Interaction)]) == len(made) > 500
    raw = proxy.tape.read_text(encoding="utf-8") + proxy.said()
    for _, secret in (*SECRETS, (TASK, TASK[:64])):
        assert json.dumps(secret)[1:-1] not in raw, secret
    checked = holter_run("check", str(proxy.tape), "--format", "json", home=tmp_path)
    assert json.loads(checked.stdout)["summary"]["secret"] == 0
