"""The environment in which a client goes through Holter."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

DIRECT = ("169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]")
"""Instance, container and pod metadata addresses: credentials come from there, never through a proxy."""

REGION = "us-east-1"
"""The region of clients that speak to no real service."""

NOBODY: Mapping[str, str] = MappingProxyType(
    {
        "AWS_ACCESS_KEY_ID": "holter",
        "AWS_SECRET_ACCESS_KEY": "holter",
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
)
"""The variables of a client that has no account: made-up credentials, so that it looks for no real ones."""

_SERVICE = re.compile(
    r"\*|(\*?\.)?((datapipeline(-fips)?\.)?[a-z]+(-[a-z]+)+-\d+\.)?(amazonaws\.(com(\.cn)?|eu)|api\.aws|com|aws)",
    re.IGNORECASE,
)
"""Entries of NO_PROXY that would lead the runner's calls past Holter."""


def forward(proxy: str, bundle: str, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that send a client through the forward proxy and make it trust the bundle.

    Both spellings are set: curl reads only the lower case of `http_proxy`, Go and botocore either.
    Hosts that were reached directly still are, unless Data Pipeline is among them.
    """
    no_proxy = before.get("NO_PROXY") or before.get("no_proxy") or ""
    listed = [host.strip() for host in no_proxy.split(",")]
    listed = [host for host in listed if host and not _SERVICE.fullmatch(host.partition(":")[0])]
    direct = ",".join([*listed, *(host for host in DIRECT if host not in listed)])
    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    return {
        **dict.fromkeys(names, proxy),
        "NO_PROXY": direct,
        "no_proxy": direct,
        "AWS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "NODE_EXTRA_CA_CERTS": bundle,
    }


def reverse(endpoint: str) -> dict[str, str]:
    """Return the variables that make a client speak to the reverse proxy instead of the service."""
    return {"AWS_ENDPOINT_URL_DATA_PIPELINE": endpoint}


def offline(endpoint: str, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make a client speak to an endpoint of ours, without an account.

    `AWS_ENDPOINT_URL` leads all other services here too, where they are refused: nothing gets out. A proxy
    that the client has stays, but the way to the endpoint does not lead through it.
    """
    host = urlsplit(endpoint).hostname or ""
    no_proxy = before.get("NO_PROXY") or before.get("no_proxy") or ""
    direct = ",".join([*filter(None, [no_proxy]), host])
    return {
        "AWS_ENDPOINT_URL_DATA_PIPELINE": endpoint,
        "AWS_ENDPOINT_URL": endpoint,
        **NOBODY,
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def trusted(before: Mapping[str, str]) -> list[str]:
    """Return the bundles that a client trusts already, as the environment names them, each once."""
    names = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    return list(dict.fromkeys(before[name] for name in names if before.get(name)))


def exports(variables: Mapping[str, str]) -> list[str]:
    """Return the lines to paste into a shell: only one spelling of each name."""
    return [f"export {name}={shlex.quote(value)}" for name, value in variables.items() if name.isupper()]
