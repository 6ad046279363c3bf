"""A client of the SDK, as a runner in Python makes one."""

from __future__ import annotations

from typing import Any

import pytest


def client(
    url: str | None, service: str = "datapipeline", *, verify: str | None = None, **config: Any
) -> Any:
    """Return a client of botocore that sends its calls to a URL, with credentials that are worth nothing.

    It tries each call once and heeds no proxy, unless `config` says otherwise.
    """
    session = pytest.importorskip("botocore.session", reason="needs botocore")
    from botocore.config import Config

    settings = {"read_timeout": 20, "retries": {"total_max_attempts": 1}, "proxies": {}, **config}
    return session.get_session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        verify=verify,
        aws_access_key_id="x",
        aws_secret_access_key="y",
        config=Config(**settings),
    )
