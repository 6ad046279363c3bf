"""A real browser: Debian's Chromium without a screen, watched for what it must not do."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.browser.running import Run, run

PROBES = Path(__file__).parent / "probes.js"
LOOKS = {"wide": {"width": 1280, "height": 800}, "narrow": {"width": 390, "height": 844}}


@dataclass
class Watched:
    """What a page said on its console, and whom it asked."""

    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        """Take note of all that a page does wrong."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.asked.append(request.url))

    def _said(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.wrong.append(said.text)

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def foreign(self, *hosts: str) -> list[str]:
        """Return the requests that went elsewhere."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc not in hosts
        ]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Return a browser for one file of tests: while it runs, nothing else may run asyncio in this process."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.skip("needs playwright")
    if found is None:
        pytest.skip("needs chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture
def opened(chromium: Any) -> Iterator[Callable[..., tuple[Any, Watched]]]:
    """Return what opens a page that is watched; a calm one has nothing to complain of in the end."""
    contexts, all_watched = [], []

    def open_page(look: str = "wide", *, calm: bool = True, **options: Any) -> tuple[Any, Watched]:
        context = chromium.new_context(viewport=LOOKS[look], **options)
        context.add_init_script(path=PROBES)
        page, watched = context.new_page(), Watched()
        contexts.append(context)
        if calm:
            all_watched.append(watched)
        watched.watch(page)
        return page, watched

    yield open_page
    for context in contexts:
        context.close()
    assert [watched.wrong for watched in all_watched if watched.wrong] == []


@pytest.fixture(scope="session")
def shots() -> Path:
    """Return where pictures go: the folder that HOLTER_SHOTS names, to be looked at, else a throwaway one."""
    folder = Path(os.environ.get("HOLTER_SHOTS") or tempfile.mkdtemp(prefix="holter-shots-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def going(tmp_path: Path) -> Iterator[Run]:
    """Return a run that goes on, with three tasks and a runner that beats as it should."""
    with run(tmp_path / "run") as made:
        made.runner()
        yield made
