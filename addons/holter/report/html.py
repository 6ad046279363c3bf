"""The report as a page: one file that opens from disk, and asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from holter.report.bundle import bundled
from holter.report.page import encoded
from holter.wire.message import Json

PAGE = Path(__file__).parents[1] / "board" / "page"
"""Where the parts of the page lie: those of the live one."""

_STYLE = re.compile(r'<link rel="stylesheet" href="page/([a-z0-9_-]+\.css)"((?: media="[^"]*")?)>')
_SCRIPT = re.compile(r'<script type="module" src="page/([a-z0-9_-]+\.js)"></script>')
_CHARSET = re.compile(r'<meta charset="utf-8">', re.IGNORECASE)
_ENDING = re.compile(r"</(?:script|style)|<!--|<script", re.IGNORECASE)
"""What, in a script or a style, would end it or hide its end (WHATWG HTML, 4.12.1.3)."""


def render(value: dict[str, Json], folder: Path = PAGE) -> bytes:
    """Return the page with its data. What was recorded stands in it as data, and never as a part of it.

    `ValueError` where the page's own files are not as they have to be.
    """
    page = (folder / "index.html").read_text(encoding="utf-8")
    modules = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.js"))}
    hashes: dict[str, list[str]] = {"script": [], "style": []}

    def styled(found: re.Match[str]) -> str:
        text = (folder / found[1]).read_text(encoding="utf-8")
        hashes["style"].append(_hash(text))
        return f"<style{found[2]}>{text}</style>"

    def scripted(found: re.Match[str]) -> str:
        text = f"\n{bundled(found[1], modules)}"
        hashes["script"].append(_hash(text))
        return f'{_DATA}<script type="module">{text}</script>'

    page = _SCRIPT.sub(scripted, _STYLE.sub(styled, page))
    if page.count(_DATA) != 1 or not _CHARSET.search(page):
        raise ValueError("index.html: needs one module and <meta charset>")
    page = _CHARSET.sub(lambda found: f"{found[0]}\n    {_policy(hashes)}", page, count=1)
    before, after = page.split(_DATA)
    return b"".join((before.encode(), _data(value), after.encode()))


_DATA = "\0data\0"


def _data(value: dict[str, Json]) -> bytes:
    """Return the data's element: JSON without any `<`, so that nothing in it can be taken for a tag."""
    said = encoded(value).replace(b"<", b"\\u003c")
    return b'<script type="application/json" id="holter-page">' + said + b"</script>\n    "


def _hash(text: str) -> str:
    """Return how a policy names a script or a style; `ValueError` where it would not stay one piece."""
    if found := _ENDING.search(text):
        raise ValueError(f"a script or a style must not hold {found[0]}")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _policy(hashes: dict[str, list[str]]) -> str:
    """Return the policy: these scripts and styles and no other, and nothing from anywhere."""
    said = (
        f"default-src 'none'; script-src {' '.join(hashes['script'])}; "
        f"style-src {' '.join(hashes['style']) or chr(39) + 'none' + chr(39)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{said}">'
