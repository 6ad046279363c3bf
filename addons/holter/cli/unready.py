"""What a client of AWS needs before it connects to anybody: credentials to sign with."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

_VARIABLES = (
    *("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
)
_FILES = {"AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials", "AWS_CONFIG_FILE": "~/.aws/config"}
"""Variables that name a file, and where it is without them."""

_SOURCE = re.compile(
    r"^\s*(aws_access_key_id|credential_process|credential_source|role_arn|login_session|sso_\w+)\s*=",
    re.MULTILINE,
)
"""Settings by which a profile has credentials, of whatever kind."""


def keyless(before: Mapping[str, str]) -> bool:
    """Tell whether neither the environment nor a file of the user's own leads to credentials.

    What an instance gives to its programs is not asked for: that may take seconds.
    """
    if any(before.get(name) for name in _VARIABLES):
        return False
    return not any(_leads(before.get(name) or usual) for name, usual in _FILES.items())


def _leads(path: str) -> bool:
    try:
        with open(os.path.expanduser(path), encoding="utf-8", errors="replace") as file:
            return _SOURCE.search(file.read()) is not None
    except OSError:
        return False
