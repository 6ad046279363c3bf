"""Regular expressions that are compiled when they are first used.

To compile all of those that a program has takes longer than most runs spend in them.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what stands for `re.compile(text, flags)`; a text that is wrong is told of at its first use."""
    return cast("re.Pattern[AnyStr]", _Later(text, flags))


class _Later:
    def __init__(self, text: Any, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        """Take over what the expression has, once for each name: later uses find it here at once."""
        if name.startswith("__"):  # what `copy` and `pickle` ask for; an expression as such is not there yet
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
