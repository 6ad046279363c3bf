"""What is typed: bytes of a terminal as keys, and a line that is edited with them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_NAMED = {
    "\r": "enter",
    "\n": "enter",
    "\x7f": "backspace",
    "\b": "backspace",
    "\x1b": "escape",
    "\x07": "escape",
    "\x15": "clear",
    "\x17": "word",
    "\x0c": "redraw",
}
_KEY = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # such as an arrow: CSI, parameters, a final letter
    r"|\x1bO.|\x1b(?=\x1b)|\x1b[^\x1b]|.",
    re.DOTALL,
)


class Keyboard:
    """Makes keys of bytes as they come: one character, or a name such as `enter`."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")

    def keys(self, data: bytes) -> Iterator[str]:
        """Yield the keys that are known; arrows and their like are left out."""
        for found in _KEY.findall(self._decoder.decode(data)):
            if found in _NAMED:
                yield _NAMED[found]
            elif len(found) == 1 and found.isprintable():
                yield found


class Entry:
    """A line of text that is being typed, to answer a question."""

    def __init__(self, question: str, text: str = "") -> None:
        self.question, self.text = question, text

    def press(self, key: str) -> None:
        """Change the line by a key that is none of those that end it."""
        if key == "backspace":
            self.text = self.text[:-1]
        elif key == "clear":
            self.text = ""
        elif key == "word":
            self.text = self.text.rstrip().rpartition(" ")[0]
        elif len(key) == 1 and len(self.text) < LONGEST:
            self.text += key


LONGEST = 1000
"""Characters that a line may have; no fault and no note needs more."""
