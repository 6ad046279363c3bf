"""Pipeline expressions: `#{...}` in a text, with fields, references, parameters and date functions.

Developer guide, "Expressions": `#{name}`, `#{node.@scheduledStartTime}`, `#{format(minusDays(x,1),'YYYY')}`.
Arithmetic and list operators are left out: what is not understood raises ExpressionError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from holter.sandbox.datetimes import FUNCTIONS, Value, show

Lookup: TypeAlias = Callable[[tuple[str, ...]], "tuple[str, Lookup] | None"]
"""Gives the raw text of a path such as `("node", "@status")`, and the lookup of the object it stands on."""

LONGEST = 20_971_520
"""EvaluateExpression's `longString`, in characters (botocore's service model)."""

_DEEPEST = 20
_WIDEST = 10_240  # characters of one expression; no field is longer (botocore's service model)
_MOST = 100_000  # expressions evaluated for one text
_WORD = re.compile(
    r"\s*(?:(-?\d+)|('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|([@*]?[A-Za-z_][\w-]*)|([(),.]))\s*"
)
_ESCAPE = re.compile(r"\\(.)")
_END = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\}")


class ExpressionError(ValueError):
    """An expression that cannot be evaluated: which one, and why."""


def evaluate(text: str, lookup: Lookup) -> str:
    """Return the text with every `#{...}` in it evaluated; raises ExpressionError."""
    return _evaluate(text, lookup, 0, iter(range(_MOST)))


def evaluate_if_possible(text: str, lookup: Lookup) -> str:
    """Return the text evaluated, or as it is where that cannot be done."""
    try:
        return evaluate(text, lookup)
    except ExpressionError:
        return text


def _evaluate(text: str, lookup: Lookup, depth: int, budget: Iterator[int]) -> str:
    if depth > _DEEPEST:
        raise ExpressionError("expressions refer to each other in a circle, or too deep")
    out, done, size = [], 0, len(text)
    while (start := text.find("#{", done)) >= 0:
        end = _close(text, start)
        value = show(_Parser(text[start + 2 : end], lookup, depth, budget).value())
        out += [text[done:start], value]
        size += len(value)
        if size > LONGEST:
            raise ExpressionError(f"the result is longer than {LONGEST} characters")
        if next(budget, None) is None:
            raise ExpressionError(f"it takes too long: it has more than {_MOST} expressions")
        done = end + 1
    return "".join((*out, text[done:]))


def _close(text: str, start: int) -> int:
    position = start + 2
    while found := _END.search(text, position, start + _WIDEST):
        if found[0] == "}":
            return found.start()
        position = found.end()
    raise ExpressionError(f"the expression at {start} has no closing brace")


class _Parser:
    """One expression, read from left to right: a path, a call, a number or a quoted text."""

    def __init__(self, source: str, lookup: Lookup, depth: int, budget: Iterator[int]) -> None:
        self._source, self._lookup, self._depth, self._budget = source, lookup, depth, budget
        self._words = self._split(source)
        self._at = 0

    def value(self) -> Value:
        """Return the value of the whole expression."""
        value = self._term(0)
        if self._at != len(self._words):
            raise self._wrong(f"{self._words[self._at]!r} was not expected")
        return value

    def _split(self, source: str) -> list[str]:
        words, position = [], 0
        while position < len(source):
            match = _WORD.match(source, position)
            if match is None or match.end() == position:
                raise self._wrong(f"{source[position : position + 10]!r} is not supported")
            words.append(match[0].strip())
            position = match.end()
        return words

    def _take(self) -> str:
        if self._at >= len(self._words):
            raise self._wrong("it ends too early")
        self._at += 1
        return self._words[self._at - 1]

    def _next_is(self, word: str) -> bool:
        return self._at < len(self._words) and self._words[self._at] == word

    def _term(self, depth: int) -> Value:
        if depth > _DEEPEST:
            raise self._wrong("it is nested too deep")
        word = self._take()
        if word[0] in "'\"":
            return _ESCAPE.sub(r"\1", word[1:-1])
        if word.lstrip("-").isdecimal():
            return int(word) if len(word) < 10 else word
        if word in "(),.":
            raise self._wrong(f"{word!r} was not expected")
        return self._call(word, depth) if self._next_is("(") else self._path(word)

    def _call(self, name: str, depth: int) -> Value:
        self._take()
        given: list[Value] = []
        while not self._next_is(")"):
            given.append(self._term(depth + 1))
            if not self._next_is(")") and self._take() != ",":
                raise self._wrong("a comma is missing")
        self._take()
        return self._apply(name, given)

    def _apply(self, name: str, given: list[Value]) -> Value:
        if name not in FUNCTIONS:
            raise self._wrong(f"the function {name} is not supported")
        count, function = FUNCTIONS[name]
        if len(given) != count:
            raise self._wrong(f"{name} takes {count} values, not {len(given)}")
        try:
            return function(*given)
        except (ValueError, OverflowError) as why:
            raise self._wrong(f"{name}: {why}") from None

    def _path(self, first: str) -> Value:
        path = [first]
        while self._next_is("."):
            self._take()
            path.append(self._take())
        found = self._lookup(tuple(path))
        if found is None:
            raise self._wrong(f"nothing is called {'.'.join(path)}")
        return _evaluate(*found, self._depth + 1, self._budget)

    def _wrong(self, why: str) -> ExpressionError:
        shown = self._source if len(self._source) <= 100 else self._source[:100] + "..."
        return ExpressionError(f"#{{{shown}}}: {why}")
