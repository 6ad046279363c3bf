"""`holter convert`, from files as a user has them; the flow file is stock mitmdump's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import command, environment, holter_run, sandbox, started, until

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "cassettes" / "demo.yaml"


def flow_file(folder: Path) -> Path:
    """What `mitmdump -w` keeps of the reference runner in front of the sandbox."""
    out, port, script = folder / "x.flows", folder / "dump.port", folder / "port.py"
    script.write_text(
        "import os\nfrom mitmproxy import ctx\n"
        "def running():\n"
        "    port = ctx.master.addons.get('proxyserver').listen_addrs()[0][1]\n"
        f"    open({str(port)!r} + '~', 'w').write(str(port))\n"
        f"    os.rename({str(port)!r} + '~', {str(port)!r})\n"
    )
    with sandbox(folder, "--scale", "0.01", "--definition", str(ROOT / "docs/examples/pipeline.json")) as box:
        dump = [
            *(sys.executable, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()"),
            *("-q", "-w", str(out), "-s", str(script), "--set", f"confdir={folder / 'conf'}"),
            *("--mode", f"reverse:https://127.0.0.1:{box.port}", "--listen-host", "127.0.0.1"),
            *("--listen-port", "0", "--set", f"ssl_verify_upstream_trusted_ca={box.ca}"),
        ]
        with started(dump, environment(folder), folder / "dump.log") as process:
            until(lambda: port.exists() or process.poll() is not None)
            runner = command(
                *("runner", "--worker-group", "wg", "--hostname", "worker.acme.example", "--scale", "0.01"),
                *("--exit-when-idle", "--endpoint", f"http://127.0.0.1:{port.read_text()}"),
            )
            subprocess.run(runner, env=environment(folder), check=True, capture_output=True, timeout=60)
    return out


def test_what_mitmdump_kept_becomes_a_cassette_that_is_audited_and_clean(tmp_path: Path) -> None:
    flows, out = flow_file(tmp_path), tmp_path / "out.yaml"
    ended = holter_run("convert", str(flows), str(out), "--redact", "strict", home=tmp_path)

    assert (ended.returncode, ended.stdout) == (0, "")
    reader = open_cassette(str(out))
    calls = [entry.value for entry in reader if isinstance(entry.value, Interaction)]
    assert f"{out}: {len(calls)} calls; 0 other flows left out" in ended.stderr
    assert {"PollForTask", "ReportTaskProgress", "SetTaskStatus"} <= {call.op for call in calls}
    assert [call.seq for call in calls] == list(range(1, len(calls) + 1))
    assert {call.caller for call in calls} == {"host-1"}
    assert reader.header.redaction == "strict"
    assert (reader.header.by or "").split(", ")[1].startswith("mitmproxy ")
    assert "acme" not in out.read_text()
    assert holter_run("check", str(out), home=tmp_path).returncode == 0
    slack = ("--scale", "0.02")  # twice what the runner was given: a busy machine lets it beat late
    audited = holter_run("audit", str(out), *slack, "--profile", "documented", home=tmp_path)
    assert "no findings in " in audited.stdout
    assert audited.returncode == 0


def test_a_cassette_is_written_anew_byte_for_byte(tmp_path: Path) -> None:
    ended = holter_run("convert", str(DEMO), "out.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 0
    assert ended.stderr.startswith("holter: out.yaml: ")
    assert (tmp_path / "out.yaml").read_bytes() == DEMO.read_bytes()


def test_an_edited_cassette_becomes_one_of_our_layout(tmp_path: Path) -> None:
    (tmp_path / "in.yaml").write_text(
        "holter: 1\n---\ncall: {op: PollForTask}\nrequest:\n  workerGroup: wg\n  pass: x\nresponse: {}\n"
    )
    ended = holter_run("convert", "in.yaml", "out.yaml", "--redact-key", "pass", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 0
    assert (tmp_path / "out.yaml").read_text() == (
        'holter: 1\nredaction: "default"\n---\n'
        'call: {"op":"PollForTask","redacted":["request.pass"],'
        '"notes":{"request_problems":["$.pass: is unknown"]}}\n'
        'request: {"workerGroup":"wg","pass":"REDACTED"}\nresponse: {}\n'
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "in: cannot be read: No such file or directory"),
        (b"", "in: is empty"),
        (b"a: 1\n", "is no Holter cassette"),
        (b"holter: 9\n", "made by a newer Holter"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"12:garbage", "in: flow 1, from byte 0 on, cannot be read"),
        (b"999999999999:x", "in: flow 1, from byte 0 on, cannot be read"),
        (b"holter: 1\n---\nfoo: 1\n---\nfoo: 2\n", "in:3: document 2"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_leaves_nothing(
    tmp_path: Path, data: bytes | None, says: str
) -> None:
    if data is not None:
        (tmp_path / "in").write_bytes(data)
    ended = holter_run("convert", "in", "out.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr
    assert not (tmp_path / "out.yaml").exists()


def test_a_target_that_exists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.yaml").write_text("precious")
    ended = holter_run("convert", str(DEMO), "out.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert "out.yaml: exists already" in ended.stderr
    assert (tmp_path / "out.yaml").read_text() == "precious"
