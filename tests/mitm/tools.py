"""mitmproxy's own programs with the script in them, a service to reach, and a runner to go through them."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import ADDONS, HOST, PATIENCE, environment, sandbox, started, until

SCRIPT = ADDONS / "datapipeline.py"
PASSWORD = "a word for the test"

CLIENT = f"""
import botocore.session, sys, time
from botocore.config import Config
client = botocore.session.Session().create_client(
    "datapipeline", endpoint_url="https://{HOST}", config=Config(retries={{"total_max_attempts": 1}})
)
"""
LATE = f"""{CLIENT}
task = client.poll_for_task(workerGroup="wg", hostname="runner-1")["taskObject"]["taskId"]
client.report_task_progress(taskId=task)
time.sleep(4.2)
note = {{"key": "note", "stringValue": "AWS_SECRET_ACCESS_KEY=abc123xyz"}}
client.report_task_progress(taskId=task, fields=[note])
client.set_task_status(taskId=task, taskStatus="FINISHED")
"""
"""A runner whose second beat is late by the limit of five minutes, in hundredths of a second."""

PIPELINE = {
    "objects": [
        {"id": "Default", "name": "Default", "scheduleType": "ondemand"},
        {
            "id": "Work",
            "name": "Work",
            "type": "ShellCommandActivity",
            "command": "true",
            "workerGroup": "wg",
            "reportProgressTimeout": "1 hour",
        },
    ]
}

WEB_PORT = """
import os
from tornado import httpserver, netutil

def listen(self, port, address=None, **more):
    sockets = netutil.bind_sockets(port, address)
    with open({path!r} + ".part", "w") as file:
        file.write(str(sockets[0].getsockname()[1]))
    os.replace({path!r} + ".part", {path!r})
    self.add_sockets(sockets)

httpserver.HTTPServer.listen = listen
"""
"""A script that tells which port mitmweb has taken: mitmweb itself does not."""


def tool(name: str, folder: Path, *options: str) -> list[str]:
    """The command line of one of mitmproxy's programs with the script in it, on a free port of its own."""
    return [
        *(sys.executable, "-c", f"from mitmproxy.tools.main import {name}; {name}()"),
        *("-s", str(SCRIPT), "--set", f"confdir={folder / 'conf'}", "--listen-host", "127.0.0.1", "-p", "0"),
        *options,
    ]


def settings(**values: object) -> list[str]:
    return [part for name, value in values.items() for part in ("--set", f"holter_{name}={value}")]


@dataclass(frozen=True)
class Tool:
    """One of the programs while it runs."""

    folder: Path

    @property
    def port(self) -> int:
        return int((self.folder / "port").read_text())

    @property
    def said(self) -> str:
        return (self.folder / "out").read_text()

    def run(self, code: str, *arguments: str) -> None:
        """Run a client through it to its end."""
        through = {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.port}",
            "AWS_CA_BUNDLE": str(self.folder / "conf" / "mitmproxy-ca-cert.pem"),
        }
        words = [sys.executable, "-c", code, *arguments]
        env = environment(self.folder, **through)
        ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert ended.returncode == 0, ended.stderr + self.said


@contextmanager
def live(name: str, folder: Path, *more: str, **options: object) -> Iterator[Tool]:
    """Run a program in front of a sandbox of its own."""
    for left in ("port", "sandbox.port"):
        (folder / left).unlink(missing_ok=True)  # of a run before
    definition = folder / "pipeline.json"
    definition.write_text(json.dumps(PIPELINE))
    with sandbox(folder, "--scale", "0.01", "--definition", str(definition)) as service:
        options = {"port_file": folder / "port", "scale": 0.01, "connect_to": service.detour[1], **options}
        trust = ["--set", f"ssl_verify_upstream_trusted_ca={service.ca}"]
        arguments = tool(name, folder, *settings(**options), *trust, *more)
        with started(arguments, environment(folder), folder / "out") as process:
            until(lambda: (folder / "port").is_file() or process.poll() is not None)
            assert process.poll() is None, (folder / "out").read_text()
            yield Tool(folder)


@dataclass(frozen=True)
class Web:
    """mitmweb's interface, as its own pages use it."""

    port: int

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what it answers: JSON as a value, else text."""
        headers = {
            "Authorization": f"Bearer {PASSWORD}",
            "Cookie": "_mitmproxy_xsrf=x; _xsrf=x",
            "X-XSRFToken": "x",
            "Content-Type": "application/json",
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            text = answer.read().decode()
            return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text

    @property
    def flows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/flows")
        return found

    def command(self, name: str, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("POST", f"/commands/{name}", {"arguments": arguments})
        return found

    def shown(self, flow: dict[str, Any], message: str) -> dict[str, Any]:
        """Return what the contentview says of a message."""
        found: dict[str, Any] = self.ask("GET", f"/flows/{flow['id']}/{message}/content/auto.json")
        return found


@contextmanager
def web(folder: Path, **options: object) -> Iterator[tuple[Tool, Web]]:
    """Run mitmweb in front of a sandbox."""
    port = folder / "web"
    (folder / "web_port.py").write_text(WEB_PORT.format(path=str(port)))
    extra = ["-s", str(folder / "web_port.py"), "--no-web-open-browser", "--set", "web_port=0"]
    extra += ["--set", f"web_password={PASSWORD}"]
    with live("mitmweb", folder, *extra, **options) as running:
        until(port.is_file)
        yield running, Web(int(port.read_text()))
