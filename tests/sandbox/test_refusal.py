from __future__ import annotations

import pytest

from holter.sandbox.refusal import RefusalError
from holter.wire.codec import error_code
from holter.wire.operations import ERROR_STATUS


@pytest.mark.parametrize(("code", "status"), ERROR_STATUS.items())
def test_a_refusal_becomes_the_protocols_error(code: str, status: int) -> None:
    reply = RefusalError("why", code=code).reply()
    assert (reply.status, error_code(reply), reply.body) == (status, code, {"__type": code, "message": "why"})
