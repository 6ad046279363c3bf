"""Which connections are opened up: Data Pipeline's own hosts, and those the user named."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTITIONS = (
    *("amazonaws.com", "api.aws"),
    *("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    *("amazonaws.eu", "api.amazonwebservices.eu"),
    *("c2s.ic.gov", "api.aws.ic.gov"),
    *("sc2s.sgov.gov", "api.aws.scloud"),
    *("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    *("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
)
"""How endpoints end, plain and dual-stack, in each partition of botocore's `partitions.json`."""

_SERVICE = re.compile(
    rf"datapipeline(-fips)?\.(?P<region>[a-z0-9-]+)\.({'|'.join(map(re.escape, _PARTITIONS))})"
)
"""Endpoint rules of botocore's model for datapipeline."""


class Hosts:
    """Tells the hosts that Holter looks into; all others pass through sealed."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._named = {_bare(host) for host in named}

    def __contains__(self, host: object) -> bool:
        name = _bare(str(host))
        return name in self._named or _SERVICE.fullmatch(name) is not None


def region_of(host: str) -> str | None:
    """Return the region that an endpoint of the service names, or None if it is no such endpoint."""
    found = _SERVICE.fullmatch(_bare(host.partition(":")[0]))
    return found["region"] if found else None


def _bare(host: str) -> str:
    return host.lower().removesuffix(".")
