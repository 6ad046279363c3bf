"""The script in mitmproxy's console, on a terminal of tmux."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.processes import environment, sandbox, until

from .tools import LATE, PIPELINE, Tool, settings, tool

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")


class Terminal:
    """A terminal of 120 by 40 characters, what it shows, and its keys."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")

    def tmux(self, *words: str) -> str:
        ended = subprocess.run(
            ["tmux", "-u", "-S", self._socket, "-f", "/dev/null", *words],
            capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        return ended.stdout

    @property
    def shown(self) -> str:
        return self.tmux("capture-pane", "-p")

    def sees(self, *texts: str) -> None:
        """Wait until all of these are shown."""
        try:
            until(lambda: all(text in self.shown for text in texts))
        except AssertionError:
            pytest.fail(f"{texts} are not all shown:\n{self.shown}")

    def key(self, name: str) -> None:
        self.tmux("send-keys", name)

    def command(self, line: str) -> None:
        """Give a command at mitmproxy's prompt."""
        self.key(":")
        until(lambda: "\n:" in self.shown)
        self.tmux("send-keys", "-l", line)
        self.sees(line)
        self.key("Enter")


@contextmanager
def console(folder: Path) -> Iterator[tuple[Terminal, Tool]]:
    """Run the console in front of a sandbox."""
    (folder / "pipeline.json").write_text(json.dumps(PIPELINE))
    (folder / "out").write_text("")
    terminal = Terminal(folder)
    with sandbox(folder, "--scale", "0.01", "--definition", str(folder / "pipeline.json")) as service:
        options = settings(
            record=folder / "run.yaml", port_file=folder / "port", scale=0.01, connect_to=service.detour[1]
        )
        trust = ["--set", f"ssl_verify_upstream_trusted_ca={service.ca}"]
        ours = environment(folder, LC_ALL="C.UTF-8")
        words = ["env", *(f"{key}={ours[key]}" for key in ("LC_ALL", "PYTHONPATH", "HOLTER_HOME"))]
        words += tool("mitmproxy", folder, *options, *trust)
        terminal.tmux("new-session", "-d", "-x", "120", "-y", "40", shlex.join(words))
        try:
            until((folder / "port").is_file)
            yield terminal, Tool(folder)
        finally:
            terminal.tmux("kill-server")


def test_calls_are_marked_filters_and_commands_work_and_a_call_is_shown(tmp_path: Path) -> None:
    with console(tmp_path) as (terminal, running):
        running.run(LATE)
        terminal.sees("[1/4]", "🟠")
        terminal.command("view.filter.set ~marked")
        terminal.sees("[1/2]")
        terminal.key("Enter")
        terminal.sees("DataPipeline", "operation:   ReportTaskProgress: renews the lease of its task")
        terminal.sees(
            "task:        task-1", "lease:       ended: finished", "findings:    gap-over-5min (warning"
        )
        terminal.key("q")
        terminal.command("holter.audit")
        terminal.sees("Data viewer", "warning gap-over-5min: Two beats were more than 5 minutes apart")
        terminal.key("q")
        terminal.command("holter.arm ReportTaskProgress:cancel")
        terminal.sees("holter: armed ReportTaskProgress:cancel")
        terminal.command("holter.arm ReportTaskProgress:cancle")
        terminal.sees("Error: ", "'cancle' is no fault")
        terminal.command("holter.mark seen in the console")
        terminal.sees("holter: marked")

    tape = (tmp_path / "run.yaml").read_text()
    assert '"text":"seen in the console"' in tape
    assert '"did":"armed","rules":["ReportTaskProgress:cancel"]' in tape
