"""Runs a program on a terminal of its own."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Mapping


def on_terminal(arguments: list[str], env: Mapping[str, str]) -> tuple[int, str]:
    """Return the exit code of a program whose three streams are a terminal, and all that it showed there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        arguments, env={**env, "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 65536):
                shown += block
        except OSError:  # what Linux says when the last program has let go of the terminal
            pass
        finally:
            os.close(ours)
        return process.wait(60), shown.decode()
