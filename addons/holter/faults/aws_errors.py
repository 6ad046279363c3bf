"""Errors that any AWS call may get, with the status they are mostly documented with.

The two AWS pages "Common Error Types" and "Common Errors" disagree on the status of some (400 or 403 for
what concerns credentials), so a plan may choose another: SDKs go by the code first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COMMON: Mapping[str, int] = MappingProxyType(
    {
        "ThrottlingException": 400,
        "Throttling": 400,
        "TooManyRequestsException": 429,
        "ServiceUnavailable": 503,
        "InternalFailure": 500,
        "RequestTimeout": 400,
        "RequestTimeoutException": 400,
        "ExpiredTokenException": 403,
        "RequestExpired": 400,
        "UnrecognizedClientException": 400,
        "InvalidClientTokenId": 403,
        "InvalidSignatureException": 403,
        "SignatureDoesNotMatch": 403,
        "RequestTimeTooSkewed": 403,
        "IncompleteSignature": 400,
        "MissingAuthenticationToken": 403,
        "AccessDeniedException": 400,
        "AccessDenied": 403,
        "NotAuthorized": 400,
        "OptInRequired": 403,
        "MalformedHttpRequestException": 400,
        "RequestAbortedException": 400,
        "RequestEntityTooLargeException": 413,
        "UnknownOperationException": 404,
        "ValidationError": 400,
    }
)
