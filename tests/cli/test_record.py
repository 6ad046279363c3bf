"""`holter record` around a real runner, in front of a real sandbox, as processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import HOST, command, environment, holter_run, sandbox, started, until

from holter.cassette.reader import open_cassette
from holter.wire.message import Broken, Interaction, Mark, Origin

SCALE = "0.02"  # ack 2.4 s, advice 1.2 s, 5 minutes 6 s


def pipeline(folder: Path, command_line: str, **fields: str) -> Path:
    activity = {"id": "Work", "name": "Work", "type": "ShellCommandActivity", "workerGroup": "wg"}
    default = {"id": "Default", "name": "Default", "scheduleType": "ondemand"}
    path = folder / "pipeline.json"
    path.write_text(json.dumps({"objects": [default, {**activity, "command": command_line, **fields}]}))
    return path


def runner(*options: str) -> list[str]:
    return command(
        "runner", "--worker-group", "wg", "--hostname", "runner-1", "--scale", SCALE,
        "--endpoint", f"https://{HOST}", *options,
    )  # fmt: skip


def entries(path: Path) -> list[Interaction | Mark]:
    return [entry.value for entry in open_cassette(str(path))]


def calls(path: Path) -> list[Interaction]:
    return [entry for entry in entries(path) if isinstance(entry, Interaction)]


def test_a_healthy_runner_is_recorded_through_tls_and_ends_with_its_own_code(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    with sandbox(tmp_path, "--scale", SCALE, "--definition", str(pipeline(tmp_path, "sleep 2"))) as service:
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca", str(service.ca),
            "--", *runner("--max-tasks", "1"), home=tmp_path,
        )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert " ERROR " not in ended.stderr
    assert ended.stdout == ""
    assert {call.op for call in calls(tape)} >= {"PollForTask", "ReportTaskProgress", "SetTaskStatus"}
    marks = [entry.what for entry in entries(tape) if isinstance(entry, Mark)]
    assert [what for what in marks if what not in ("stall", "alive")] == ["started", "note", "stopped"]
    assert os.stat(tape).st_mode & 0o777 == 0o600


def test_a_runner_whose_beats_stop_fails_the_run_and_the_file_says_the_same(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    work = pipeline(tmp_path, "sleep 6", reportProgressTimeout="3 minutes")  # 3.6 s
    with sandbox(tmp_path, "--scale", SCALE, "--definition", str(work)) as service:
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca", str(service.ca),
            "--", *runner("--max-tasks", "1", "--misbehave", "stall:after=1,for=5,times=1"), home=tmp_path,
        )  # fmt: skip
        truth = [json.loads(line) for line in service.truth.read_text().splitlines()]

    assert ended.returncode == 1, ended.stderr
    assert "gap-over-limit" in ended.stderr
    assert "(still open)" in ended.stderr
    (expired,) = [row for row in truth if row["what"] == "expired"]
    again = holter_run("audit", str(tape), "--format", "json", home=tmp_path)
    report = json.loads(again.stdout)
    assert again.returncode == 1
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    assert [(one["rule"], one["certainty"]) for one in errors] == [("gap-over-limit", "certain")]
    (lost,) = [call for call in calls(tape) if call.print == expired["print"]]
    assert lost.task == errors[0]["task"]


def test_a_cancelled_runner_kills_its_work_and_sends_no_status(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    with sandbox(tmp_path, "--scale", SCALE, "--definition", str(pipeline(tmp_path, "sleep 60"))) as service:
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, *service.detour, "--upstream-ca", str(service.ca),
            "--cancel-on", "2", "--", *runner("--max-tasks", "1"), home=tmp_path,
        )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    beats = [call for call in calls(tape) if call.op == "ReportTaskProgress"]
    assert [(beat.origin, beat.response) for beat in beats] == [
        (Origin.LIVE, {"canceled": False}),
        (Origin.FAULT, {"canceled": True}),
    ]
    assert not [call for call in calls(tape) if call.op == "SetTaskStatus"]
    assert "[fault: cancel on beat 2]" in ended.stderr


def test_reverse_mode_needs_no_certificate_of_ours(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    work = pipeline(tmp_path, "true")
    with sandbox(tmp_path, "--scale", SCALE, "--definition", str(work)) as service:
        upstream = f"https://localhost:{service.port}"
        ended = holter_run(
            "record", "-o", str(tape), "--scale", SCALE, "--upstream", upstream, "--upstream-ca",
            str(service.ca), "--", *command("runner", "--worker-group", "wg", "--scale", SCALE),
            "--max-tasks", "1", home=tmp_path,
        )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert "SetTaskStatus" in [call.op for call in calls(tape)]


def test_a_service_that_is_down_breaks_the_connection_and_is_told_and_kept(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        detour = f"{HOST}:443:127.0.0.1:{taken.getsockname()[1]}"
        ended = holter_run(
            "record", "-o", str(tape), "--connect-to", detour, "--", sys.executable, "-c", POLL, home=tmp_path
        )

    assert "EndpointConnectionError" not in ended.stderr
    assert "ProxyConnectionError" in ended.stderr
    assert f"holter: {HOST}: it cannot be reached: " in ended.stderr
    assert {call.broken for call in calls(tape)} == {Broken.UPSTREAM}
    assert ended.returncode == 1


POLL = f"""
import botocore.session, botocore.config
config = botocore.config.Config(retries={{"total_max_attempts": 1}})
session = botocore.session.Session()
client = session.create_client("datapipeline", endpoint_url="https://{HOST}", config=config)
client.poll_for_task(workerGroup="wg")
"""


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_commands_own_code_is_kept(tmp_path: Path, script: str, code: int) -> None:
    ended = holter_run("record", "-o", str(tmp_path / "run.yaml"), "--", "sh", "-c", script, home=tmp_path)

    assert ended.returncode == code
    assert "no Data Pipeline call passed" in ended.stderr


def test_signals_are_passed_on_and_the_tape_is_whole(tmp_path: Path) -> None:
    tape, ready = tmp_path / "run.yaml", tmp_path / "ready"
    script = f"trap 'exit 9' TERM; touch {ready}; while :; do sleep 0.05; done"
    arguments = command("record", "-o", str(tape), "--", "sh", "-c", script)
    with started(arguments, environment(tmp_path), tmp_path / "out") as process:
        until(ready.is_file)
        process.send_signal(signal.SIGTERM)

        assert process.wait(20) == 9
    marks = [entry.what for entry in entries(tape) if isinstance(entry, Mark)]
    assert [what for what in marks if what not in ("stall", "alive")] == ["started", "note", "stopped"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_without_a_command_it_serves_until_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    tape, port, out = tmp_path / "run.yaml", tmp_path / "port", tmp_path / "out"
    arguments = command("record", "-o", str(tape), "--port-file", str(port))
    with started(arguments, environment(tmp_path), out) as process:
        until(port.is_file)
        said = out.read_text()
        process.send_signal(number)

        assert process.wait(20) == 0
    assert f"export HTTPS_PROXY=http://127.0.0.1:{port.read_text().strip()}\n" in said
    assert "export AWS_CA_BUNDLE=" in said
    assert "no Data Pipeline call passed: nothing connected to the proxy" in out.read_text()
    marks = [entry.what for entry in entries(tape) if isinstance(entry, Mark)]
    assert [what for what in marks if what not in ("stall", "alive")] == ["started", "stopped"]


def test_a_signal_at_any_moment_leaves_a_tape_that_loads(tmp_path: Path) -> None:
    """The signal comes at one moment after another of a start; at each, no tape or one that loads."""
    for number in range(8):
        tape = tmp_path / f"run-{number}.yaml"
        arguments = command("record", "-o", str(tape))
        with started(arguments, environment(tmp_path), tmp_path / "out") as process:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.2 + number * 0.08)
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        if tape.exists():
            assert entries(tape) is not None


def refused(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    ended = holter_run("record", *arguments, home=tmp_path, cwd=tmp_path)
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    return ended.returncode, ended.stderr.strip()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--scale", "fast"], "--scale: 'fast' is not a number above 0"),
        (["--scale", "0"], "--scale: '0' is not a number above 0"),
        (["--cancel-on", "0"], "--cancel-on: '0' is not a whole number from 1 up"),
        (["--listen", "8080"], "--listen: '8080' is not HOST:PORT"),
        (["--connect-to", "a:1:b"], "--connect-to: 'a:1:b' is not HOST1:PORT1:HOST2:PORT2"),
        (["--fail-on", "panic"], "--fail-on: 'panic' is none of error, warning, note, never"),
        (["--upstream", "localhost"], "--upstream: 'localhost' is no URL"),
        (["--upstream-ca", "no.pem"], "--upstream-ca: no.pem: no such file"),
        (["--upstream-proxy", "socks5://u:secret@h:1"], "--upstream-proxy: a socks5:// proxy cannot"),
        (["--upstream-proxy", "http://h:1/x"], "--upstream-proxy: no URL of a proxy"),
        (["--listen", "127.0.0.1:9", "--upstream-proxy", "127.0.0.1:9"], "names Holter's own address"),
        (["--resign"], "--resign: only with --upstream"),
        (["--region", "us-east-1"], "--region: only with --resign"),
        (["--profile", "strickt"], "profile 'strickt' is none of"),
        (["--recrod"], "No such option"),
        (["--append", "-o", "nothing.yaml"], "nothing.yaml: cannot be read"),
        (["--port-file", "no/such/folder/port"], "--port-file: no/such/folder/port cannot be written"),
    ],
)
def test_bad_input_gets_one_line_and_exit_2(tmp_path: Path, arguments: list[str], says: str) -> None:
    code, said = refused(tmp_path, *arguments, "--", "true")

    assert says in said
    assert "secret" not in said
    assert code == 2


def test_a_proxy_of_the_environment_that_cannot_be_gone_through_is_refused_by_its_name(
    tmp_path: Path,
) -> None:
    proxy = "socks5h://u:secret@127.0.0.1:1080"
    arguments = ("record", "-o", str(tmp_path / "run.yaml"), "--", "true")
    ended = holter_run(*arguments, home=tmp_path, HTTPS_PROXY=proxy)

    assert ended.returncode == 2
    assert ended.stderr.startswith("holter: HTTPS_PROXY: a socks5h:// proxy cannot be gone through")
    assert "secret" not in ended.stderr
    assert "--upstream-proxy direct goes through none" in ended.stderr
    direct = holter_run(
        "record", "--upstream-proxy", "direct", *arguments[1:], home=tmp_path, HTTPS_PROXY=proxy
    )
    assert direct.returncode == 0, direct.stderr


def test_a_file_that_exists_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("precious")

    code, said = refused(tmp_path, "-o", "run.yaml", "--", "true")

    assert (code, (tmp_path / "run.yaml").read_text()) == (2, "precious")
    assert "run.yaml: exists already" in said


def test_a_port_in_use_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        code, said = refused(tmp_path, "-o", "run.yaml", "--listen", address, "--", "true")

    assert code == 2
    assert address in said
    assert not (tmp_path / "run.yaml").exists()


def test_a_command_that_does_not_exist_is_exit_3_and_leaves_no_file(tmp_path: Path) -> None:
    code, said = refused(tmp_path, "-o", "run.yaml", "--", "no-such-command")

    assert (code, said) == (3, "holter: no-such-command: no such command, or it may not be executed")
    assert not (tmp_path / "run.yaml").exists()


def test_a_missing_extra_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['mitmproxy'] = None\n")
    path = f"{tmp_path}{os.pathsep}{environment(tmp_path)['PYTHONPATH']}"
    ended = holter_run("record", "--", "true", home=tmp_path, PYTHONPATH=path)

    assert ended.returncode == 2
    assert ended.stderr.strip().endswith("is not installed: pip install 'holter[proxy]'")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_recording_goes_on_with_append(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    for more in ([], ["--append"]):
        ended = holter_run("record", "-o", str(tape), *more, "--", "true", home=tmp_path)
        assert ended.returncode == 0, ended.stderr

    whats = [entry.what for entry in entries(tape) if isinstance(entry, Mark)]
    assert whats == ["started", "note", "stopped", "started", "note", "stopped"]


SCRIPT = """
import os, botocore.session
client = botocore.session.get_session().create_client("datapipeline")
client.list_pipelines()
if os.environ["MORE"]:
    client.create_pipeline(name="a", uniqueId="b")
"""


def test_what_was_recorded_is_played_and_what_is_new_is_added(tmp_path: Path) -> None:
    tape = tmp_path / "run.yaml"
    held = []
    with sandbox(tmp_path, "--scale", SCALE) as service:
        for mode, more in (("once", ""), ("new_episodes", "yes"), ("new_episodes", "yes"), ("all", "")):
            ended = holter_run(
                "record", "-o", str(tape), "--mode", mode, *service.detour, "--upstream-ca", str(service.ca),
                "--", sys.executable, "-c", SCRIPT, home=tmp_path, MORE=more,
            )  # fmt: skip
            assert ended.returncode == 0, ended.stderr
            held.append([call.op for call in calls(tape)])

    both = ["ListPipelines", "CreatePipeline"]
    assert held == [["ListPipelines"], both, both, ["ListPipelines"]]
    assert not tape.with_name("run.yaml.new").exists()


def test_append_and_mode_exclude_each_other(tmp_path: Path) -> None:
    ended = holter_run("record", "--append", "--mode", "all", "--", "true", home=tmp_path)
    assert (ended.returncode, ended.stderr) == (2, "holter: --append and --mode: give one of them\n")
