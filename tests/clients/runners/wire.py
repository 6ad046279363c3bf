"""Sends what SDKs that cannot be installed here send, byte for byte, over a plain socket: see `shapes`.

The first word of the command line names the shape. The proxy and the trust are those of the environment.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import ssl
import sys
import urllib.request
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

import conduct
from shapes import SHAPES, Shape
from sigv4 import authorization

SERVICE = "https://datapipeline.us-east-1.amazonaws.com"


def written(
    shape: Shape, url: SplitResult, operation: str, body: dict[str, Any], *, through: str = ""
) -> bytes:
    """Return a call as the SDK writes it; `through` stands before the path when a proxy gets it."""
    content = shape.encode(body).encode()
    values = {
        "host": url.netloc if shape.port_in_host else url.hostname,
        "content-length": str(len(content)),
        "x-amz-target": f"DataPipeline.{operation}",
        "x-amz-date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        "x-amz-content-sha256": hashlib.sha256(content).hexdigest(),
        "amz-sdk-invocation-id": str(uuid.uuid4()),
    }
    said = {name.lower(): values[name.lower()] if value is None else value
            for name, value in shape.headers.items() if name.lower() != "authorization"}  # fmt: skip
    keys = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    said["authorization"] = authorization(said, shape.signed, content, keys)
    head = [
        f"POST {through}{shape.path} HTTP/1.1",
        *(f"{name}: {said[name.lower()]}" for name in shape.headers),
    ]
    return "\r\n".join([*head, "", ""]).encode() + content


class Wire:
    """A client of one shape, with one connection that is kept."""

    def __init__(self, shape: Shape, endpoint: str) -> None:
        self._shape, self._url, self._through = shape, urlsplit(endpoint), ""
        self._socket = self._connect()

    def poll(self, group: str) -> str | None:
        found = self._call("PollForTask", {"workerGroup": group}).get("taskObject")
        return found and found["taskId"]

    def beat(self, task: str, fields: list[dict[str, str]]) -> bool:
        return self._call("ReportTaskProgress", {"taskId": task, "fields": fields})["canceled"]

    def finish(self, task: str) -> None:
        self._call("SetTaskStatus", {"taskId": task, "taskStatus": "FINISHED"})

    def _connect(self) -> socket.socket:
        url = self._url
        secure = url.scheme == "https"
        port = url.port or (443 if secure else 80)
        proxy = urllib.request.getproxies().get(url.scheme)
        if proxy is None or urllib.request.proxy_bypass(url.netloc):
            made = socket.create_connection((url.hostname, port), 60)
        else:
            made = socket.create_connection((urlsplit(proxy).hostname, urlsplit(proxy).port), 60)
            if secure:
                self._tunnel(made, f"{url.hostname}:{port}")
            else:
                self._through = f"http://{url.netloc}"
        return (
            ssl.create_default_context().wrap_socket(made, server_hostname=url.hostname) if secure else made
        )

    def _tunnel(self, made: socket.socket, address: str) -> None:
        made.sendall(f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(made, method="CONNECT")
        answer.begin()
        if answer.status != 200:
            raise ConnectionError(f"CONNECT: {answer.status} {answer.reason}")

    def _call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        self._socket.sendall(written(self._shape, self._url, operation, body, through=self._through))
        answer = http.client.HTTPResponse(self._socket, method="POST")
        answer.begin()
        found = json.loads(answer.read() or b"{}")
        if answer.status != 200:
            raise RuntimeError(f"{found.get('__type')}: {found.get('message')}")
        return found


def endpoint(shape: Shape) -> str:
    """Return where the service is, as far as the environment says."""
    return (shape.heeds_endpoint and os.environ.get("AWS_ENDPOINT_URL_DATA_PIPELINE")) or SERVICE


if __name__ == "__main__":
    shape = SHAPES[sys.argv.pop(1)]
    asked = conduct.options()
    conduct.run(Wire(shape, asked.endpoint or endpoint(shape)), asked)
