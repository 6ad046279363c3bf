"""docs/profiles.md against the profiles that ship and the keys that a file may have."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from holter.lease import profilefile, suppressionfile
from holter.lease.profile import DOCUMENTED, PROFILES
from holter.lease.profilefile import named
from holter.lease.rules import RULES, Severity
from holter.lease.sources import LIMIT_SOURCES

TEXT = (Path(__file__).parents[1] / "docs" / "profiles.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n", 1)[0]: part for part in TEXT.split("\n## ")[1:]}
(EXAMPLE,) = re.findall(r"```yaml\n(.+?)```", TEXT, re.DOTALL)


def rows(head: str) -> list[list[str]]:
    """The cells of a table, known by its first column's head."""
    found = re.search(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert found is not None
    return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]


def test_every_shipped_profile_stands_there_with_its_grades() -> None:
    said = dict(rows("Profile"))

    assert list(said) == list(PROFILES)
    for name in ("documented", "strict"):
        grades = ", ".join(f"{rule}: {grade}" for rule, grade in PROFILES[name].rules.items())
        assert said[name] == (grades or "none")


def test_relaxed_switches_off_what_the_page_says() -> None:
    said = dict(rows("Profile"))["relaxed"]
    kept = re.findall(r"[\w-]+", said.removeprefix("off: every warning and every note but"))
    minor = {rule.id for rule in RULES.values() if rule.severity is not Severity.ERROR}

    assert set(kept) - {"and"} < minor
    assert PROFILES["relaxed"].rules == dict.fromkeys(minor - set(kept), "off")


def test_every_limit_stands_there_with_its_seconds_and_its_source() -> None:
    assert [[name, seconds, source] for name, seconds, _, source in rows("Limit")] == [
        [name, f"{seconds:g}", LIMIT_SOURCES[name]] for name, seconds in asdict(DOCUMENTED.limits).items()
    ]


@pytest.mark.parametrize(
    ("head", "numbers"), [("Tolerance", DOCUMENTED.tolerance), ("Grace", DOCUMENTED.grace)]
)
def test_every_tolerance_and_grace_stands_there(head: str, numbers: dict[str, float]) -> None:
    assert {row[0]: float(row[1]) for row in rows(head)} == numbers


def test_shipped_profiles_differ_only_in_what_the_page_says() -> None:
    assert all(
        (profile.limits, profile.tolerance, profile.grace)
        == (DOCUMENTED.limits, DOCUMENTED.tolerance, DOCUMENTED.grace)
        for profile in PROFILES.values()
    )


def test_the_example_shows_every_key_and_loads(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(EXAMPLE)
    data, profile = yaml.safe_load(EXAMPLE), named(str(path))

    assert set(data) == set(profilefile._KEYS)
    assert set(data["limits"]) == set(asdict(DOCUMENTED.limits))
    assert set(data["grace"]) == set(DOCUMENTED.grace)
    assert set(data["tolerance"]) == set(DOCUMENTED.tolerance)
    assert (profile.name, profile.limits.progress, profile.rules["ack-slow"]) == ("ours", 600.0, "off")
    assert [(one.rule, one.about) for one in profile.suppress] == [
        ("gap-over-advice", (("caller", "legacy-*"),))
    ]
    assert profile.sources["progress"] == f"profile {path}"


def test_every_key_of_a_suppression_is_told_and_whether_it_must_be_there() -> None:
    told = {key: must == "yes" for keys, must, _ in rows("Key") for key in keys.replace("`", "").split(", ")}

    assert told == {key: key in suppressionfile._NEEDED for key in suppressionfile._KEYS}


def test_every_grade_is_named() -> None:
    assert ", ".join(("error", "warning", "note")) + " or off" in EXAMPLE
    assert set(profilefile._GRADES) == {"error", "warning", "note", "off"}


def test_a_scaled_lease_lasts_as_long_as_the_page_says() -> None:
    (factor, seconds) = re.findall(
        r"`--scale ([\d.]+)` a lease of\s+15 minutes lasts (\d+) seconds",
        SECTIONS["Tests that do not wait: `--scale`"],
    )[0]

    assert DOCUMENTED.scaled(float(factor)).limits.progress == pytest.approx(float(seconds))


def test_no_unknown_rule_is_named_and_every_link_leads_somewhere() -> None:
    looks = re.findall(
        r"\b(?:ack|gap|tail|finished|suppression)-[a-z0-9]+(?:-[a-z0-9]+)*\b|\babandoned\b", TEXT
    )

    assert looks
    assert set(looks) <= set(RULES)
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (Path(__file__).parents[1] / "docs" / target).is_file()
