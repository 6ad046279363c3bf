"""How many files and connections this process may hold at once."""

from __future__ import annotations

import resource

ENOUGH = 16_384
"""Two connections for each of eight thousand runners."""

RESERVE = 64
"""What is held besides connections: libraries, cassettes, sockets that listen."""


def raised() -> int:
    """Raise our own limit as far as we may, up to `ENOUGH`; return what it is then.

    Systems begin with 256 (macOS) or 1024 (Linux), and leave it to each process to ask for more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return ENOUGH if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        return soft  # some systems have another bound below the one that they tell
    return wanted
