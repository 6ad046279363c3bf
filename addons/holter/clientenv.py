"""The environment in which a client goes through Holter, and what the one that it had says of the way out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from holter.wire.regex import regex

METADATA = ("169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]")
"""Instance, container and pod metadata addresses: credentials come from there, never through a proxy."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

TRUST = ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Variables by which one client or another is told whom to trust."""

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""Both spellings: curl reads only the lower case of `http_proxy`, Go and botocore either."""

JAVA = "JAVA_TOOL_OPTIONS"
STORE_PASSWORD = "changeit"  # noqa: S105 - what every JDK's own store has
"""The password of a Java trust store: it protects certificates, which are public, from accidents."""

REGION = "us-east-1"
"""The region of clients that speak to no real service."""

NO_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "holter",
    "AWS_SECRET_ACCESS_KEY": "holter",
    "AWS_SESSION_TOKEN": "",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What a client insists on having before it signs a call, worth nothing anywhere."""

_SERVICE = regex(
    r"\*|(\*?\.)?((datapipeline(-fips)?\.)?[a-z]+(-[a-z]+)+-\d+\.)?(amazonaws\.(com(\.cn)?|eu)|api\.aws|com|aws)",
    re.IGNORECASE,
)
"""Entries of NO_PROXY that would lead the runner's calls past Holter."""


def forward(proxy: str, bundle: str, before: Mapping[str, str], seen: Iterable[str] = ()) -> dict[str, str]:
    """Return the variables that send a client through the forward proxy and make it trust the bundle.

    Hosts that were reached directly still are, unless Data Pipeline is among them; so are metadata and
    this machine, unless they are among `seen`, the hosts that the user wants to be recorded.
    """
    direct = ",".join(_direct(before, seen))
    return {
        **dict.fromkeys(PROXIES, proxy),
        "NO_PROXY": direct,
        "no_proxy": direct,
        **dict.fromkeys(TRUST, bundle),
        "NODE_USE_ENV_PROXY": "1",
    }


def reverse(endpoint: str, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make a client speak to the reverse proxy instead of the service.

    A proxy that the client has would be asked for the endpoint too: this machine is excepted from it. So
    is the endpoint from a wish to ignore all endpoints that are configured.
    """
    found = {"AWS_ENDPOINT_URL_DATA_PIPELINE": endpoint}
    if any(before.get(name) for name in PROXIES):
        direct = ",".join(dict.fromkeys([*entries(no_proxy(before)), *LOOPBACK]))
        found.update(NO_PROXY=direct, no_proxy=direct)
    if before.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        found["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false"
    return found


def java(forwarded: Mapping[str, str], store: str) -> str:
    """Return the options that lead a Java client where `forward` leads the others, trusting a store."""
    from urllib.parse import urlsplit  # a replay at an endpoint starts sooner

    address = urlsplit(forwarded["HTTPS_PROXY"])
    hosts = [_java_host(entry) for entry in entries(forwarded["NO_PROXY"])]
    values = {
        "https.proxyHost": address.hostname,
        "https.proxyPort": address.port,
        "http.proxyHost": address.hostname,
        "http.proxyPort": address.port,
        "http.nonProxyHosts": "|".join(host for host in hosts if host),
        "javax.net.ssl.trustStore": store,
        "javax.net.ssl.trustStorePassword": STORE_PASSWORD,
    }
    return " ".join(_java_word(f"-D{name}={value}") for name, value in values.items())


def java_store(before: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the trust store that the environment gives to Java already, and its password; or None."""
    import shlex

    try:
        words = shlex.split(before.get(JAVA, ""))
    except ValueError:
        return None
    found = dict(word[2:].partition("=")[::2] for word in words if word.startswith("-D"))
    store = found.get("javax.net.ssl.trustStore")
    return (store, found.get("javax.net.ssl.trustStorePassword", STORE_PASSWORD)) if store else None


def offline(endpoint: str, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that make a client speak to an endpoint of ours, without an account.

    `AWS_ENDPOINT_URL` leads all other services here too, where they are refused: nothing gets out. A proxy
    that the client has stays, but the way to the endpoint does not lead through it.
    """
    host = host_of(endpoint.partition("://")[2].partition("/")[0]).strip("[]")
    direct = ",".join([*entries(no_proxy(before)), host])
    return {
        "AWS_ENDPOINT_URL_DATA_PIPELINE": endpoint,
        "AWS_ENDPOINT_URL": endpoint,
        **NO_ACCOUNT,
        "NO_PROXY": direct,
        "no_proxy": direct,
    }


def trusted(before: Mapping[str, str]) -> list[str]:
    """Return the bundles that a client trusts already, each once.

    The environment names them, and for AWS's SDKs the profile (`ca_bundle` in `~/.aws/config`), whose word
    counts no more when the environment names another.
    """
    named = [before[name] for name in TRUST if before.get(name)]
    return list(dict.fromkeys([*named, *_of_profile(before)]))


def _of_profile(before: Mapping[str, str]) -> list[str]:
    """Return the bundle of the AWS profile; a file that cannot be read is the SDK's to complain of."""
    import configparser  # only who wraps a client needs it

    home = before.get("HOME")
    file = before.get("AWS_CONFIG_FILE") or (os.path.join(home, ".aws", "config") if home else "")
    profile = before.get("AWS_PROFILE") or before.get("AWS_DEFAULT_PROFILE") or "default"
    said = configparser.RawConfigParser(strict=False)
    try:
        said.read(os.path.expanduser(file), encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return []
    sections = [name for name in (f"profile {profile}", profile) if said.has_option(name, "ca_bundle")]
    return [os.path.expanduser(said.get(name, "ca_bundle")) for name in sections[:1]]


def no_proxy(before: Mapping[str, str]) -> str:
    """Return what is to be reached without a proxy."""
    return before.get("NO_PROXY") or before.get("no_proxy") or ""


def entries(direct: str) -> list[str]:
    """Return the entries of a NO_PROXY."""
    return [entry for part in direct.split(",") if (entry := part.strip())]


def host_of(entry: str) -> str:
    """Return an entry without its port; an address of IPv6 is full of colons and has none here."""
    host, colon, port = entry.rpartition(":")
    return host if colon and port.isdecimal() and (":" not in host or host.endswith("]")) else entry


def _direct(before: Mapping[str, str], seen: Iterable[str]) -> list[str]:
    wanted = {host.lower() for host in seen}
    kept = [entry for entry in entries(no_proxy(before)) if not _SERVICE.fullmatch(host_of(entry))]
    every = dict.fromkeys([*kept, *METADATA, *LOOPBACK])
    return [entry for entry in every if host_of(entry).strip("[]").lower() not in wanted]


def _java_host(entry: str) -> str | None:
    """Return an entry of NO_PROXY as Java writes it; it knows no ranges of addresses."""
    host = host_of(entry)
    if "/" in host:
        return None
    return f"*{host}" if host.startswith(".") else host


def _java_word(word: str) -> str:
    if not re.search(r"[\s'\"]", word):
        return word
    return f'"{word}"' if "'" in word else f"'{word}'"
