from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from holter.errors import ConfigError
from holter.lease.profile import DOCUMENTED, RELAXED, STRICT
from holter.lease.profilefile import named, recorded


def written(folder: Path, text: str) -> str:
    path = folder / "ours.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize("profile", [DOCUMENTED, STRICT, RELAXED])
def test_shipped_profiles_go_by_name_and_survive_a_header(profile: object) -> None:
    name = profile.name  # type: ignore[attr-defined]

    assert named(name) is profile
    assert recorded(named(name).as_json()) == profile


def test_a_scaled_profile_survives_a_header() -> None:
    assert recorded(STRICT.scaled(0.01).as_json()) == STRICT.scaled(0.01)


def test_a_file_extends_another_profile_and_names_itself_as_source(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "holter-profile: 1\nname: ours\nextends: strict\nlimits: {silence: 200}\nrules: {ack-slow: off}\n",
    )
    found = named(path)

    assert (found.name, found.limits.silence, found.limits.ack) == ("ours", 200.0, 120.0)
    assert found.rules == {**STRICT.rules, "ack-slow": "off"}
    assert found.sources["silence"] == f"profile {path}"
    assert found.sources["ack"] == DOCUMENTED.sources["ack"]


def test_a_file_may_extend_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("holter-profile: 1\nlimits: {ack: 60}\n")
    path = written(tmp_path, "holter-profile: 1\nextends: base.yaml\nlimits: {advice: 30}\n")

    assert (named(path).limits.ack, named(path).limits.advice) == (60.0, 30.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("limits: {}", "is no profile"),
        ("- 1", "is no profile"),
        ("holter-profile: 1\nlimit: {}", "limit: is unknown (did you mean limits?)"),
        ("holter-profile: 1\nlimits: {akk: 1}", "limits.akk: is unknown (did you mean ack?)"),
        ("holter-profile: 1\nlimits: {ack: soon}", "limits.ack: 'soon' is no number of seconds"),
        ("holter-profile: 1\nlimits: {ack: -1}", "limits.ack: -1 is no number of seconds"),
        ("holter-profile: 1\nlimits: {progress: 0}", "limits.progress: must be more than 0"),
        ("holter-profile: 1\nlimits: {ack: .nan}", "limits.ack: nan is no number of seconds"),
        ("holter-profile: 1\nlimits: [1]", "limits: must be a mapping"),
        ("holter-profile: 1\nextends: ours.yaml", "extends: leads back to itself"),
        ("holter-profile: 1\nextends: [strict]", "extends: must name another profile"),
        ("holter-profile: 1\nrules: {gap-over-5mins: error}", "did you mean gap-over-5min?"),
        ("holter-profile: 1\nrules: {gap-over-5min: loud}", "'loud' is none of note, warning, error, off"),
        ("holter-profile: 1\nextends: nowhere", "there is no such file"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_wrong_file_gets_one_line_that_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        named(path)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("holter-profile: 1\nextends: ours.yaml\n")

    with pytest.raises(ConfigError, match="extends: leads back to itself"):
        named(written(tmp_path, "holter-profile: 1\nextends: base.yaml\n"))


def test_a_limit_keeps_the_source_it_has_in_the_file_that_is_extended(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("holter-profile: 1\nlimits: {ack: 60}\n")
    path = written(tmp_path, "holter-profile: 1\nextends: base.yaml\nlimits: {advice: 30}\n")

    assert named(path).sources["ack"] == f"profile {tmp_path / 'base.yaml'}"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"scale": "fast"}, "header: profile.scale: 'fast' is no number"),
        ({"scale": 0}, "header: profile.scale: must be more than 0"),
        ({"limits": {"akk": 1}}, "header: limits.akk: is unknown"),
        ({"limits": {"ack": None}}, "header: limits.ack: None is no number"),
        ({"rules": {"ack-slow": "loud"}}, "header: rules.ack-slow: 'loud' is none of"),
        ({"grace": 5}, "header: grace: must be a mapping"),
    ],
)
def test_a_wrong_profile_in_a_header_gets_one_line(header: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        recorded(header)

    assert says in str(caught.value)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="'strickt' is none of documented, strict, relaxed"):
        named("strickt")
