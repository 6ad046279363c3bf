from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from holter.errors import MissingExtraError
from holter.sandbox import certificate


def test_a_certificate_carries_its_names_and_no_secret_in_its_public_part() -> None:
    x509 = pytest.importorskip("cryptography.x509")
    made = certificate.make((*certificate.NAMES, "other.example"), datetime(2026, 11, 21, tzinfo=UTC))
    leaf = x509.load_pem_x509_certificates(made.chain)[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert set(names.get_values_for_type(x509.DNSName)) == {
        "localhost",
        "datapipeline.us-east-1.amazonaws.com",
        "other.example",
    }
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    authority = x509.load_pem_x509_certificate(made.authority)
    leaf.verify_directly_issued_by(authority)
    assert b"PRIVATE" not in made.authority + made.chain
    assert b"PRIVATE" in made.key


def test_without_cryptography_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(MissingExtraError, match=r"holter\[proxy\]"):
        certificate.make(certificate.NAMES, datetime(2026, 11, 21, tzinfo=UTC))
