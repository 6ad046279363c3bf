"""The frozen page: one file, its policy, and data that stays data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from holter.report.html import render

INDEX = """<!doctype html>
<html><head>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page/look.css">
<link rel="stylesheet" href="page/paper.css" media="print">
<script type="module" src="page/main.js"></script>
</head><body></body></html>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "look.css").write_text("p { color: red }\n")
    (tmp_path / "paper.css").write_text("p { color: black }\n")
    (tmp_path / "main.js").write_text('import { said } from "./other.js";\nconsole.log(said());\n')
    (tmp_path / "other.js").write_text("export function said() {\n  return 1;\n}\n")
    return tmp_path


class Elements(HTMLParser):
    """The scripts and styles of a page, as a browser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, about, text = self.found[-1]
            self.found[-1] = (tag, about, text + data)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(("", {}, ""))

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(about, text) for name, about, text in self.found if name == tag]


def test_everything_is_in_it_and_nothing_is_asked_for(folder: Path) -> None:
    page = Elements(render({"version": 1}, folder).decode())
    (data, shown), (script, code) = page.all("script")

    assert (data["type"], data["id"], json.loads(shown)) == (
        "application/json",
        "holter-page",
        {"version": 1},
    )
    assert script == {"type": "module"}
    assert "console.log(said());" in code
    assert [about.get("media") for about, _ in page.all("style")] == [None, "print"]
    assert all(about.get("href", "") == "data:," for about, _ in page.all("link"))


def test_the_policy_names_just_these_scripts_and_styles(folder: Path) -> None:
    page = Elements(render({}, folder).decode())
    policy = next(about["content"] for about, _ in page.all("meta") if "http-equiv" in about)
    assert policy is not None
    texts = [page.all("script")[1][1], *(text for _, text in page.all("style"))]
    for text in texts:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert len(re.findall("sha256-", policy)) == 3


@pytest.mark.parametrize(
    "evil",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "</SCRIPT >", "\ud800"],
)
def test_what_was_recorded_is_never_a_part_of_the_page(folder: Path, evil: str) -> None:
    page = render({"title": evil}, folder).decode()
    (_, shown), _ = Elements(page).all("script")

    assert json.loads(shown) == {"title": evil}
    assert "alert(1)</script>" not in page


@pytest.mark.parametrize("text", ["'</script>'", "'<!--'", "'<SCRIPT'", "'</style>'"])
def test_a_part_that_would_not_stay_one_piece_is_refused(folder: Path, text: str) -> None:
    (folder / "main.js").write_text(text)

    with pytest.raises(ValueError, match="must not hold"):
        render({}, folder)


def test_a_page_without_its_module_is_refused(folder: Path) -> None:
    (folder / "index.html").write_text('<meta charset="utf-8">')

    with pytest.raises(ValueError, match="needs one module"):
        render({}, folder)
