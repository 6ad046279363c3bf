"""docs/rules.md against the table of rules, both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from holter.lease.profilefile import named
from holter.lease.rules import RULES

TEXT = (Path(__file__).parents[1] / "docs" / "rules.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in TEXT.split("\n## ")[1:]}
ROWS = re.findall(r"^\| \[([^]]+)\]\(#([^)]+)\) \| (\w+) \| (.+) \|$", TEXT, re.MULTILINE)
PROSE = {"How sure a finding is", "Re-grade or switch off"}


def test_the_table_is_the_table_of_rules() -> None:
    assert [(rule.id, rule.id, rule.severity, rule.meaning) for rule in RULES.values()] == ROWS


def test_there_is_a_section_for_every_rule_and_for_no_other() -> None:
    assert set(SECTIONS) - PROSE == set(RULES)
    assert len(re.findall(r"^## ", TEXT, re.MULTILINE)) == len(SECTIONS)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_section_says_what_the_rule_says(rule: object) -> None:
    found = RULES[rule.id]  # type: ignore[attr-defined]  # a row of the table
    said = dict(re.findall(r"^- \*\*([\w ]+):\*\* (.+)$", SECTIONS[found.id], re.MULTILINE))

    assert f"\n\n{found.meaning}\n\n" in SECTIONS[found.id]
    assert list(said) == ["Default severity", "When", "Why it matters", "What to do", "Source"]
    assert (said["Default severity"], said["What to do"], said["Source"]) == (
        found.severity,
        found.action,
        found.source,
    )


def test_no_unknown_rule_is_named_anywhere() -> None:
    looks = re.findall(
        r"\b(?:ack|gap|tail|finished|poll|beat|attempt|suppression)-[a-z0-9]+(?:-[a-z0-9]+)*\b|\babandoned\b",
        TEXT,
    )

    assert set(looks) == set(RULES)


def test_the_example_re_grades_as_it_says(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", TEXT, re.DOTALL)
    (tmp_path / "ours.yaml").write_text(example)

    assert named(str(tmp_path / "ours.yaml")).rules == {"gap-over-5min": "error", "gap-over-advice": "off"}
    assert yaml.safe_load(example)["holter-profile"] == 1


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (Path(__file__).parents[1] / "docs" / target).is_file()
