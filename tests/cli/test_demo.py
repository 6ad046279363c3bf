"""`holter demo`: it keeps its word, and says so; and it notices when something is missing."""

from __future__ import annotations

import re
from pathlib import Path

from tests.processes import holter_run

from holter.cassette.reader import open_cassette


def test_the_demo_shows_all_it_promises(tmp_path: Path) -> None:
    ended = holter_run("demo", "--keep", str(tmp_path / "kept"), home=tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    said = ended.stdout
    assert "hands out task-1" in said
    assert "percentComplete=" in said
    assert "[fault: cancel on beat 6]" in said
    assert "ERROR gap-over-limit" in said
    assert "ERROR ack-missing" in said
    assert "all of it happened, and Holter and the sandbox agree on every lost lease" in said
    assert re.search(r"^demo: task-\d   canceled +canceled ", said, re.MULTILINE)
    assert "without any service, every task came to the same end" in said
    assert said.rstrip().splitlines()[-1].startswith("demo:       holter record -o run.yaml --")
    assert len(list(open_cassette(str(tmp_path / "kept" / "demo.yaml")))) > 20


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    ended = holter_run("demo", "--keep", str(tmp_path), home=tmp_path)

    assert ended.returncode == 2
    assert "is there already and not an empty folder" in ended.stderr
