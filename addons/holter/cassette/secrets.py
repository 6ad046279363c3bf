"""Secrets that are known by their looks, wherever they stand: in commands, error texts, stack traces.

Every pattern keeps to linear time on hostile text: none begins with an unbounded run.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from holter.wire.regex import regex

REDACTED = "REDACTED"

_To: TypeAlias = str | Callable[[re.Match[str]], str]

_NAME = (
    r"(?:passwo?r?d|passphrase|pwd(?!\s*[=:]\s*[\"']?[/~])|secret|secret[_.\- ]?access[_.\- ]?key"
    r"|(?:secret|access|private|api|account)[_.\- ]?key(?:[_.\- ]?id)?|client[_.\- ]?secret"
    r"|(?:session|security|access|auth|refresh|id|api|oauth)[_.\- ]?token|x-amz-(?:signature|credential))"
)
_WORDS = "passw passphrase pwd secret key token x-amz-"
_QUOTED = r"""(?:\\"(?:(?!\\").)*(?:\\")?|"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?)"""
_VALUE = rf"""(?:{_QUOTED}|[^\s"',;&<>]+)"""
_BASE64 = "[A-Za-z0-9/+]"

_TRIGGER = regex(
    r"passw|passphrase|pwd|secret|token|private|(?:access|api|account)[_.\- ]?key"
    r"|authorization|cookie|credential|signature|bearer|aws4-hmac|://|eyj|gh[opsur]_|xox[abeprs]-|-u|--user|--proxy-user"
    r"|a(?:kia|sia|bia|cca|ida|roa|gpa|ipa|npa|nva)[a-z0-9]{12}|(?:fwog|fqog|fqod|aqod|iqoj)[a-z0-9+/]{16}"
    r"|(?<![a-z0-9/+])[a-z0-9/+]{40}",
    re.IGNORECASE,
)
_SHORT = 64
_HARMLESS = regex(r"[^=:-]*")  # too short for a form, without the signs of an assignment
_UUID = regex(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # the id of every try: fits no form


def _in_quotes(assigned: re.Match[str]) -> str:
    name, value = assigned.groups()
    quote = next((mark for mark in ('\\"', '"', "'") if value.startswith(mark)), "")
    closed = len(value) >= 2 * len(quote) and value.endswith(quote)
    return f"{name}{quote}{REDACTED}{quote if closed else ''}"


class _Form(NamedTuple):
    """A form of secrets, and what is put in its place; `words` are such that one is in every text of it."""

    pattern: re.Pattern[str]
    to: _To
    words: tuple[str, ...]


def _pattern(pattern: str, to: _To = REDACTED, *, words: str = "", fold: bool = True) -> _Form:
    return _Form(regex(pattern, re.IGNORECASE if fold else 0), to, tuple(words.split()))


_PATTERNS = (
    # private keys, and what is left of one that was cut
    _pattern(
        r"-----BEGIN[A-Z0-9 ]*PRIVATE KEY-----(?s:.*?)(?:-----END[A-Z0-9 ]*PRIVATE KEY-----|\Z)",
        words="-----begin",
    ),
    # headers, up to the end of their line or quotes
    _pattern(
        r"""((?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?)[^\r\n"']+""",
        r"\1REDACTED",
        words="authorization",
    ),
    _pattern(r"""((?:set-)?cookie\\?["']?\s*[:=]\s*\\?["']?)[^\r\n"']+""", r"\1REDACTED", words="cookie"),
    _pattern(r"""AWS4-HMAC-SHA256\s+Credential\s*=[^\r\n"']+""", words="aws4-hmac-sha256"),
    _pattern(r"(bearer\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{12,}=*", r"\1REDACTED", words="bearer"),
    # user and password in a URL, where a password may itself hold an @; a token alone
    _pattern(r"""(://)[^\s/?#"'<>:]*:[^\s/"'<>]*@""", r"\1REDACTED@", words="://"),
    _pattern(r"""(https?://)[^\s/?#"'<>@]+@""", r"\1REDACTED@", words="://"),
    _pattern(
        r"""((?:^|\s)(?:-u|--user|--proxy-user)[\s=]+["']?)[^\s:"']+:[^\s"']+""", r"\1REDACTED", words="-u"
    ),
    # name=value, name: value, "name": "value", --name value
    _pattern(rf"""({_NAME}\\?["']?\s*(?:=>|:=|[=:])\s*)({_VALUE})""", _in_quotes, words=_WORDS),
    _pattern(rf"""((?<![\w-])--?[\w.-]{{0,40}}?{_NAME}\s+)(?!-)({_QUOTED}|\S+)""", _in_quotes, words=_WORDS),
    _pattern(
        r"((?:signature|token|credential)=)[\w%+/.=-]{8,}",
        r"\1REDACTED",
        words="signature= token= credential=",
    ),
    # by their own form
    _pattern(
        r"(?<![A-Za-z0-9])A(?:KIA|SIA|BIA|CCA|IDA|ROA|GPA|IPA|NPA|NVA)[A-Z0-9]{12,}",
        fold=False,
        words="akia asia abia acca aida aroa agpa aipa anpa anva",
    ),
    _pattern(
        r"(?<![A-Za-z0-9])(?:FwoG|FQoG|FQoD|AQoD|IQoJ)[A-Za-z0-9+/=%]{16,}",
        fold=False,
        words="fwog fqog fqod aqod iqoj",
    ),
    _pattern(r"(?<![\w-])eyJ[\w-]{13,}(?:\.[\w-]*){1,4}", fold=False, words="eyj"),
    _pattern(
        r"(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,}|xox[abeprs]-[\w-]{11,})",
        fold=False,
        words="gho_ ghp_ ghs_ ghu_ ghr_ xox",
    ),
    # forty characters of base64 with both cases and a digit: the form of a secret access key
    _pattern(
        rf"(?<![A-Za-z0-9/+=._-])(?!/)(?={_BASE64}*[A-Z])(?={_BASE64}*[a-z])(?={_BASE64}*\d)"
        rf"{_BASE64}{{40}}(?![A-Za-z0-9/+=._-])",
        fold=False,
    ),
)
_SECRET_NAME = regex(rf"(?:{_NAME}|authorization|credentials?)\Z", re.IGNORECASE)


def masked(text: str) -> str:
    """Return a text with every secret in it replaced and the rest as it was."""
    if len(text) == 36 and _UUID.fullmatch(text):
        return text
    return _short(text) if len(text) <= _SHORT else _masked(text)


def _masked(text: str) -> str:
    if (len(text) < 16 and _HARMLESS.fullmatch(text)) or not _TRIGGER.search(text):
        return text
    known = _folded(text)
    for pattern, to, words in _PATTERNS:
        if not words or any(word in known for word in words):
            text = pattern.sub(to, text)
    return text


def _folded(text: str) -> str:
    """Return a text in which a word stands wherever `re` finds it in whatever case: its i has two more."""
    return text.casefold().replace("\u0131", "i").replace("i\u0307", "i")


_short = functools.lru_cache(8192)(_masked)  # words come again and again: keys, types, names


@functools.lru_cache(4096)
def is_secret_name(name: str) -> bool:
    """Tell whether a field's name says that its value is a secret: `*any`, `password`, `mySecretKey`."""
    return name.startswith("*") or _SECRET_NAME.search(name) is not None
