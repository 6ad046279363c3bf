"""The lines that make clients trust the authority, tried where they can be."""

from __future__ import annotations

import shlex

import pytest

from holter.cli.trusthelp import CLIENTS, lines
from holter.clientenv import TRUST

CERTIFICATE, BUNDLE = "/a b/ca.pem", "/a b/bundle.pem"


def test_every_client_has_its_means_and_a_line() -> None:
    text = lines(CERTIFICATE, BUNDLE)

    assert [client for client in CLIENTS if not any(line.startswith(client) for line in text)] == []
    assert [line for line in text if "{" in line or "}" in line] == []


@pytest.mark.parametrize("client", CLIENTS)
def test_a_line_is_one_that_a_shell_can_read_and_names_the_file(client: str) -> None:
    text = lines(CERTIFICATE, BUNDLE)
    at = next(number for number, line in enumerate(text) if line.startswith(client))
    words = shlex.split(text[at + 1])

    assert any(path in word for word in words for path in (CERTIFICATE, BUNDLE, "holter.cer"))


def test_variables_that_replace_the_roots_get_all_of_them_and_those_that_add_get_ours() -> None:
    text = "\n".join(lines(CERTIFICATE, BUNDLE))

    assert f"export NODE_EXTRA_CA_CERTS={shlex.quote(CERTIFICATE)}" in text
    for name in set(TRUST) - {"NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE"}:
        assert f"export {name}={shlex.quote(BUNDLE)}" in text
