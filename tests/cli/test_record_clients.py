"""Clients of several kinds under `holter record`, none of them told of Holter; and those that pass it by."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from tests.mitm.outer import outer
from tests.processes import HOST, Sandbox, holter_run, sandbox

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction

JAVA = Path(__file__).parents[1] / "clients" / "java" / "Poll.java"

CURL = (
    *("curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "30"),
    *("-H", "Content-Type: application/x-amz-json-1.1", "-H", "X-Amz-Target: DataPipeline.PollForTask"),
    *("-d", '{"workerGroup":"wg"}', f"https://{HOST}/"),
)
BOTO = """
import botocore.session, botocore.config
config = botocore.config.Config(retries={"total_max_attempts": 1})
client = botocore.session.Session().create_client("datapipeline", config=config, verify=VERIFY)
client.poll_for_task(workerGroup="wg")
"""


def polls(tape: Path) -> list[int | None]:
    calls = (entry.value for entry in open_cassette(str(tape)))
    return [call.status for call in calls if isinstance(call, Interaction) and call.op == "PollForTask"]


@pytest.mark.parametrize("client", ["curl", "java", "python"])
def test_a_client_is_led_through_the_proxy_and_trusts_it(tmp_path: Path, client: str) -> None:
    if client != "python" and not shutil.which(client):
        pytest.skip(f"needs {client}")
    commands = {
        "curl": CURL,
        "java": ("java", str(JAVA), f"https://{HOST}/"),
        "python": (sys.executable, "-c", BOTO.replace("VERIFY", "None")),
    }
    tape = tmp_path / "run.yaml"
    with sandbox(tmp_path, "--scale", "0.01") as service:
        ended = holter_run(
            "record", "-o", str(tape), *service.detour, "--upstream-ca", str(service.ca),
            "--", *commands[client], home=tmp_path,
        )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert polls(tape) == [200]


def test_the_proxy_of_before_is_gone_through_with_its_credentials_and_the_client_has_ours(
    tmp_path: Path,
) -> None:
    tape = tmp_path / "run.yaml"
    client = f"import os\nassert 'p%40ss' not in os.environ['HTTPS_PROXY']\n{BOTO.replace('VERIFY', 'None')}"

    async def main(service: Sandbox) -> tuple[str, list[str]]:
        async with outer(service.port) as behind:
            ended = await asyncio.to_thread(
                holter_run, "record", "-o", str(tape), "--upstream-ca", str(service.ca),
                "--", sys.executable, "-c", client, home=tmp_path,
                HTTPS_PROXY=f"http://us%20er:p%40ss%3Aword@127.0.0.1:{behind.parent.port}",
            )  # fmt: skip
            assert ended.returncode == 0, ended.stderr
            return ended.stderr, behind.asked

    with sandbox(tmp_path, "--scale", "0.01") as service:
        said, asked = asyncio.run(main(service))

    assert asked == [f"CONNECT {HOST}:443 HTTP/1.1"]
    assert polls(tape) == [200]
    assert "word" not in said + tape.read_text()


def test_credentials_are_in_no_line_and_no_cassette(tmp_path: Path) -> None:
    tape, secret, token = tmp_path / "run.yaml", "wJalrXUtnFEMI+K7MDENG", "session+token=="
    with sandbox(tmp_path, "--scale", "0.01") as service:
        ended = holter_run(
            "record", "-o", str(tape), "--upstream-ca", str(service.ca), "--resign",
            "--upstream", f"https://localhost:{service.port}",
            "--", sys.executable, "-c", BOTO.replace("VERIFY", "None"), home=tmp_path,
            AWS_SECRET_ACCESS_KEY=secret, AWS_SESSION_TOKEN=token,
        )  # fmt: skip
    kept = ended.stdout + ended.stderr + tape.read_text()

    assert ended.returncode == 0, ended.stderr
    assert polls(tape) == [200]
    assert [found for found in (secret, token, "AKIDEXAMPLE", "AWS4-HMAC") if found in kept] == []


def unseen(folder: Path, *command: str, options: tuple[str, ...] = (), **more: str) -> tuple[int, str]:
    """Record a command without calls; return its code and the line that explains it."""
    ended = holter_run("record", "-o", "run.yaml", *options, "--", *command, home=folder, cwd=folder, **more)
    (line,) = [line for line in ended.stderr.splitlines() if "no Data Pipeline call passed: " in line]
    return ended.returncode, line


def test_a_command_that_connects_to_nobody_keeps_its_code_unless_strict(tmp_path: Path) -> None:
    code, line = unseen(tmp_path, "true")
    strict, _ = unseen(tmp_path, "true", options=("--append", "--strict"))

    assert (code, strict) == (0, 1)
    assert (
        "nothing connected to the proxy, likely because true makes no such call, or has a transport" in line
    )


def test_an_old_node_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.20.2\n")
    (tmp_path / "node").chmod(0o755)
    code, line = unseen(tmp_path, str(tmp_path / "node"), PATH=f"{tmp_path}:/usr/bin:/bin")

    assert code == 0
    assert "Node 20.20 does not know NODE_USE_ENV_PROXY (from 22.21 and 24.5 on)" in line


def test_a_client_with_an_endpoint_of_its_own_is_told_of(tmp_path: Path) -> None:
    _, line = unseen(tmp_path, "true", AWS_ENDPOINT_URL="http://localhost:4566")

    assert (
        "likely because AWS_ENDPOINT_URL leads it to http://localhost:4566: unset it, or record with" in line
    )


def test_in_reverse_mode_the_endpoint_is_named(tmp_path: Path) -> None:
    _, line = unseen(tmp_path, "true", options=("--upstream", "http://localhost:1"))

    assert "likely because true does not heed AWS_ENDPOINT_URL_DATA_PIPELINE" in line


@pytest.mark.parametrize("options", [(), ("--upstream", "http://localhost:1")], ids=["forward", "reverse"])
def test_a_client_without_credentials_is_told_of(tmp_path: Path, options: tuple[str, ...]) -> None:
    script = f"try:\n{_indented(BOTO.replace('VERIFY', 'None'))}\nexcept Exception as why:\n    print(why)"
    _, line = unseen(
        tmp_path, sys.executable, "-c", script, options=options, HOME=str(tmp_path), AWS_ACCESS_KEY_ID=""
    )

    assert "nothing connected to " in line
    assert f"likely because {sys.executable} found no credentials to sign with" in line


def test_a_client_that_refuses_the_certificate_fails_the_run(tmp_path: Path) -> None:
    import certifi

    script = BOTO.replace("VERIFY", repr(certifi.where()))
    quiet = f"try:\n{_indented(script)}\nexcept Exception as why:\n    print(type(why).__name__)"
    code, line = unseen(tmp_path, sys.executable, "-c", quiet)

    assert code == 1
    assert f"the client refused Holter's certificate for {HOST}: make it trust the authority" in line


def _indented(script: str) -> str:
    return "\n".join(f"    {line}" for line in script.strip().splitlines())
