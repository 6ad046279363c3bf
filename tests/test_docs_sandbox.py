"""The first try of docs/sandbox.md, as it stands there."""

from __future__ import annotations

import json
import re
import shlex
import socket
from pathlib import Path

from tests.processes import command, environment, holter_run, started, until

from holter.cassette.reader import open_cassette
from holter.wire.message import Interaction

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


def shown(begins: str) -> list[str]:
    """The words of the first command on the page that begins so, without `holter`."""
    lines = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    return shlex.split(next(line for line in lines if line.startswith(begins)))[1:]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_first_try_works_as_it_is_written(tmp_path: Path) -> None:
    port, home, truth, out = free_port(), tmp_path, tmp_path / "truth.jsonl", tmp_path / "out"
    sandbox = [word.replace("8090", port) for word in shown("holter sandbox")]
    sandbox[sandbox.index("docs/examples/pipeline.json")] = str(ROOT / "docs" / "examples" / "pipeline.json")
    extra = ["--log", str(truth), "--port-file", str(tmp_path / "port"), "--hold", "1"]
    with started(command(*sandbox, *extra), environment(home), out):
        until((tmp_path / "port").is_file)
        assert f"export AWS_ENDPOINT_URL_DATA_PIPELINE=http://127.0.0.1:{port}" in out.read_text()
        words = [word.replace("8090", port) for word in shown("holter record")]
        words[words.index("holter") : words.index("holter") + 1] = command()
        ended = holter_run(*words, home=home, cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    tape = open_cassette(str(tmp_path / "run.yaml"))
    calls = [entry.value for entry in tape if isinstance(entry.value, Interaction)]
    statuses = [call.request for call in calls if call.op == "SetTaskStatus"]
    assert [status["taskStatus"] for status in statuses if isinstance(status, dict)] == ["FINISHED"] * 3
    rows = [json.loads(line) for line in truth.read_text().splitlines()]
    assert [row["object"] for row in rows if row["what"] == "finished"] == ["InputIsThere", "Extract", "Load"]
