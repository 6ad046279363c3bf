"""The clients that are written after their sources: what they send, held against what captures show."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from tests.clients.catalogue import RUNNERS
from tests.processes import CREDENTIALS

from holter.wire import signing

BODY = {"taskId": "a+/=", "fields": [{"key": "note", "stringValue": "<ä>"}]}

# as captures print them: see the sources in runners/shapes.py
NAMES = {
    "dotnet3": "X-Amz-Target User-Agent Host X-Amz-Date X-Amz-Content-SHA256 Authorization Content-Length "
    "Content-Type",
    "java1": "Host Authorization X-Amz-Date User-Agent amz-sdk-invocation-id amz-sdk-retry Content-Type "
    "Content-Length Connection",
    "java2": "Host amz-sdk-invocation-id amz-sdk-request Authorization Content-Type User-Agent X-Amz-Date "
    "Content-Length Connection",
    "dart": "user-agent content-type accept-encoding content-length host",
}
BODIES = {
    "dart": '{"taskId":"a+/=","fields":[{"key":"note","stringValue":"<ä>"}]}',
    "dotnet3": r'{"fields":[{"key":"note","stringValue":"<\u00E4>"}],"taskId":"a+/="}',
    "dotnet4": r'{"fields":[{"key":"note","stringValue":"\u003C\u00E4\u003E"}],"taskId":"a\u002B/="}',
    "java1": '{"taskId":"a+/=","fields":[{"key":"note","stringValue":"<ä>"}]}',
    "java2": '{"taskId":"a+/=","fields":[{"key":"note","stringValue":"<ä>"}]}',
}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The runner's own module, which is a script beside others."""
    monkeypatch.syspath_prepend(str(RUNNERS))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, CREDENTIALS[name])
    return importlib.import_module("wire")


def sent(wire: ModuleType, shape: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """A call of a shape to a port of its own: request line, headers, body."""
    url = urlsplit("http://localhost:8080")
    raw: bytes = wire.written(wire.SHAPES[shape], url, "ReportTaskProgress", BODY)
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    return line, [(name, value) for name, _, value in (header.partition(": ") for header in headers)], body


@pytest.mark.parametrize("shape", NAMES)
def test_names_stand_as_in_captures(wire: ModuleType, shape: str) -> None:
    _, headers, _ = sent(wire, shape)
    wanted = NAMES[shape].split()

    assert [name for name, _ in headers if name in wanted] == wanted


@pytest.mark.parametrize("shape", BODIES)
def test_bodies_are_written_as_their_encoders_do(wire: ModuleType, shape: str) -> None:
    assert sent(wire, shape)[2].decode() == BODIES[shape]


@pytest.mark.parametrize("shape", BODIES)
def test_signatures_are_good_and_a_changed_body_is_noticed(wire: ModuleType, shape: str) -> None:
    line, headers, body = sent(wire, shape)
    method, path, _ = line.split()

    def verdict(body: bytes) -> str | None:
        request = signing.Request(method, path, tuple(headers), body)
        return signing.verify(request, {"AKIDEXAMPLE": "secret"}.get, datetime.now(UTC))

    assert verdict(body) is None
    assert (verdict(body + b" ") or "").startswith("SignatureDoesNotMatch")


def test_dart_has_an_empty_query_and_no_port(wire: ModuleType) -> None:
    line, headers, _ = sent(wire, "dart")

    assert line == "POST /? HTTP/1.1"
    assert dict(headers)["host"] == "localhost"
    assert dict(headers)["content-type"] == "application/x-amz-json-1.1; charset=utf-8"


def test_names_of_java_1_stand_as_its_hash_map_has_them(wire: ModuleType) -> None:
    names = [name for name, _ in sent(wire, "java1")[1]]
    mapped = [name for name in names if name not in ("Host", "Content-Length", "Connection")]

    def bucket(name: str) -> int:
        found = 0
        for char in name:
            found = (31 * found + ord(char)) & 0xFFFFFFFF
        return (found ^ found >> 16) & 15

    assert mapped == sorted(mapped, key=bucket)
