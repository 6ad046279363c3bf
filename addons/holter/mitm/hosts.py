"""Which connections are opened up: Data Pipeline's own hosts, and those the user named."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SERVICE = re.compile(
    r"datapipeline(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn|c2s\.ic\.gov)"
)
"""Endpoint rules of botocore's model for datapipeline: plain, FIPS, dual-stack, China and isolated."""


class Hosts:
    """Tells the hosts that Holter looks into; all others pass through sealed."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._named = {host.lower() for host in named}

    def __contains__(self, host: object) -> bool:
        name = str(host).lower().rstrip(".")
        return name in self._named or _SERVICE.fullmatch(name) is not None
