"""What never reaches the disk: taskIds, identities, masked fields, and secrets known by their looks.

Pure but for the table of aliases: the same messages in the same order give the same redacted ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import copy

from holter.cassette import opaque
from holter.cassette.account import Accounts
from holter.cassette.aliases import Aliases
from holter.cassette.plain import Kind, Parted, Plain, parted
from holter.cassette.secrets import masked
from holter.cassette.walk import ASKED, HANDED_OUT, Walk
from holter.wire.check import check
from holter.wire.facts import MANGLED, mangled
from holter.wire.message import Call, Json, Payload, Reply
from holter.wire.operations import DATA_PIPELINE, OPERATIONS
from holter.wire.redactor import Redacted
from holter.wire.shapes import Record

STRICT = "strict"
"""What a header calls the redaction that replaces account data too."""

MOST_PROBLEMS = 20
"""Problems of one message that are noted."""

KEYS = "redact_keys"
"""Where a `started` mark says which further names are masked from there on."""

_RESULT = frozenset({"evaluatedexpression"})


class Redactor:
    """Redacts the messages of one recording.

    `aliases` (print to alias) are those it gave before; `strict` replaces account data too; `keys` are
    further members, and keys of fields, whose values are masked, in whatever case they are written.
    """

    def __init__(
        self, aliases: Mapping[str, str] | None = None, *, strict: bool = False, keys: Iterable[str] = ()
    ) -> None:
        self._aliases = Aliases(aliases or {})
        self._accounts = Accounts() if strict else None
        self._keys = frozenset(key.lower() for key in keys)
        self._plain = Plain()

    def copy(self) -> Redactor:
        """Return one that redacts as this does now; what it meets from here on changes nothing in this."""
        twin = copy(self)
        twin._aliases, twin._plain = self._aliases.copy(), Plain()
        twin._accounts = self._accounts and self._accounts.copy()
        return twin

    def seen(self, print_: str | None, alias: str) -> None:
        """Take over an alias from a recording that is gone on with, so that numbering goes on.

        An alias whose print the recording does not hold is never given again.
        """
        self._aliases.learn(print_, alias)

    def learn(self, text: str) -> None:
        """Take over the aliases of account data in a text of the recording: they are never given again."""
        if self._accounts:
            self._accounts.learn(text)

    def call(self, call: Call) -> Redacted:
        """Redact a request."""
        kind = ("request", call.op, True)
        if again := self._again(kind, call.body):
            return again
        row = OPERATIONS.get(call.op)
        return self._anew(kind, call.body, row.request if row else None, self._keys)

    def reply(self, op: str, reply: Reply) -> Redacted:
        """Redact an answer; of EvaluateExpression the result too, which may be any secret."""
        kind = ("response", op, reply.status < 400)
        if again := self._again(kind, reply.body):
            return again
        row = OPERATIONS.get(op)
        shape = row.response if row and reply.status < 400 else None
        hidden = self._keys | _RESULT if op == "EvaluateExpression" else self._keys
        return self._anew(kind, reply.body, shape, hidden)

    def text(self, text: str) -> str:
        """Redact any other text that goes into a recording: an error code, a note."""
        if self._accounts is None:
            return masked(self._aliases.hide(text))
        return Walk(self._aliases, accounts=self._accounts).text(text)

    def caller(self, name: str) -> str:
        """Redact the name of a runner: its host, else its address and its product."""
        accounts = self._accounts
        if accounts is None or name == "unknown":
            return self.text(name)
        host = name if accounts.known("host", name) else name.partition(" ")[0]
        if accounts.gave("host", host):  # a runner that is known by its task is known by its alias
            return name
        return accounts.of("host", host) + self.text(name.removeprefix(host))

    def _again(self, kind: Kind, body: Payload) -> Redacted | None:
        """Redact a message in short, if one like it was found plain before."""
        if self._accounts is None and isinstance(body, dict):
            return self._plain.again(kind, parted(kind[0], body), self._aliases)
        return None

    def _anew(self, kind: Kind, body: Payload, shape: Record | None, hidden: frozenset[str]) -> Redacted:
        found = self._message(kind[0], body, shape, hidden)
        if self._accounts is None and isinstance(body, dict):
            message = parted(kind[0], body)
            if _is_plain(message, found):
                self._plain.add(kind, message)
        return found

    def _message(self, what: str, body: Payload, shape: Record | None, hidden: frozenset[str]) -> Redacted:
        walk = Walk(self._aliases, hidden, self._accounts)
        notes: dict[str, Json] = {}
        if isinstance(body, bytes):
            payload: Payload = opaque.redacted(body, walk)
            if payload != body:
                notes[f"{what}_length"] = len(body)
            if shape and what == "response" and (problem := _unreadable(body, shape)):
                notes["response_problems"] = [problem]
        else:
            payload = kept = walk.body(body)
            changed = {*walk.paths, *walk.tasks, *walk.changed}
            if shape and (problems := _problems(body, kept, shape, changed)):
                notes[f"{what}_problems"] = [walk.text(problem) for problem in problems[:MOST_PROBLEMS]]
        task = walk.tasks.get(ASKED if what == "request" else HANDED_OUT)
        if what == "request" and task in walk.prints and (how := self._mangled(body)):
            notes[MANGLED] = how
        return Redacted(payload, task, walk.prints.get(task or ""), tuple(walk.paths), notes)

    def _mangled(self, body: Payload) -> str | None:
        real = body.get(DATA_PIPELINE.handle) if isinstance(body, dict) else None
        return mangled(real, self._aliases.known(real)) if isinstance(real, str) else None


def _is_plain(message: Parted, found: Redacted) -> bool:
    """Tell whether nothing was masked or noted, and nothing renamed but the taskId."""
    if found.paths or found.notes:
        return False
    if message.real is None:
        return found.task is None and found.payload == message.body
    return found.task is not None and found.payload == message.renamed(found.task)


def _problems(real: Json, kept: Json, shape: Record, changed: set[str]) -> list[str]:
    """Return what is wrong with a message, in words that tell nothing of what was masked."""
    problems = check(real, shape)
    if not problems or kept == real:
        return [str(problem) for problem in problems]
    wrong = {problem.path for problem in problems}
    still = [
        problem for problem in check(kept, shape) if problem.path in wrong or problem.path not in changed
    ]
    told = {problem.path for problem in still}
    hidden = (problem for problem in problems if problem.path in changed and problem.path not in told)
    return [str(problem) for problem in (*still, *hidden)]


def _unreadable(body: bytes, shape: Record) -> str | None:
    """Return what is wrong with an answer that is no JSON that text can carry."""
    if not body:
        return "$: is empty" if shape.required else None
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return "$: is not JSON"
    return None
