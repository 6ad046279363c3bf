"""docs/board.md against the server: bounds, figures, variables, commands."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import click
import pytest
import yaml
from tests.board.test_live import beat, handed, quiet
from tests.lease.history import History

from holter.board import api, journal, live, watch
from holter.cli import alarm, holter
from holter.lease.finding import State
from holter.report import page, strip

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "board.md").read_text(encoding="utf-8")
FIGURES = dict(re.findall(r"^\| `(holter_\w+)` \| (.*?) \|", TEXT, re.MULTILINE))
SHOWN = [shlex.split(line) for line in re.findall(r"^(holter .+)$", TEXT, re.MULTILINE)]


@pytest.mark.parametrize(
    "said",
    [
        f"the latest {strip.KEPT}, some 30 bytes each",
        f"the latest {watch.KEPT}, and {watch.PINNED} that findings name",
        f"the latest {page.MOST_LEASES} and every open one",
        f"the latest {journal.KEPT}; who comes back later",
        f"event streams at once | {api.MOST_STREAMS} |",
        f"Operations and rules beyond {watch.MOST_LABELS} are counted",
        f"{alarm.WAITING} more wait",
        f"longer than {alarm.TIMEOUT:g} seconds",
        f"is given {alarm.PATIENCE:g} seconds",
    ],
)
def test_bounds_are_as_it_says(said: str) -> None:
    assert said in TEXT


def test_every_figure_is_told_with_its_labels_and_no_other() -> None:
    parser = pytest.importorskip("prometheus_client.parser", reason="needs prometheus-client")
    rig = quiet()
    handed(rig)
    beat(rig)
    rig.watch.met["r1"] += 1
    (finding, *_) = History().handed(0).beat(1, 1000).findings()
    rig.trial.audit.findings.append(finding)
    rig.watch.open.told(replace(finding, state=State.OPEN))
    found: dict[str, set[str]] = {}
    for family in parser.text_string_to_metric_families(rig.raw("GET", "/metrics").body.decode()):
        found |= {
            sample.name: set(sample.labels)
            for sample in family.samples
            if not sample.name.endswith("_created")
        }

    assert found == {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in FIGURES.items()}


def test_the_variables_of_a_command_are_all_told() -> None:
    (finding, *_) = History().handed(0).beat(1, 1000).findings()

    section = TEXT[TEXT.index("## A command") :]
    assert set(re.findall(r"`(HOLTER_\w+)`", section)) == set(alarm.variables(finding))


@pytest.mark.parametrize("words", SHOWN)
def test_every_command_that_is_shown_can_be_given(words: list[str]) -> None:
    command = holter.get_command(click.Context(holter), words[1])
    assert command is not None
    own = words[2 : words.index("--")] if "--" in words else words[2:]
    names = {name for option in command.params for name in option.opts}
    assert {word for word in own if word.startswith("-")} <= names


def test_the_scrape_configuration_is_yaml() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (job,) = yaml.safe_load(block)["scrape_configs"]

    assert set(job["authorization"]) == {"credentials_file"}


def test_every_link_leads_somewhere() -> None:
    for target, _, place in re.findall(r"\]\(([^)#]+)(#([\w-]+))?\)", TEXT):
        assert (DOCS / target).is_file(), target
        if place:
            titles = re.findall(r"^#+ (.+)$", (DOCS / target).read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {title.lower().strip("`").replace(" ", "-") for title in titles}, place


def test_what_is_told_at_once_is_less_than_what_is_kept() -> None:
    assert live.MOST < journal.KEPT
