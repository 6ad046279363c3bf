"""The script in mitmweb, seen through the interface that mitmweb's own page uses."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from mitmproxy import version
from tests.processes import PATIENCE, environment, until

from .tools import CLIENT, LATE, settings, tool, web

OLD = int(version.VERSION.partition(".")[0]) < 12
safe = pytest.mark.skipif(OLD, reason="mitmproxy 11 has no safe mitmweb")

MANY = f"""{CLIENT}
for _ in range(int(sys.argv[1])):
    client.list_pipelines()
"""


@safe
def test_calls_are_shown_marked_and_found_and_commands_are_carried_out(tmp_path: Path) -> None:
    with web(tmp_path, record=tmp_path / "run.yaml") as (running, page):
        running.run(LATE)
        until(lambda: len(page.flows) == 4)
        poll, first, second, end = page.flows
        assert [one[key] for one in (poll, end) for key in ("marked", "comment")] == [""] * 4
        for beat in (first, second):
            assert beat["marked"] == "🟠"
            assert "gap-over-5min (warning, certain, closed): task-1 had no beat for " in beat["comment"]

        handed, late = page.shown(poll, "response"), page.shown(second, "request")
        assert (handed["view_name"], handed["syntax_highlight"]) == ("DataPipeline", "yaml")
        assert "handed out:  task-1\n" in handed["text"]
        assert '        command: "true"\n' in handed["text"]
        assert "findings:    gap-over-5min (warning, certain, closed)" in late["text"]
        assert '  note: "AWS_SECRET_ACCESS_KEY=REDACTED"' in late["text"]
        assert "lease:       ended: finished\n" in late["text"]

        report = "\n".join(page.command("holter.audit")["value"])
        assert " 1 warning in 4 calls, 1 lease;" in report.replace("\n ", "")
        assert page.command("holter.mark", "seen", "in", "mitmweb") == {"value": None}
        assert "no rule 'x'" in page.command("holter.fire", "x")["error"]

    said = running.said
    assert said.count("gap-over-5min") == 4, "open, closed, in the report asked for, and in the last"
    assert '"text":"seen in mitmweb"' in (tmp_path / "run.yaml").read_text()


@safe
def test_the_list_of_flows_stays_bounded(tmp_path: Path) -> None:
    with web(tmp_path, record=tmp_path / "run.yaml", keep_flows=20) as (running, page):
        running.run(MANY, "200")
        assert len(page.flows) in (20, 21), "one that is still on its way is let go of with the next"
        assert page.ask("PUT", "/options", {"holter_keep_flows": "5"}) is not None
        running.run(MANY, "3")
        assert len(page.flows) in (5, 6)

    assert (tmp_path / "run.yaml").read_text().count("ListPipelines") == 203


@pytest.mark.skipif(not OLD, reason="mitmproxy 12 has a safe mitmweb")
def test_a_mitmweb_that_answers_anybody_is_refused_in_one_line(tmp_path: Path) -> None:
    options = settings(record=tmp_path / "run.yaml")
    ended = subprocess.run(
        tool("mitmweb", tmp_path, "--no-web-open-browser", "--set", "web_port=0", *options),
        env=environment(tmp_path), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    said = ended.stdout + ended.stderr

    assert ended.returncode == 1
    assert [line.partition("] ")[2] for line in said.splitlines() if "holter:" in line] == [
        "holter: this mitmweb answers whoever reaches its port: use mitmproxy 12 on Python 3.12 or newer, "
        "or here mitmdump, mitmproxy (the console), or holter record --board 127.0.0.1:0"
    ]
    assert "Web server listening" not in said
    assert not (tmp_path / "run.yaml").exists()
