"""When two calls are the same: by operation, then by what of the body does not change from run to run.

Headers never count. Ids of tasks and of runners do not count here either: they are bound (`binding`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from holter.errors import ConfigError
from holter.replay import paths
from holter.wire.codec import canonical
from holter.wire.message import NOTHING, Json, Nothing, Payload
from holter.wire.near import near
from holter.wire.operations import DATA_PIPELINE, OPERATIONS
from holter.wire.value import value

IGNORED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "PollForTask": ("hostname", "instanceIdentity"),
        "ReportTaskProgress": ("fields",),
        "SetTaskStatus": ("errorMessage", "errorStackTrace"),
        "ReportTaskRunnerHeartbeat": ("hostname",),
        "CreatePipeline": ("uniqueId",),
        "DescribeObjects": ("marker",),
        "ListPipelines": ("marker",),
        "QueryObjects": ("marker",),
    }
)
"""What is left aside of each operation's request unless told otherwise: it is new in every run."""

BOUND = (DATA_PIPELINE.handle, DATA_PIPELINE.runner)
"""Members that are bound: the live value stands for a recorded one."""

_BOUND = frozenset(BOUND)


@value
class Difference:
    """Where two bodies differ; `NOTHING` on the side that has nothing there."""

    path: str
    recorded: Json | Nothing
    asked: Json | Nothing


class Matching:
    """What counts of each operation's request; `match_on` replaces the ignored paths of operations.

    It is a mapping such as `{"PollForTask": {"ignore": ["hostname"]}}`; `ConfigError` names what is wrong
    in it and what is allowed.
    """

    def __init__(self, match_on: Any = None) -> None:
        self.ignored = {op: _paths(op, list(texts)) for op, texts in IGNORED.items()}
        self.ignored.update(_read({} if match_on is None else match_on))
        self._aside = {
            op: frozenset([*BOUND, *(path[0] for path in found if len(path) == 1)])
            for op, found in self.ignored.items()
        }
        self._parts = {op: [path for path in found if len(path) > 1] for op, found in self.ignored.items()}

    def counted(self, op: str, body: Payload) -> Payload:
        """Return what counts of a request."""
        if not isinstance(body, dict):
            return body
        aside = self._aside.get(op, _BOUND)
        kept: Json = {key: value for key, value in body.items() if key not in aside}
        for path in self._parts.get(op, ()):
            kept = paths.without(kept, path)
        return kept

    def key(self, op: str, body: Payload) -> str:
        """Return one text for all requests of an operation that are the same."""
        if isinstance(body, dict) and body.keys() <= self._aside.get(op, _BOUND):
            return "{}"
        return canonical(self.counted(op, body))

    def differences(self, op: str, recorded: Payload, asked: Payload) -> list[Difference]:
        """Return where two requests differ, of what counts."""
        one, other = self.counted(op, recorded), self.counted(op, asked)
        if isinstance(one, bytes) or isinstance(other, bytes):
            return [] if one == other else [Difference("$", _shown(one), _shown(other))]
        return list(_differences(one, other, "$"))


def leaves(value: Payload | Nothing) -> int:
    """Count the values that a body holds."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else int(value is not NOTHING)


def _shown(body: Payload) -> Json:
    return f"{len(body)} bytes that are not JSON" if isinstance(body, bytes) else body


def _differences(one: Json | Nothing, other: Json | Nothing, path: str) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            yield from _differences(one.get(key, NOTHING), other.get(key, NOTHING), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            yield from _differences(_item(one, index), _item(other, index), f"{path}[{index}]")
    elif one is NOTHING or other is NOTHING or canonical(one) != canonical(other):
        yield Difference(path, one, other)


def _item(items: list[Json], index: int) -> Json | Nothing:
    return items[index] if index < len(items) else NOTHING


def _read(match_on: Any) -> dict[str, list[paths.Path]]:
    if not isinstance(match_on, Mapping):
        raise ConfigError("match_on: must name operations, as in {PollForTask: {ignore: [hostname]}}")
    return {op: _ignore(op, said) for op, said in match_on.items()}


def _ignore(op: str, said: Any) -> list[paths.Path]:
    if op not in OPERATIONS:
        meant = near(str(op), OPERATIONS)
        hint = f"did you mean {meant}?" if meant else f"known: {', '.join(OPERATIONS)}"
        raise ConfigError(f"match_on.{op}: is no operation ({hint})")
    if (
        not isinstance(said, Mapping)
        or set(said) != {"ignore"}
        or not isinstance(said["ignore"], list | tuple)
    ):
        raise ConfigError(f"match_on.{op}: must be {{ignore: [PATH, ...]}}, an empty list for none")
    return _paths(op, list(said["ignore"]))


def _paths(op: str, texts: list[Any]) -> list[paths.Path]:
    try:
        found = [paths.parse(str(text), OPERATIONS[op].request) for text in texts]
    except ValueError as wrong:
        raise ConfigError(f"match_on.{op}.ignore: {wrong}") from None
    for path in found:
        if path[0] in BOUND:
            raise ConfigError(f"match_on.{op}.ignore: {path[0]} is bound to the recorded one, never ignored")
    return found
