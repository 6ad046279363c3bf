"""A real terminal with a shell in it, whose screen is read and whose keys are pressed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.processes import PATIENCE, command

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")

_SHELL = "env PS1='ready> ' bash --norc --noprofile"
_NOT_OURS = ("TMUX", "TERM", "NO_COLOR", "COLORTERM")


class Tmux:
    """A terminal of so many columns and lines; made by `terminal`."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        words = ["tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments]
        ended = subprocess.run(words, env=env, capture_output=True, text=True, timeout=PATIENCE, check=True)
        return ended.stdout

    def press(self, *keys: str) -> None:
        """Press keys by their names: `q`, `Enter`, `C-c`."""
        self.run("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text and end the line."""
        self.run("send-keys", "-l", text)
        self.press("Enter")

    def holter(self, *arguments: str, before: str = "") -> None:
        """Type a command of ours; `before` it may stand variables."""
        self.type(" ".join([before, *command(*arguments)]).strip())

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self.run("capture-pane", "-p")

    @property
    def colours(self) -> str:
        """What is on the screen, with what makes its colours."""
        return self.run("capture-pane", "-p", "-e")

    @property
    def history(self) -> str:
        """All that can be scrolled back to, and the screen."""
        return self.run("capture-pane", "-p", "-S", "-")

    @property
    def full_screen(self) -> bool:
        """Whether a program is on the alternate screen."""
        return self.run("display-message", "-p", "#{alternate_on}").strip() == "1"

    def resize(self, columns: int, lines: int) -> None:
        self.run("resize-window", "-x", str(columns), "-y", str(lines))

    def until(self, *parts: str, history: bool = False) -> str:
        """Wait until all these parts are on the screen, on a line or over several; return what is there."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self.history if history else self.text
            joined = " ".join(found.split())
            if all(part in found or part in joined for part in parts):
                return found
            assert time.monotonic() < deadline, f"{parts} are not there:\n{found}"
            time.sleep(0.05)

    def mode(self, folder: Path) -> str:
        """How the terminal is set, as `stty` tells the shell."""
        told = folder / "stty.txt"
        told.unlink(missing_ok=True)
        self.type(f"stty -a > {told}.new && mv {told}.new {told}")
        deadline = time.monotonic() + PATIENCE
        while not told.is_file():
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)
        return told.read_text()


@contextmanager
def terminal(environment: Mapping[str, str], columns: int = 80, lines: int = 24) -> Iterator[Tmux]:
    """A terminal with a shell; it is closed with the block, and what runs in it is hung up."""
    said = {name: value for name, value in environment.items() if name not in _NOT_OURS}
    with tempfile.TemporaryDirectory(prefix="holter-tmux-") as folder:  # a socket's path must be short
        tmux = Tmux(Path(folder) / "s")
        tmux.run("new-session", "-d", "-x", str(columns), "-y", str(lines), _SHELL, env=said)
        try:
            tmux.until("ready>")
            yield tmux
        finally:
            tmux.run("kill-server")
