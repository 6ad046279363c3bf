"""TLS that is good for one run."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from holter.cli.throwaway import secured
from holter.errors import UsageError


def test_the_authority_is_where_it_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    with secured(("a.example",), str(file)) as made:
        assert made.bundle == str(file)
        assert ssl.create_default_context(cafile=made.bundle).get_ca_certs()

    assert file.is_file()


def test_else_it_goes_with_the_run() -> None:
    with secured((), None) as made:
        kept = Path(made.bundle)
        assert kept.read_text().startswith("-----BEGIN CERTIFICATE-----")

    assert not kept.exists()


def test_where_it_cannot_be_written_that_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"ca\.pem cannot be written: No such file"),
        secured((), str(tmp_path / "none" / "ca.pem")),
    ):
        pass
