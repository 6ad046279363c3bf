"""Signature version 4: read one from a request, verify it, put a new one in its place.

The way from a request to its signature is AWS's own: "Create a signed AWS API request", IAM User Guide.
Only `chain` has to do with the world outside: it asks botocore for the user's own credentials.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from holter.wire.message import Headers

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "datapipeline"
LIFE = 300.0
"""Seconds for which a signature is good, either way: IAM User Guide, "within five minutes of the stamp"."""

REPLACED = ("authorization", "x-amz-date", "date", "x-amz-security-token", "x-amz-content-sha256")
"""Headers that belong to one signature and go with it."""

SIGNED = ("host", "content-type", "x-amz-target", "x-amz-date", "x-amz-security-token")
"""What a new signature covers: nothing that a proxy on the way may change."""

_STAMP = "%Y%m%dT%H%M%SZ"
_SPACES = re.compile(" +")
_PART = re.compile(r"(Credential|SignedHeaders|Signature)\s*=\s*([^\s,]+)")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is signed: `path` with its query, headers as they stand, the body's own bytes."""

    method: str
    path: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """Return a header's value, several of one name joined as the signature has it."""
        values = [_SPACES.sub(" ", value.strip()) for key, value in self.headers if key.lower() == name]
        return ",".join(values) if values else None


@dataclass(frozen=True, slots=True)
class Scope:
    """For what a signature is good."""

    date: str
    region: str
    service: str = SERVICE

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class Keys:
    """Credentials: never shown, not even by accident."""

    access: str = field(repr=False)
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an Authorization header says."""

    access: str = field(repr=False)
    scope: Scope
    signed: tuple[str, ...]
    hex: str = field(repr=False)


def read(authorization: str | None) -> Signature | None:
    """Read an Authorization header, with or without spaces behind its commas; None if it is no such one."""
    if authorization is None or not authorization.startswith(ALGORITHM):
        return None
    parts = dict(_PART.findall(authorization))
    credential = parts.get("Credential", "").rsplit("/", 4)
    if parts.keys() != {"Credential", "SignedHeaders", "Signature"} or len(credential) != 5:
        return None
    access, date, region, service, last = credential
    if last != "aws4_request":
        return None
    names = tuple(parts["SignedHeaders"].lower().split(";"))
    return Signature(access, Scope(date, region, service), names, parts["Signature"])


def stamped(request: Request) -> datetime | None:
    """Return when a request was signed: its X-Amz-Date, else its Date; None if neither can be read."""
    try:
        if stamp := request.header("x-amz-date"):
            return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        if date := request.header("date"):
            moment = parsedate_to_datetime(date)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        return None  # neither is a date
    return None


def verify(request: Request, secrets: Callable[[str], str | None], now: datetime | None = None) -> str | None:
    """Return what is wrong with a request's signature, or None if it is good.

    `secrets` gives the secret of an access key. With `now`, the signature's life is looked at too.
    """
    authorization = request.header("authorization")
    if not authorization:
        return "MissingAuthenticationToken: no Authorization header"
    signature, moment = read(authorization), stamped(request)
    if signature is None or moment is None or "host" not in signature.signed:
        return "IncompleteSignature: no whole signature, no date that can be read, or Host not signed"
    secret = secrets(signature.access)
    if secret is None:
        return "UnrecognizedClientException: no such access key"
    return _untimely(signature, moment, now) or _forged(request, signature, moment, secret)


def _untimely(signature: Signature, moment: datetime, now: datetime | None) -> str | None:
    if f"{moment:%Y%m%d}" != signature.scope.date:
        return f"SignatureDoesNotMatch: the scope says {signature.scope.date}, signed at {moment:{_STAMP}}"
    if now and abs((now - moment).total_seconds()) > LIFE:
        return f"RequestExpired: signed at {moment:{_STAMP}}, now it is {now:{_STAMP}}"
    return None


def _forged(request: Request, signature: Signature, moment: datetime, secret: str) -> str | None:
    said = request.header("x-amz-content-sha256")
    if said and said != hashlib.sha256(request.body).hexdigest():
        return "SignatureDoesNotMatch: x-amz-content-sha256 is not that of the body"
    due = _signature(request, signature.signed, signature.scope, moment, secret)
    if not hmac.compare_digest(due, signature.hex):
        return "SignatureDoesNotMatch: the signature is not that of this request"
    return None


def sign(request: Request, keys: Keys, *, host: str, region: str, now: datetime) -> Headers:
    """Return the request's headers with a signature by these keys for this host in place of any other."""
    stamp = now.astimezone(UTC).strftime(_STAMP)
    kept = [(name, value) for name, value in request.headers if name.lower() not in (*REPLACED, "host")]
    fresh = [("Host", host), *kept, ("X-Amz-Date", stamp)]
    if keys.token:
        fresh.append(("X-Amz-Security-Token", keys.token))
    whole = Request(request.method, request.path, tuple(fresh), request.body)
    names = tuple(sorted(name for name in SIGNED if whole.header(name) is not None))
    scope = Scope(stamp[:8], region)
    hexed = _signature(whole, names, scope, now, keys.secret)
    value = (
        f"{ALGORITHM} Credential={keys.access}/{scope}, SignedHeaders={';'.join(names)}, Signature={hexed}"
    )
    return (*fresh, ("Authorization", value))


class CredentialsError(Exception):
    """The user's credentials cannot be had; says why, in botocore's words."""


def chain() -> Callable[[], Keys] | None:
    """Return what gives the user's own credentials, fresh at each time, or None if botocore finds none.

    It looks where botocore does: environment, profile, SSO, container, instance. Both this and what is
    returned may wait for the network and raise `CredentialsError`.
    """
    import botocore.session

    found = _told(lambda: botocore.session.Session().get_credentials())
    if found is None:
        return None

    def keys() -> Keys:
        frozen = _told(found.get_frozen_credentials)
        return Keys(frozen.access_key, frozen.secret_key, frozen.token)

    return keys


def _told(ask: Callable[[], Any]) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return ask()
    except (BotoCoreError, ClientError, OSError, ValueError) as why:
        raise CredentialsError(f"{type(why).__name__}: {why}") from None


def _signature(request: Request, signed: Sequence[str], scope: Scope, moment: datetime, secret: str) -> str:
    canonical = hashlib.sha256(_canonical(request, signed).encode()).hexdigest()
    text = "\n".join((ALGORITHM, moment.astimezone(UTC).strftime(_STAMP), str(scope), canonical))
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, "aws4_request"):
        key = _mac(key, part)
    return _mac(key, text).hex()


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _canonical(request: Request, signed: Iterable[str]) -> str:
    path, _, query = request.path.partition("?")
    return "\n".join(
        (
            request.method,
            quote(path or "/", safe="/~"),
            "&".join(f"{name}={value}" for name, value in sorted(_query(query))),
            *(f"{name}:{request.header(name) or ''}" for name in signed),
            "",
            ";".join(signed),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _query(query: str) -> Iterable[tuple[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    return ((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
