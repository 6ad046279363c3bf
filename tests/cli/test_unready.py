"""Whether a client can have found credentials."""

from __future__ import annotations

from pathlib import Path

import pytest

from holter.cli.unready import keyless


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home folder with nothing in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("before", "without"),
    [
        ({}, True),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_REGION": "us-east-1"}, True),
        ({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}, False),
        ({"AWS_PROFILE": "work"}, False),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}, False),
        ({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/"}, False),
    ],
)
def test_the_environment_may_lead_to_them(before: dict[str, str], without: bool) -> None:
    assert keyless(before) is without


@pytest.mark.parametrize("name", ["credentials", "config"])
@pytest.mark.parametrize(
    ("line", "without"),
    [
        ("aws_access_key_id = AKIDEXAMPLE", False),
        ("  credential_process=/bin/tool", False),
        ("sso_start_url = https://example.awsapps.com/start", False),
        ("role_arn = arn:aws:iam::123456789012:role/x", False),
        ("region = us-east-1", True),
        ("# aws_access_key_id = AKIDEXAMPLE", True),
    ],
)
def test_so_may_a_file_of_the_users(home: Path, name: str, line: str, without: bool) -> None:
    (home / ".aws" / name).write_text(f"[default]\n{line}\n")

    assert keyless({}) is without


@pytest.mark.parametrize("name", ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"])
def test_a_file_may_be_elsewhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine").write_text("[default]\naws_access_key_id = AKIDEXAMPLE\n")

    assert not keyless({name: str(tmp_path / "mine")})
    assert keyless({name: str(tmp_path / "gone")})
    assert keyless({name: str(tmp_path)})
