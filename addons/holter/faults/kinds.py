"""The table of all faults: a new one is a file of its own and a name here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from holter.faults import (
    cancel,
    canned,
    close,
    content_type,
    cut,
    delay,
    duplicate,
    empty,
    error,
    gzipped,
    hold,
    html,
    lose_lease,
    malformed,
    missing,
    patch,
    pipeline_deleted,
    reassign,
    refuse,
    reset,
    stale_date,
    starve,
    swallow,
    terminate,
    throttle,
    truncate,
)
from holter.faults.fault import Kind

_DOMAIN = (
    cancel.KIND, terminate.KIND, lose_lease.KIND, pipeline_deleted.KIND, reassign.KIND, starve.KIND,
    swallow.ACK, swallow.STATUS,
)  # fmt: skip
_ANSWERS = (
    canned.KIND, patch.KIND, error.KIND, throttle.KIND, html.KIND, empty.KIND, malformed.KIND, truncate.KIND,
    content_type.KIND, missing.KIND, gzipped.KIND, stale_date.KIND,
)  # fmt: skip
_TIME = (delay.KIND, hold.KIND)
_CONNECTION = (close.KIND, reset.KIND, cut.KIND, duplicate.KIND, refuse.KIND)

GROUPS: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {"Domain": _DOMAIN, "Answers": _ANSWERS, "Time": _TIME, "Connection": _CONNECTION}
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for rows in GROUPS.values() for kind in rows})
