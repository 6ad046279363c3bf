"""Chance that can be had again: the same names give the same numbers, whatever is drawn elsewhere."""

from __future__ import annotations

from hashlib import blake2b

_STEPS = 1 << 53  # all the steps that a float has between 0 and 1


class Chance:
    """A stream of numbers of its own for whatever the names say: a seed, a rule, a task, a number.

    It draws nothing from the machine, so runs in which other tasks interleave otherwise, other Python
    versions and other machines draw the same.
    """

    def __init__(self, *names: object) -> None:
        self._names = "\0".join(map(str, names)).encode("utf-8", "surrogatepass")
        self._drawn = 0

    def draw(self) -> float:
        """Return the next number, evenly spread over 0 <= x < 1."""
        self._drawn += 1
        digest = blake2b(b"%d\0%s" % (self._drawn, self._names), digest_size=8).digest()
        return (int.from_bytes(digest) >> 11) / _STEPS
