"""`holter env`, pasted into real shells in front of a real proxy."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.processes import command, environment, holter_run, sandbox, started, until

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction

POLL = """
import botocore.session
client = botocore.session.Session().create_client("datapipeline")
client.poll_for_task(workerGroup="wg")
"""


def lines(home: Path, *arguments: str, ca: str = "", no_proxy: str = "") -> list[str]:
    more = {"AWS_CA_BUNDLE": ca} if ca else {}
    ended = holter_run("env", *arguments, home=home, cwd=home, NO_PROXY=no_proxy, **more)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.parametrize("shell", ["sh", "fish"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_is_pasted_leads_a_client_through_the_proxy(tmp_path: Path, shell: str, mode: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"needs {shell}")
    tape, port = tmp_path / "run.yaml", tmp_path / "port"
    with sandbox(tmp_path, "--scale", "0.01") as service:
        upstream = (
            ("--upstream", f"https://localhost:{service.port}") if mode == "reverse" else service.detour
        )
        recording = command(
            "record", "-o", str(tape), "--port-file", str(port), "--upstream-ca", str(service.ca), *upstream
        )
        with started(recording, environment(tmp_path), tmp_path / "out") as process:
            until(lambda: port.is_file() or process.poll() is not None)
            reverse = ["--reverse"] if mode == "reverse" else []
            pasted = lines(tmp_path, "--shell", shell, "--port-file", str(port), *reverse)
            script = "\n".join([*pasted, f"exec {sys.executable} -c {shlex.quote(POLL)}"])
            polled = subprocess.run(
                [shell, "-c", script],
                env=environment(tmp_path),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
    calls = [entry.value for entry in open_cassette(str(tape)) if isinstance(entry.value, Interaction)]

    assert polled.returncode == 0, polled.stderr
    assert [(call.op, call.status) for call in calls] == [("PollForTask", 200)]


def test_the_task_runner_gets_its_own_options(tmp_path: Path) -> None:
    if not shutil.which("keytool"):
        pytest.skip("needs keytool (default-jdk-headless)")
    (forward,) = lines(tmp_path, "--shell", "java", "--listen", "127.0.0.1:8080")
    (reverse,) = lines(tmp_path, "--shell", "java", "--listen", "127.0.0.1:8080", "--reverse")

    assert forward.endswith("-jar TaskRunner-1.0.jar --proxyHost 127.0.0.1 --proxyPort 8080")
    assert forward.startswith(f"java -Djavax.net.ssl.trustStore={tmp_path}/ca/java-")
    assert reverse == "java -jar TaskRunner-1.0.jar --endpoint http://127.0.0.1:8080"


def test_what_was_trusted_and_passed_by_before_is_taken_over(tmp_path: Path) -> None:
    corporate = "-----BEGIN CERTIFICATE-----\ncorporate\n-----END CERTIFICATE-----\n"
    (tmp_path / "corp.pem").write_text(corporate)
    said = lines(
        tmp_path, "--listen", "[::1]:8080", "--host", "localhost",
        ca=str(tmp_path / "corp.pem"), no_proxy="a.example",
    )  # fmt: skip
    found = dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in said)

    assert found["HTTPS_PROXY"] == "http://[::1]:8080"
    assert found["NO_PROXY"].startswith("a.example,169.254.169.254,")
    assert "localhost" not in found["NO_PROXY"]
    assert corporate in Path(found["AWS_CA_BUNDLE"]).read_text()
    assert Path(found["AWS_CA_BUNDLE"]).parent == tmp_path / "ca"


def test_without_keytool_the_task_runner_could_not_trust_us(tmp_path: Path) -> None:
    arguments = ("env", "--shell", "java", "--listen", "127.0.0.1:8080")
    ended = holter_run(*arguments, home=tmp_path, PATH=str(tmp_path), JAVA_HOME="")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "--shell java: needs keytool, which comes with Java" in ended.stderr
    assert holter_run(*arguments, "--reverse", home=tmp_path, PATH=str(tmp_path)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "--listen: say where the proxy listens"),
        (["--port-file", "none"], "--port-file: none: holds no port"),
        (["--shell", "csh", "--listen", "127.0.0.1:1"], "'csh' is not one of 'sh', 'fish'"),
    ],
)
def test_bad_input_gets_one_line(tmp_path: Path, arguments: list[str], says: str) -> None:
    ended = holter_run("env", *arguments, home=tmp_path, cwd=tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
