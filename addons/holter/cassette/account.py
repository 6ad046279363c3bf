"""Account data under stable aliases, for strict redaction: `account-1`, `bucket-1`, `host-1`, `pipeline-1`.

No print of a real value is kept: an account id has twelve digits and a host name is a guess, so that a
print would tell them to whoever tries. What an alias stands for is known only while recording.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from copy import copy
from types import MappingProxyType

from holter.wire.operations import OPERATIONS
from holter.wire.regex import regex
from holter.wire.shapes import Items, Record, Shape, Table

MOST_VALUES = 100_000
"""Values whose alias is remembered; one that comes back after so many others gets a new alias."""

MOST_NAMES = 256
"""Hosts, buckets and pipelines, the latest ones, that are looked for by their bare names in any text."""

KINDS: Mapping[str, str] = MappingProxyType({"hostname": "host", "pipelineId": "pipeline"})
"""Members, and keys of fields, whose whole value is account data."""

_SHORTEST = 3
_ALIAS = regex(r"(?<![A-Za-z0-9])(account|bucket|host|pipeline|resource)-(\d{1,9})(?![A-Za-z0-9])")
_BUCKET = r"[A-Za-z0-9](?:[\w.-]{0,253}[A-Za-z0-9_])?"
_ENDS = r"\s\"'<>,;|\\(){}\[\]"
_ARN = r"arn:aws[a-z-]{0,20}:[a-z0-9-]*:[a-z0-9-]*:"
_FORMS = (
    rf"(?P<s3arn>arn:aws[a-z-]{{0,20}}:s3:[a-z0-9-]*:)(?P<owner>[\w-]*):(?P<inarn>{_BUCKET})",
    rf"(?P<arn>{_ARN})(?P<id>[\w-]*):(?P<resource>[^{_ENDS}]*[^.:{_ENDS}])",
    rf"(?P<s3>s3[an]?://(?:[^/@\s\"']{{0,256}}@)?)(?P<inuri>{_BUCKET})",
    rf"(?P<path>(?<![\w.-])s3[a-z0-9.-]{{0,40}}\.amazonaws\.com(?:\.cn)?/)(?P<inpath>{_BUCKET})",
    r"(?<![\w.-])(?P<inhost>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=\.s3(?:[.-][a-z0-9-]{1,30}){0,3}\.amazonaws\.com)",
    r"(?<![A-Za-z0-9])(?P<pipeline>df-[A-Z0-9]{8,64})(?![A-Za-z0-9])",
    r"(?<![\w.-])(?P<host>(?:ip|ec2)-\d{1,3}(?:-\d{1,3}){3}(?:\.[A-Za-z0-9-]{1,63}){0,8})",
    r"(?<![\w.])(?P<address>\d{1,3}(?:\.\d{1,3}){3})(?![\w.]*\d)",
    r"(?<!\d)(?<!\d\.)(?P<account>\d{12})(?!\d|\.\d)",
    r"(?<![\w-])(?P<dashed>\d{4}-\d{4}-\d{4})(?![\w-])",
)
_FORM = regex("|".join(_FORMS))
_OF_GROUP: Mapping[str, str] = MappingProxyType(
    {
        "inarn": "bucket",
        "inuri": "bucket",
        "inpath": "bucket",
        "inhost": "bucket",
        "pipeline": "pipeline",
        "host": "host",
        "address": "host",
        "owner": "account",
        "id": "account",
        "account": "account",
        "dashed": "account",
        "resource": "resource",
    }
)


def _members(shape: Shape) -> Iterator[str]:
    if isinstance(shape, Record):
        for name, member in shape.members.items():
            yield name
            yield from _members(member)
    elif isinstance(shape, Items | Table):
        yield from _members(shape.of if isinstance(shape, Items) else shape.value)


MEMBERS = frozenset(
    name for row in OPERATIONS.values() for shape in (row.request, row.response) for name in _members(shape)
)
"""The protocol's own words: a host that is called so is not looked for among the keys."""


class Accounts:
    """The table from account data to its aliases; the same value has the same alias wherever it stands."""

    def __init__(self) -> None:
        self._aliases: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._names: OrderedDict[str, str] = OrderedDict()
        self._last: Counter[str] = Counter()
        self._pattern: re.Pattern[str] | None = None

    def copy(self) -> Accounts:
        """Return a table that goes on from here by itself."""
        twin = copy(self)
        twin._aliases, twin._names = self._aliases.copy(), self._names.copy()
        twin._last = self._last.copy()
        return twin

    def learn(self, text: str) -> None:
        """Take over the aliases that stand in a text of the recording: they stay, numbering goes on."""
        for found in _ALIAS.finditer(text):
            kind, number = found.groups()
            self._last[kind] = max(self._last[kind], int(number))
            self._aliases[kind, found[0]] = found[0]

    def of(self, kind: str, value: str) -> str:
        """Return the alias of a value."""
        alias = self._aliases.get((kind, value))
        if alias is None:
            self._last[kind] += 1
            alias = f"{kind}-{self._last[kind]}"
        self._aliases[kind, value] = alias
        self._aliases.move_to_end((kind, value))
        if len(self._aliases) > MOST_VALUES:
            self._aliases.popitem(last=False)
        if kind in ("bucket", "host", "pipeline") and len(value) >= _SHORTEST and value != alias:
            self._name(value, alias)
        return alias

    def known(self, kind: str, value: str) -> bool:
        """Tell whether a value has an alias already."""
        return (kind, value) in self._aliases

    def gave(self, kind: str, alias: str) -> bool:
        """Tell whether a word is an alias of this kind that has been given."""
        number = alias.removeprefix(f"{kind}-")
        return number != alias and number.isdecimal() and int(number) <= self._last[kind]

    def hide(self, text: str) -> str:
        """Return a text with all account data in it replaced; the shape of ARNs and paths is kept."""
        if len(text) < _SHORTEST:
            return text
        _FORM.sub(self._replaced, text)  # meets the names, which may stand bare in the same text
        if self._pattern is None:
            names = sorted(self._names, key=len, reverse=True)
            named = [rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, names))})(?![A-Za-z0-9])"] * bool(names)
            self._pattern = re.compile("|".join([*_FORMS, *named]))
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        parts = {name: part for name, part in found.groupdict().items() if part is not None}
        if not parts:
            return self._names[found[0]]
        said = {
            name: self.of(kind, part.replace("-", "") if name == "dashed" else part) if part else ""
            for name, part in parts.items()
            if (kind := _OF_GROUP.get(name))
        }
        front = next((part for name, part in parts.items() if name not in said), "")
        return front + ":".join(said.values())

    def _name(self, value: str, alias: str) -> None:
        if self._names.get(value) != alias:
            self._names[value] = alias
            self._pattern = None
        self._names.move_to_end(value)
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)
            self._pattern = None
