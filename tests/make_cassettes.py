"""Makes the cassettes that are shipped, by real runs: `PYTHONPATH=addons:. python -m tests.make_cassettes`.

The sandbox serves, `holter record` stands in front of it, and the reference runner or plain calls speak.
Each cassette begins with a comment that says what it shows and what the audit finds.
"""

from __future__ import annotations

import json
import ssl
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.processes import HOST, Sandbox, command, environment, sandbox, started, until

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "cassettes"
SCALE = 0.02
GROUP = "nightly"


@dataclass(frozen=True)
class Example:
    """A cassette: what it shows, what the audit finds, and what happens in it."""

    shows: str
    audit: tuple[str, ...]
    run: Callable[[Path, Path], None]


def copies(shell: str, timeout: str = "4 minutes") -> dict[str, object]:
    """A pipeline with one activity, such as people have."""
    activity = {
        "id": "CopyOrders",
        "name": "CopyOrders",
        "type": "ShellCommandActivity",
        "workerGroup": GROUP,
        "command": shell,
        "reportProgressTimeout": timeout,
    }
    return {"objects": [{"id": "Default", "name": "Default", "scheduleType": "ondemand"}, activity]}


def runs(
    shell: str,
    *runner: str,
    during: Callable[[Sandbox], None] | None = None,
    keeps: Mapping[str, float] | None = None,
) -> Callable[[Path, Path], None]:
    """A run of the reference runner with one activity; `during` happens after its third beat.

    Else it ends when the sandbox asks the runner to leave, all work being done. The sandbox `keeps` to the
    documented limits, in seconds, but for these.
    """

    def run(folder: Path, out: Path) -> None:
        work = folder / "orders.json"
        work.write_text(json.dumps(copies(shell)))
        scale = ("--scale", str(SCALE))
        leave = () if during else ("--terminate-when-done",)
        profile = folder / "service.yaml"
        profile.write_text(f"holter-profile: 1\nlimits: {json.dumps(keeps or {})}\n")
        serving = ("--definition", str(work), "--profile", str(profile), *scale)
        with sandbox(folder, *leave, *serving) as box:
            arguments = command(
                *("record", "-o", str(out), *scale, "--upstream-ca", str(box.ca), *box.detour),
                *("--fail-on", "never", "--"),
                *command("runner", "--worker-group", GROUP, "--hostname", "etl-7", *scale),
                *("--runner-id", "etl-7-runner", "--endpoint", f"https://{HOST}"),
                *("--work-dir", str(folder)),
                *("--alive-every", "60", *runner),
            )
            with started(arguments, environment(folder), folder / "record.log") as process:
                if during:
                    until(lambda: out.exists() and out.read_text().count('"canceled":') >= 3)
                    during(box)
                if process.wait(120):
                    raise AssertionError((folder / "record.log").read_text())

    return run


def speaks(port: int, op: str, body: object, answer: int = 200) -> dict[str, object]:
    """One call through a reverse proxy, as plain as can be."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"X-Amz-Target": f"DataPipeline.{op}", "Content-Type": "application/x-amz-json-1.1"}
    connection.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body), headers)
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    if response.status != answer:
        raise AssertionError(f"{op} was answered {response.status}: {raw!r}")
    found: dict[str, object] = json.loads(raw or b"{}")
    return found


def recorded(folder: Path, out: Path, upstream: str, talk: Callable[[int], None], *more: str) -> None:
    """Record what is said through a reverse proxy."""
    port = folder / "record.port"
    port.unlink(missing_ok=True)
    arguments = command(
        *("record", "-o", str(out), "--upstream", upstream, "--port-file", str(port)),
        *("--fail-on", "never", *more),
    )
    with started(arguments, environment(folder), folder / "record.log") as process:
        until(lambda: port.exists() or process.poll() is not None)
        talk(int(port.read_text()))


@contextmanager
def plain(folder: Path, *options: str) -> Iterator[int]:
    """Run the sandbox without TLS; yield its port."""
    port = folder / "plain.port"
    arguments = command("sandbox", "--port-file", str(port), "--scale", str(SCALE), *options)
    with started(arguments, environment(folder), folder / "plain.log") as process:
        until(lambda: port.exists() or process.poll() is not None)
        yield int(port.read_text())


@contextmanager
def canned(status: int, body: bytes) -> Iterator[int]:
    """Run a service that has one answer for everything; yield its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def errors(folder: Path, out: Path) -> None:
    """One of each modelled error: four by the sandbox, and the service's own fault."""

    def refused(at: int) -> None:
        speaks(at, "SetTaskStatus", {"taskId": "QUJD" * 20 + ":bWFj:1", "taskStatus": "FINISHED"}, 400)
        speaks(at, "DescribeObjects", {"pipelineId": "df-00000000000EXAMPLE0", "objectIds": ["Default"]}, 400)
        made = speaks(at, "CreatePipeline", {"name": "orders", "uniqueId": "orders-1"})
        speaks(at, "ActivatePipeline", made, 400)
        speaks(at, "DeletePipeline", made)
        speaks(at, "GetPipelineDefinition", made, 400)

    def failed(at: int) -> None:
        speaks(at, "PollForTask", {"workerGroup": GROUP, "hostname": "etl-7"}, 500)

    fault = b'{"__type":"InternalServiceError","message":"An internal error occurred."}'
    with plain(folder) as port:
        recorded(folder, out, f"http://127.0.0.1:{port}", refused, "--scale", str(SCALE))
    with canned(500, fault) as port:
        recorded(folder, out, f"http://127.0.0.1:{port}", failed, "--append")


