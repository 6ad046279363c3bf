"""Clients that wait shorter than the service holds a poll: recorded as such, and told what to set."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from tests.mitm.rig import kept
from tests.processes import holter_run, sandbox

from holter.wire.message import Broken

SCALE = ("--scale", "0.05")
"""The service holds a poll for 4.5 s."""

BOTO = """
import boto3, botocore.exceptions
from botocore.config import Config
client = boto3.client("datapipeline", config=Config(read_timeout={timeout}, retries={retries}))
try:
    client.poll_for_task(workerGroup="wg", hostname="host-1")
except botocore.exceptions.ReadTimeoutError as why:
    print(type(why).__name__)
"""
POLL = Path(__file__).parents[1] / "clients" / "java" / "Poll.java"
ADVICE = (
    "Set the client's read timeout to 90 seconds or more: boto3 `Config(read_timeout=95)`; AWS SDK for Java"
)


def boto(timeout: float, retries: str) -> tuple[str, ...]:
    return (sys.executable, "-c", BOTO.format(timeout=timeout, retries=retries))


def java(*options: str) -> tuple[str, ...]:
    return (
        *("java", "-Dsun.net.client.defaultReadTimeout=1000", *options),
        *(str(POLL), "https://datapipeline.us-east-1.amazonaws.com/"),
    )


CASES = {
    "boto3, 60 s": (boto(1.2, "{'total_max_attempts': 1}"), 1, "ERROR possible poll-aborted"),
    "boto3, 60 s, tried again": (boto(1.2, "{'total_max_attempts': 2}"), 2, "ERROR poll-aborted"),
    "boto3, 95 s": (boto(60, "{'total_max_attempts': 1}"), 0, ""),
    "Java, 50 s": (java(), 1, "ERROR possible poll-aborted"),
    "Java, 50 s, TLS 1.2": (java("-Djdk.tls.client.protocols=TLSv1.2"), 1, "ERROR possible poll-aborted"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_client_that_gives_up_is_recorded_as_that_and_told_how_to_wait(tmp_path: Path, name: str) -> None:
    client, times, finding = CASES[name]
    if not shutil.which(client[0]):
        pytest.skip(f"needs {client[0]}")
    tape = tmp_path / "run.yaml"
    with sandbox(tmp_path, *SCALE) as service:
        ended = holter_run(
            *("record", "-o", str(tape), *SCALE, *service.detour, "--upstream-ca", str(service.ca)),
            *("--fail-on", "never", "--", *client),
            home=tmp_path,
        )
        judged = holter_run("audit", str(tape), home=tmp_path)

    given_up, answered = ("PollForTask", Broken.CLIENT, None), ("PollForTask", None, 200)
    polls = [(call.op, call.broken, call.status) for call in kept(tape)]
    assert polls == ([given_up] * times if times else [answered])
    waited = [call.ended - call.asked for call in kept(tape) if call.ended and call.asked is not None]
    assert all(0.9 < one < 4.5 for one in waited) or not times
    assert finding in ended.stderr
    assert ("poll-aborted" in ended.stderr) == bool(times)
    assert (ADVICE in " ".join(judged.stdout.split())) == bool(times)
    assert "Traceback" not in ended.stderr
