"""Signature version 4, written apart from Holter's own, so that neither's mistake hides the other's."""

from __future__ import annotations

import hashlib
import hmac

ALGORITHM = "AWS4-HMAC-SHA256"


def authorization(headers: dict[str, str], signed: list[str], body: bytes, keys: tuple[str, str]) -> str:
    """Return the Authorization of a POST to `/`; `headers` by lower-case name, `signed` of them."""
    stamp = headers["x-amz-date"]
    scope = f"{stamp[:8]}/us-east-1/datapipeline/aws4_request"
    names = ";".join(sorted(signed))
    lines = [f"{name}:{headers[name]}" for name in sorted(signed)]
    canonical = "\n".join(["POST", "/", "", *lines, "", names, hashlib.sha256(body).hexdigest()])
    text = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{keys[1]}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={keys[0]}/{scope}, SignedHeaders={names}, Signature={signature}"
