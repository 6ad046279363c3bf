from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from types import ModuleType

import pytest

from holter.testing.environment import OFFLINE, environment


def test_variables_are_set_and_taken_away_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED", raising=False)
    before = dict(os.environ)
    with suppress(ZeroDivisionError), environment(OFFLINE):
        assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"]) == ("holter", "us-east-1")
        assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"
        assert "AWS_PROFILE" not in os.environ
        1 / 0  # noqa: B018
    assert dict(os.environ) == before


def test_boto3s_default_session_is_put_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3 = ModuleType("boto3")
    boto3.DEFAULT_SESSION = "mine"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    with environment({}):
        assert boto3.DEFAULT_SESSION is None
        boto3.DEFAULT_SESSION = "the test's"  # type: ignore[attr-defined]
    assert boto3.DEFAULT_SESSION == "mine"


def test_boto3_is_not_imported_for_it() -> None:
    code = (
        "import sys\nfrom holter.testing.environment import environment\n"
        "with environment({}): pass\nassert 'boto3' not in sys.modules and 'botocore' not in sys.modules"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True, timeout=60)
