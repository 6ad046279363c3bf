"""docs/rules.md against the table of rules, both ways.

`HOLTER_WRITE_DOCS=1 pytest tests/test_docs_rules.py` writes its table and sections anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import yaml

from holter.lease.profilefile import named
from holter.lease.rules import RULES, Rule

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"
PROSE, END = "How sure a finding is", "Re-grade or switch off"


def section(rule: Rule) -> str:
    return (
        f"## {rule.id}\n\n{rule.meaning}\n\n"
        f"- **Default severity:** {rule.severity}\n"
        f"- **When:** {rule.when}\n"
        f"- **Why it matters:** {rule.why}\n"
        f"- **What to do:** {rule.action}\n"
        f"- **Source:** {rule.source}\n"
    )


def written(page: str) -> str:
    """The page with its table and its sections made from the rules; the prose stays as it is."""
    intro, *parts = page.split("\n## ")
    prose, end = (next(f"## {part}" for part in parts if part.startswith(title)) for title in (PROSE, END))
    before, rest = intro.split("| Rule |")
    after = re.split(r"(?m)^(?!\|)", rest.split("\n", 1)[1], maxsplit=1)[1]
    table = ["| Rule | Severity | Meaning |", "|---|---|---|"]
    table += [f"| [{rule.id}](#{rule.id}) | {rule.severity} | {rule.meaning} |" for rule in RULES.values()]
    first = before + "\n".join(table) + "\n" + after
    return "\n".join([first, prose, *map(section, RULES.values()), end])


if os.environ.get("HOLTER_WRITE_DOCS"):
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_says_what_the_rules_say() -> None:
    assert written(TEXT) == TEXT


def test_every_rule_can_be_re_graded_by_the_page() -> None:
    assert set(re.findall(r"^## ([a-z0-9]+(?:-[a-z0-9]+)*)$", TEXT, re.MULTILINE)) == set(RULES)


def test_no_unknown_rule_is_named_anywhere() -> None:
    looks = re.findall(r"\bAs ([a-z]+-[a-z-]+)|for ([a-z]+-[a-z-]+)|\(#([^)]+)\)", TEXT)

    assert {name for names in looks for name in names if name} <= set(RULES)


def test_the_example_re_grades_as_it_says(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", TEXT, re.DOTALL)
    (tmp_path / "ours.yaml").write_text(example)

    assert named(str(tmp_path / "ours.yaml")).rules == {"gap-over-5min": "error", "gap-over-advice": "off"}
    assert yaml.safe_load(example)["holter-profile"] == 1


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (Path(__file__).parents[1] / "docs" / target).is_file()
