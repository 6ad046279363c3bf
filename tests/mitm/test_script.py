"""The script under stock mitmdump, as a process, with nothing but mitmproxy importable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import ADDONS, HOST, PATIENCE, environment, sandbox, started, until

from holter.cassette.reader import open_cassette
from holter.lease.audit import audited
from holter.lease.profilefile import recorded
from holter.wire.message import Interaction, Mark

SCRIPT = ADDONS / "datapipeline.py"
MITMDUMP = [sys.executable, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()"]

NOTHING_ELSE = """
import sys
for name in ("botocore", "hypothesis", "httptools", "platformdirs", "pytest", "yaml"):
    sys.modules[name] = None
"""

RUNNER = f"""
import botocore.session, time
client = botocore.session.Session().create_client("datapipeline", endpoint_url="https://{HOST}")
task = client.poll_for_task(workerGroup="wg", hostname="runner-1")["taskObject"]["taskId"]
client.report_task_progress(taskId=task)
time.sleep(4.2)
client.report_task_progress(taskId=task)
client.set_task_status(taskId=task, taskStatus="FINISHED")
"""


def bare(folder: Path) -> dict[str, str]:
    """An environment as a bare clone has it: mitmproxy and the standard library."""
    folder.joinpath("sitecustomize.py").write_text(NOTHING_ELSE)
    return {**environment(folder), "PYTHONPATH": str(folder)}


def mitmdump(folder: Path, *options: str) -> list[str]:
    common = [
        "-s",
        str(SCRIPT),
        "--set",
        f"confdir={folder / 'conf'}",
        "--listen-host",
        "127.0.0.1",
        "-p",
        "0",
    ]
    return [*MITMDUMP, *common, *options]


def settings(**values: object) -> list[str]:
    return [part for name, value in values.items() for part in ("--set", f"holter_{name}={value}")]


def test_the_script_records_audits_and_reports_like_the_command(tmp_path: Path) -> None:
    tape, port = tmp_path / "run.yaml", tmp_path / "port"
    definition = tmp_path / "pipeline.json"
    definition.write_text(
        '{"objects": [{"id": "Default", "name": "Default", "scheduleType": "ondemand"},'
        '{"id": "Work", "name": "Work", "type": "ShellCommandActivity", "command": "true",'
        ' "workerGroup": "wg", "reportProgressTimeout": "1 hour"}]}'
    )
    (tmp_path / "home").mkdir()
    with sandbox(tmp_path, "--scale", "0.01", "--definition", str(definition)) as service:
        options = settings(record=tape, port_file=port, scale=0.01, connect_to=service.detour[1])
        trust = ["--set", f"ssl_verify_upstream_trusted_ca={service.ca}"]
        arguments = mitmdump(tmp_path, *options, *trust)
        with started(arguments, bare(tmp_path / "home"), tmp_path / "out") as process:
            until(lambda: port.is_file() or process.poll() is not None)
            through = {
                "HTTPS_PROXY": f"http://127.0.0.1:{port.read_text().strip()}",
                "AWS_CA_BUNDLE": str(tmp_path / "conf" / "mitmproxy-ca-cert.pem"),
            }
            runner = [sys.executable, "-c", RUNNER]
            subprocess.run(runner, env=environment(tmp_path, **through), check=True, timeout=PATIENCE)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0

    said = (tmp_path / "out").read_text()
    reader = open_cassette(str(tape))
    values = [entry.value for entry in reader]
    assert [value.op for value in values if isinstance(value, Interaction)] == [
        "PollForTask",
        "ReportTaskProgress",
        "ReportTaskProgress",
        "SetTaskStatus",
    ]
    assert [value.what for value in values if isinstance(value, Mark)] == ["started", "stopped"]
    assert reader.header.profile is not None
    findings = audited(values, recorded(reader.header.profile)).findings
    assert "gap-over-5min" in [finding.rule for finding in findings]
    assert "(still open)" in said
    assert " in 4 calls, 1 lease; profile documented, times scaled by 0.01" in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (settings(recrod="x.yaml"), "unknown option holter_recrod (did you mean holter_record?)"),
        (settings(record="x.yaml", scale="fast"), "holter_scale: 'fast' is not a number above 0"),
        (settings(record="x.yaml", profile="strickt"), "profile 'strickt' is none of"),
        (settings(record="x.yaml", cancel_on="never"), "holter_cancel_on: 'never' is not a whole number"),
        (settings(record="there.yaml"), "there.yaml: exists already"),
        (settings(record="x.yaml", connect_to="a:b"), "holter_connect_to: 'a:b' is not HOST1:PORT1"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_stops_the_start(
    tmp_path: Path, options: list[str], says: str
) -> None:
    (tmp_path / "there.yaml").write_text("precious")
    ended = subprocess.run(
        mitmdump(tmp_path, *options), env=environment(tmp_path), cwd=tmp_path,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if "holter: " in line]
    assert ended.returncode == 1
    assert len(lines) == 1
    assert says in lines[0]
    assert "Traceback" not in ended.stdout + ended.stderr
    assert not (tmp_path / "x.yaml").exists()
    assert (tmp_path / "there.yaml").read_text() == "precious"


def test_without_a_recording_the_script_leaves_mitmproxy_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started(mitmdump(tmp_path), environment(tmp_path), out) as process:
        until(lambda: "listening at" in out.read_text())
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    assert "holter" not in out.read_text().replace(str(tmp_path), "").replace(str(SCRIPT), "")
    assert os.listdir(tmp_path).count("run.yaml") == 0
