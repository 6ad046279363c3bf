"""docs/faults.md against the tables, both ways; HOLTER_WRITE_DOCS=1 writes the tables into it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults import boto

from holter.faults.aws_errors import COMMON
from holter.faults.checks import check
from holter.faults.expect import EXPECTATIONS
from holter.faults.kinds import GROUPS, KINDS
from holter.faults.planfile import parse
from holter.faults.plans import Mode
from holter.faults.predicate import TESTS
from holter.faults.short import parse as parse_short
from holter.faults.sources import names, read
from holter.faults.when import CONDITIONS
from holter.faults.yamlnodes import load
from holter.wire.operations import OPERATIONS

DOC = Path(__file__).parents[1] / "docs" / "faults.md"
PLANS = Path(parse.__code__.co_filename).parent / "plans"


def table(head: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def conditions() -> str:
    return table(
        ("Condition", "Value", "Meaning"),
        *((f"`{name}`", f"`{takes}`", means) for name, (takes, means) in CONDITIONS.items()),
    )


def comparisons() -> str:
    rows = ((f"`{name}`", how.means) for name, how in TESTS.items())
    return table(("Comparison", "Holds where what is found"), *rows)


def faults() -> str:
    return "\n\n".join(f"### {group}\n\n{_kinds(group)}" for group in GROUPS)


def _kinds(group: str) -> str:
    rows = []
    for kind in GROUPS[group]:
        options = "; ".join(f"`{name}`: {means}" for name, means in kind.options.items())
        does = f"{kind.does} ({options})" if options else kind.does
        stages = ", ".join(kind.stages)
        rows.append((f"`{kind.name}`", f"`{kind.takes}`", stages, does))
    return table(("Fault", "Value", "Stage", "What happens"), *rows)


def operations() -> str:
    rows = ((f"`{op}`", ", ".join(f"`{code}`" for code in row.errors)) for op, row in OPERATIONS.items())
    return table(("Operation", "Its own errors"), *rows)


def common() -> str:
    rows = ((f"`{code}`", str(status)) for code, status in COMMON.items())
    return table(("Error of any call", "HTTP status"), *rows)


def plans() -> str:
    tops = {name: load((PLANS / f"{name}.yaml").read_text(), name).mapping() for name in names()}
    return table(("Plan", "What it is"), *((f"`{name}`", top["about"].text()) for name, top in tops.items()))


def expectations() -> str:
    return table(
        ("Expectation", "Value", "Meaning"),
        *((f"`{name}`", f"`{takes}`", means) for name, (takes, means) in EXPECTATIONS.items()),
    )


def boto_table() -> str:
    return table(("Fault", "The caller gets", "Tries"), *boto.table())


MADE = {
    "boto": boto_table,
    "conditions": conditions,
    "comparisons": comparisons,
    "faults": faults,
    "operations": operations,
    "common": common,
    "plans": plans,
    "expectations": expectations,
}


def written(text: str) -> str:
    """The document with its tables as they should be; each stands from its comment to the next empty line."""
    for name, make in MADE.items():
        mark = f"<!-- {name} -->"
        before, _, after = text.partition(mark)
        rest = re.sub(r"\A\n+(?:(?:\||### ).*\n+)*", "", after)
        text = f"{before}{mark}\n\n{make()}\n" + (f"\n{rest}" if rest.strip() else "")
    return text


def test_every_table_is_the_one_in_the_program() -> None:
    if os.environ.get("HOLTER_WRITE_DOCS"):
        DOC.write_text(written(DOC.read_text(encoding="utf-8")), encoding="utf-8")

    assert DOC.read_text(encoding="utf-8") == written(DOC.read_text(encoding="utf-8"))


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)


def test_the_plan_that_is_shown_is_one() -> None:
    found = parse(blocks("yaml")[0], "docs/faults.md")
    check(found.rules, Mode.PROXY)

    assert (found.seed, len(found.rules)) == (7, 2)


def shorts() -> Iterator[str]:
    for block in blocks("sh"):
        yield from (quoted or plain for quoted, plain in re.findall(r"--fault (?:'([^']+)'|(\S+))", block))


@pytest.mark.parametrize("text", list(shorts()))
def test_every_short_form_that_is_shown_is_one(text: str) -> None:
    check([parse_short(text)], Mode.PROXY)


def test_every_plan_that_is_named_is_there() -> None:
    for name in re.findall(r"--faults ([\w-]+)(?= )", "".join(blocks("sh"))):
        assert read(name).rules


def test_every_fault_is_in_the_table_of_what_boto_makes_of_it_but_those_that_it_cannot_see() -> None:
    section = DOC.read_text(encoding="utf-8").split("## What boto3 makes of it")[1].split("\n## ")[0]
    seen = {
        name
        for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
        for name in row[1:-1].split("`, `")
    }

    assert seen == set(KINDS) - set(boto.UNSEEN)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", DOC.read_text(encoding="utf-8")):
        assert (DOC.parent / target).is_file(), target
