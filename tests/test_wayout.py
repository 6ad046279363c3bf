"""The proxy that was there before."""

from __future__ import annotations

import pytest

from holter.wayout import Parent, bypasses, chained, parent

HOST = "datapipeline.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("direct", "passes"),
    [
        ("", False),
        (" , ", False),
        ("*", True),
        ("a.example", False),
        (f"a.example, {HOST.upper()}", True),
        (f"{HOST}:443", True),
        (".amazonaws.com", True),
        ("amazonaws.com", True),
        ("*.amazonaws.com", True),
        ("azonaws.com", False),
        ("10.0.0.0/8,::1,[::1]", False),
    ],
)
def test_whether_a_host_is_reached_without_a_proxy(direct: str, passes: bool) -> None:
    assert bypasses(HOST, direct) is passes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("http://proxy.example:3128", Parent("http", "proxy.example", 3128)),
        ("http://proxy.example:3128/", Parent("http", "proxy.example", 3128)),
        ("proxy.example:3128", Parent("http", "proxy.example", 3128)),
        ("http://proxy.example", Parent("http", "proxy.example", 80)),
        ("https://proxy.example", Parent("https", "proxy.example", 443)),
        ("http://u:p%40ss%3A@h:1", Parent("http", "h", 1, "u:p@ss:")),
        ("http://u@h:1", Parent("http", "h", 1, "u:")),
        ("http://[::1]:1", Parent("http", "::1", 1)),
    ],
)
def test_the_proxy_behind_is_read_with_its_credentials(text: str, found: Parent) -> None:
    assert parent(text) == found
    assert "p@ss" not in repr(parent(text))


@pytest.mark.parametrize(
    "text",
    ["socks5://u:secret@h:1", "http://", "http://h:99999", "http://u:secret@[h", "http://u:secret@h/x"],
)
def test_a_proxy_that_cannot_be_gone_through_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(ValueError, match="proxy") as caught:
        parent(text)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ({}, None),
        ({"HTTP_PROXY": "a", "ALL_PROXY": "b"}, None),
        ({"HTTPS_PROXY": "a", "https_proxy": ""}, ("HTTPS_PROXY", "a")),
        ({"HTTPS_PROXY": "a", "https_proxy": "b"}, ("https_proxy", "b")),
    ],
)
def test_the_proxy_that_was_used_until_now_is_found(
    before: dict[str, str], found: tuple[str, str] | None
) -> None:
    assert chained(before) == found
