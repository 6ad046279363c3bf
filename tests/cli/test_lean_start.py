"""What a replay loads until its first answer: each module is paid for at every start. Audits: test_audit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.processes import environment, started, until
from tests.replay.tapes import beat
from tests.test_replayer import tape

HEAVY = {
    *("mitmproxy", "botocore", "yaml", "rich", "jinja2", "cryptography", "prometheus_client"),
    *("http", "urllib", "email", "pathlib", "tempfile", "shutil", "argparse", "difflib", "statistics"),
    *("random", "secrets", "gzip", "bz2", "lzma", "_strptime", "importlib.metadata", "logging.config"),
    *("holter.mitm", "holter.board", "holter.screen", "holter.sandbox", "holter.recorder", "holter.wayout"),
    *("holter.faults.fault", "holter.faults.node", "holter.lease.suppressionfile", "holter.report.text"),
}
"""What the first answer of a replay has no use for."""

NEEDED = "asyncio, click, httptools, msgspec"
_LOADED = re.compile(r"^import time:.*\| +([\w.]+)$", re.MULTILINE)
_URL = re.compile(r"AWS_ENDPOINT_URL=(http://\S+)")


def loaded(told: str) -> set[str]:
    """The modules that Python tells of, with all that they are in."""
    names = _LOADED.findall(told)
    return {name.rsplit(".", count)[0] for name in names for count in range(name.count(".") + 1)}


@pytest.fixture
def known(tmp_path: Path) -> set[str]:
    """What the libraries load that there is no doing without."""
    words = [sys.executable, "-X", "importtime", "-c", f"import {NEEDED}"]
    ran = subprocess.run(words, env=environment(tmp_path), capture_output=True, text=True, check=True)
    return loaded(ran.stderr)


def test_the_first_answer_of_a_replay_waits_for_nothing_that_it_does_not_need(
    tmp_path: Path, known: set[str]
) -> None:
    path, log = tape(tmp_path / "a.yaml", beat()), tmp_path / "log"
    words = [sys.executable, "-X", "importtime", "-m", "holter", "replay", path]
    with started(words, environment(tmp_path), log):
        until(lambda: _URL.search(log.read_text()) is not None)
        found = _URL.search(log.read_text())
        assert found
        url, body = found[1], b'{"taskId":"task-1","fields":[]}'
        request = urllib.request.Request(url, body, {"X-Amz-Target": "DataPipeline.ReportTaskProgress"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            assert json.load(answer) == {"canceled": False}
        told = log.read_text()
    assert {"asyncio", "holter.endpoint.server"} < loaded(told)
    assert (loaded(told) - known) & HEAVY == set()
