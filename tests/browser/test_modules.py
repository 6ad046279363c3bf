"""The page's own files: what they may not say, and the tests of those that need no browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from holter.lease.catalogue.gaps import ROWS
from holter.lease.rules import RULES
from holter.report.html import PAGE

MODULES = sorted(PAGE.glob("*.js"))
STYLES = sorted(PAGE.glob("*.css"))
DOCS = Path(__file__).parents[2] / "docs" / "board.md"
HERE = Path(__file__).parent / "modules"

MARKUP = r"(inner|outer|Adjacent|set)HTML|document\.write|DOMParser|createContextualFragment|srcdoc"
CODE = r"\beval\b|new Function|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|javascript:"
STYLE = r"\bstyle=|setAttribute\(\s*[\"'`]style|cssText"
ELSEWHERE = r"https?:|//[a-z]+\.[a-z]|@import|url\("
NAMED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("file", [*MODULES, *STYLES, PAGE / "index.html"], ids=lambda file: file.name)
@pytest.mark.parametrize("forbidden", [MARKUP, CODE, STYLE, ELSEWHERE])
def test_a_file_neither_makes_markup_of_data_nor_runs_it_nor_asks_elsewhere(
    file: Path, forbidden: str
) -> None:
    assert re.findall(forbidden, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("e.innerHTML = x", MARKUP),
        ("eval(x)", CODE),
        ("setTimeout('x')", CODE),
        ('e.setAttribute("style", x)', STYLE),
        ("fetch('https://x')", ELSEWHERE),
    ],
)
def test_what_is_forbidden_is_found(text: str, forbidden: str) -> None:
    assert re.search(forbidden, text)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_a_module_is_short_and_says_what_it_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert text.startswith("// ")
    assert len(text.splitlines()) <= 300
    assert max(map(len, text.splitlines())) <= 120


def test_every_file_is_used() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    imported = {
        name
        for file in MODULES
        for name in re.findall(r'from "\./([a-z]+\.js)"', file.read_text(encoding="utf-8"))
    }

    assert imported | {"main.js"} == {file.name for file in MODULES}
    assert set(re.findall(r'href="page/([a-z]+\.css)"', page)) == {file.name for file in STYLES}


def test_nothing_is_exported_that_nobody_imports() -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in MODULES}
    exported = {
        name
        for text in texts.values()
        for name in re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", text, re.MULTILINE)
    }
    imported = {
        name.strip()
        for text in texts.values()
        for names in re.findall(r"^import \{([^}]*)\}", text, re.MULTILINE)
        for name in names.split(",")
    }

    assert exported - imported == set()


def test_the_page_takes_the_same_rules_for_those_of_one_gap_as_the_audit() -> None:
    model = (PAGE / "model.js").read_text(encoding="utf-8")
    found = re.search(r"OF_A_GAP = /(.*)/;", model)
    of_a_gap = {rule for rule in RULES if found and re.search(found[1], rule)}

    assert of_a_gap == {rule.id for rule in ROWS} - {"attempt-timeout-passed"}


@pytest.mark.parametrize("table", ["keys", "filters"])
def test_the_docs_tell_the_same_keys_and_filters_as_the_page(table: str) -> None:
    legend = (PAGE / "legend.js").read_text(encoding="utf-8")
    listed = re.search(rf"const {table.upper()} = \[(.*?)\n\];", legend, re.DOTALL)
    pairs = re.findall(r'\[\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*"),?\s*\]', listed[1] if listed else "")
    rows = [f"| `{json.loads(name)}` | {json.loads(says)} |" for name, says in pairs]
    told = DOCS.read_text(encoding="utf-8").split(f"<!-- {table} -->")[1].split("\n\n")[1].splitlines()

    assert told[2:] == rows != []


@pytest.mark.parametrize(
    ("bound", "said"), [("MOST_LANES", "up to {} of them"), ("MOST_ROWS", "up to {} of each")]
)
def test_the_docs_tell_how_much_is_printed(bound: str, said: str) -> None:
    found = re.search(rf"const {bound} = (\d+);", (PAGE / "paper.js").read_text(encoding="utf-8"))

    assert found
    assert said.format(found[1]) in DOCS.read_text(encoding="utf-8")


def test_modules_that_need_no_browser_pass_their_own_tests(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    for file in (*MODULES, *HERE.glob("*.test.js")):
        shutil.copy(file, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    tests = sorted(map(str, tmp_path.glob("*.test.js")))
    found = subprocess.run(
        [node, "--test", *tests], cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False
    )

    assert found.returncode == 0, found.stdout
    assert len(tests) == len([*HERE.glob("*.test.js")]) >= 5
