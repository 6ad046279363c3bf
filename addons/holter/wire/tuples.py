"""Named tuples that are made often."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

made: Callable[[type[_T], tuple[object, ...]], _T] = tuple.__new__  # type: ignore[assignment]  # of a tuple
"""Makes a named tuple of all its members, in half the time that its class takes for it."""
