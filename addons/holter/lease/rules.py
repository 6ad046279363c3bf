"""The table of rules: one id, one default severity each, what it means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from holter.lease.catalogue import (
    attempts,
    contents,
    gaps,
    polling,
    reactions,
    stopping,
    suppressions,
    traffic,
)
from holter.lease.rule import Rule, Severity

__all__ = ["RULES", "Rule", "Severity"]

_TOPICS = (gaps, stopping, attempts, polling, traffic, contents, reactions, suppressions)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for topic in _TOPICS for rule in topic.ROWS})
