"""The page's files: what is served, with which headers, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from holter.board.files import file, is_loopback, is_ours


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page").mkdir()
    (tmp_path / "secret.js").write_text("no")
    for name in ("index.html", "app.js", "look.css", "sign.svg", "notes.txt"):
        (tmp_path / "page" / name).write_text(name)
    return tmp_path / "page"


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/", "index.html", "text/html"),
        ("/page/app.js", "app.js", "text/javascript"),
        ("/page/look.css", "look.css", "text/css"),
        ("/page/sign.svg", "sign.svg", "image/svg+xml"),
    ],
)
def test_the_page_and_its_parts_are_there(folder: Path, path: str, name: str, kind: str) -> None:
    found = file(path, folder)
    assert found is not None
    headers = dict(found.headers)

    assert (found.status, found.body) == (200, name.encode())
    assert headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path",
    [
        "/page/../secret.js", "/page/%2e%2e/secret.js", "/page/notes.txt", "/page/gone.js", "/page/",
        "/page/index.html", "/page/.js", "//page/app.js", "/secret.js", "", "/page/app.js/",
    ],
)  # fmt: skip
def test_nothing_else_is(folder: Path, path: str) -> None:
    assert file(path, folder) is None


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True), ("localhost:1", True), ("127.0.0.1:8080", True), ("127.8.8.8", True),
        ("[::1]:1", True), ("evil.example", False), ("localhost.evil.example", False), ("10.0.0.1", False),
        ("[::1", False), (None, False), ("0.0.0.0", False), ("user@evil.example", False),
        ("localhost:x", True),
    ],
)  # fmt: skip
def test_a_host_is_ours_or_not(host: str | None, ours: bool) -> None:
    assert is_ours(host) is ours


@pytest.mark.parametrize(("host", "only"), [("::1", True), ("127.0.0.1", True), ("::", False), ("x", False)])
def test_an_address_is_this_machines_alone_or_not(host: str, only: bool) -> None:
    assert is_loopback(host) is only