def body_of(name: str) -> bytes:
    """The body of a documented message."""
    return (ROOT / "tests" / "cases" / name).read_text(encoding="utf-8").partition("\n\n")[2].strip().encode()


def wire_sample(folder: Path, out: Path) -> None:
    """The documented sample, byte for byte but for its lengths."""
    with canned(200, body_of("wire-sample-response.http")) as port:
        recorded(
            *(folder, out, f"http://127.0.0.1:{port}"),
            lambda at: ignored(speaks(at, "ReportTaskProgress", body_of("wire-sample-request.http"))),
        )


def ignored(_: object) -> None:
    """Take no notice of an answer."""


def cancelled(box: Sandbox) -> None:
    """The owner of the pipeline stops it while its task is at work."""
    context = ssl.create_default_context(cafile=str(box.ca))
    (listed,) = direct(box, context, "ListPipelines", {})["pipelineIdList"]
    direct(box, context, "DeactivatePipeline", {"pipelineId": listed["id"], "cancelActive": True})


def terminated(box: Sandbox) -> None:
    """The service asks the runner to leave while its task is at work."""
    context = ssl.create_default_context(cafile=str(box.ca))
    direct(box, context, None, {})


def direct(box: Sandbox, context: ssl.SSLContext, op: str | None, body: object) -> Any:
    """One call to the sandbox past the recorder: none of the runner's doing."""
    connection = HTTPSConnection("localhost", box.port, context=context, timeout=30)
    headers = {"X-Amz-Target": f"DataPipeline.{op}", "Content-Type": "application/x-amz-json-1.1"}
    connection.request("POST", "/" if op else "/-/terminate", json.dumps(body), headers)
    response = connection.getresponse()
    raw = response.read()
    connection.close()
    if response.status != 200:
        raise AssertionError(f"{op or 'terminate'} was answered {response.status}: {raw!r}")
    return json.loads(raw or b"{}")


PARTS = "for part in 25 50 75; do echo progress: $part; sleep 1; done"
ONCE = "if mkdir busy 2>/dev/null; then sleep {0}; else sleep 1; fi"

EXAMPLES = {
    "healthy": Example(
        "a task that is acknowledged, beats, and finishes; the runner is asked to leave", (), runs(PARTS)
    ),
    "ack-late": Example(
        "a task whose first beat comes after the two minutes; the service, being patient, still takes it",
        ("ack-late",),
        runs(PARTS, "--misbehave", "late-ack:by=2.6,times=1", keeps={"ack": 300}),
    ),
    "ack-missing": Example(
        "a task that is not acknowledged in the two minutes: it is handed out again, and done twice",
        ("ack-missing",),
        runs(PARTS, "--misbehave", "late-ack:by=3.5,times=1"),
    ),
    "lease-lost": Example(
        "a task that stops beating while it works: its lease runs out, the work is done twice",
        ("gap-over-limit",),
        runs(ONCE.format(7), "--misbehave", "stall:after=1,for=6,times=1"),
    ),
    "cancelled": Example(
        "a task whose pipeline is deactivated: the runner is told by its beat, and stops",
        (),
        runs("sleep 60", "--max-tasks", "1", during=cancelled),
    ),
    "terminated": Example(
        "a runner that is asked to leave in the middle of a task: it finishes that, and polls no more",
        (),
        runs("sleep 3", during=terminated),
    ),
    "errors": Example("one of each error that the service's model knows", (), errors),
    "wire-sample": Example("the sample of ReportTaskProgress in the AWS API reference", (), wire_sample),
}


def make(name: str, target: Path = FOLDER) -> None:
    """Make one cassette, with its comment, in a folder."""
    example = EXAMPLES[name]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"{name}.yaml"
        example.run(Path(folder), out)
        audit = ", ".join(example.audit) or "nothing"
        text = f"# shows: {example.shows}\n# audit: {audit}\n" + out.read_text(encoding="utf-8")
    (target / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or EXAMPLES:
        make(wanted)
