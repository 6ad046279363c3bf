"""What is wrong with the documents of a cassette: secrets that were not masked, breaches of the protocol."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from holter.cassette import fields, opaque
from holter.cassette.account import Accounts
from holter.cassette.aliases import Aliases
from holter.cassette.format import Header, text_of
from holter.cassette.redaction import KEYS, STRICT
from holter.cassette.walk import Walk
from holter.wire.check import check
from holter.wire.message import Interaction, Json, Mark, Nothing, Payload
from holter.wire.operations import OPERATIONS
from holter.wire.shapes import Record, Text

LOOKS_REAL = 24
"""Characters from which a taskId that is no alias is taken for a real one; AWS's own have hundreds."""

_ALIAS = re.compile(r"task-\d+")
_SAID = ("caller", "try", "error", "fault", "upstream", "notes")
_any = Text(legal=False)
_ERROR = Record({"__type": _any, "message": _any, "Message": _any, "code": _any})
"""An error's body (Smithy, AWS JSON 1.1, "operation error serialization")."""


class Kind(enum.StrEnum):
    """What sort of problem it is."""

    SECRET = "secret"  # noqa: S105 - a word, no password
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Remark:
    """One problem of a document: where in it, as a JSON path that begins with its key, and what."""

    kind: Kind
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}: {self.text}"


class _Look(Walk):
    """A walk that changes nothing of a task, but notes the taskIds that are real."""

    def __init__(self, hidden: frozenset[str], accounts: Accounts | None) -> None:
        super().__init__(Aliases({}), hidden, accounts)
        self.real: list[str] = []

    def alias(self, real: str, path: str) -> str:
        if path and looks_real(real):
            self.real.append(path)
        return real

    def remarks(self, what: str) -> Iterator[Remark]:
        found = (
            (self.paths, "holds a secret"),
            (self.real, "holds a real taskId, no alias"),
            (sorted(self.changed), "holds account data, and the redaction is strict"),
        )
        for paths, text in found:
            yield from (Remark(Kind.SECRET, f"{what}{path[1:]}", text) for path in paths)


def looks_real(task: str) -> bool:
    """Tell whether a taskId is the service's own."""
    return len(task) >= LOOKS_REAL and not _ALIAS.fullmatch(task)


class Inspector:
    """Looks at the documents of one cassette, from its header on; never tells what a secret is."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._accounts = Accounts() if header.redaction == STRICT else None
        self._keys: frozenset[str] = frozenset()

    def header(self) -> Iterator[Remark]:
        """Yield what is wrong with the header."""
        said: dict[str, Json] = {"by": self._header.by, "service": self._header.service}
        yield from self._body("header", said)

    def entry(self, value: Interaction | Mark) -> Iterator[Remark]:
        """Yield what is wrong with a call or a mark."""
        if self._accounts:
            self._accounts.learn(text_of(value))
        if isinstance(value, Mark):
            if isinstance(keys := value.more.get(KEYS), list):
                self._keys |= {key.lower() for key in keys if isinstance(key, str)}
            yield from self._body("mark", dict(value.more))
        else:
            yield from self._secrets(value)
            yield from protocol(value)

    def _secrets(self, call: Interaction) -> Iterator[Remark]:
        said = fields.call_of(call)
        yield from self._body("call", {key: said[key] for key in _SAID if key in said})
        if call.task and looks_real(call.task):
            yield Remark(Kind.SECRET, "call.task", "holds a real taskId, no alias")
        yield from self._body("request", call.request)
        if not isinstance(call.response, Nothing):
            result = {"evaluatedexpression"} if call.op == "EvaluateExpression" else set()
            yield from self._body("response", call.response, frozenset(result))

    def _body(self, what: str, body: Payload, hidden: frozenset[str] = frozenset()) -> Iterator[Remark]:
        look = _Look(self._keys | hidden, self._accounts)
        if isinstance(body, bytes):
            if opaque.redacted(body, look) != body and not look.paths:
                look.paths.append("$")
        else:
            look.body(body)
        yield from look.remarks(what)


def protocol(call: Interaction) -> Iterator[Remark]:
    """Yield where a call does not keep to the tables; what masking replaced is taken as it was noted.

    An answer without members may be an empty body (AWS API reference, SetTaskStatus).
    """
    row = OPERATIONS.get(call.op)
    if row is None:
        yield Remark(
            Kind.PROTOCOL, "call.op", f"{call.op!r} is no operation{fields.meant(call.op, OPERATIONS)}"
        )
        return
    if not (call.broken and isinstance(call.request, bytes)):  # it may have been cut short
        yield from _held(call, "request", call.request, row.request)
    empty = call.response == b"" and not row.response.members and not _failed(call)
    if not empty and not isinstance(call.response, Nothing):
        yield from _held(call, "response", call.response, _error(call) if _failed(call) else row.response)


def _held(call: Interaction, what: str, body: Payload, shape: Record) -> Iterator[Remark]:
    found = [(f"{what}{problem.path[1:]}", problem.text) for problem in check(body, shape)]
    yield from (Remark(Kind.PROTOCOL, path, text) for path, text in found if path not in call.redacted)
    noted = call.notes.get(f"{what}_problems")
    for text in noted if isinstance(noted, list) else ():
        path, _, said = str(text).partition(": ")
        where = f"{what}{path[1:]}"
        if (where, said) not in found:
            yield Remark(Kind.PROTOCOL, where, said)


def _failed(call: Interaction) -> bool:
    says_so = isinstance(call.response, dict) and "__type" in call.response
    return call.status >= 400 if call.status is not None else bool(call.error) or says_so


def _error(call: Interaction) -> Record:
    """Return the shape of an error; its type stands in the body, unless a header told it."""
    told = call.error and not call.error.isdecimal()
    return Record(_ERROR.members, () if told else ("__type",))
