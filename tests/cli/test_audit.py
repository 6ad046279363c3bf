"""`holter audit`, from files as a user has them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.lease.history import ZERO, History
from tests.processes import holter_run

import holter
from holter.cassette.format import Header
from holter.cassette.writer import Writer
from holter.lease.profile import DOCUMENTED
from holter.wire.message import Interaction, Mark


def tape(folder: Path, history: History, name: str = "run.yaml", scale: float = 1.0) -> Path:
    path = folder / name
    header = Header(recording=name, started=1_800_000_000.0, profile=DOCUMENTED.scaled(scale).as_json())
    with Writer.create(str(path), header) as writer:
        for entry in history.entries:
            assert writer.append(entry)
    return path


def late() -> History:
    return History().handed(0).beat(1, 1000).finished(1001).mark("stopped", 1002)


def fine() -> History:
    return History().handed(0).beat(1, 60).finished(90).mark("stopped", 91)


def test_a_lost_lease_is_exit_1_and_told_with_its_proof(tmp_path: Path) -> None:
    ended = holter_run("audit", str(tape(tmp_path, late())), home=tmp_path)

    assert ended.returncode == 1
    assert "1 error in 4 calls, 1 lease; profile documented" in ended.stdout
    assert "task-1 had no beat for 999.00 s; the limit is 900 s (progress)" in ended.stdout
    assert "(calls 2 to 3) [runner-1]" in " ".join(ended.stdout.split())
    assert all(len(line) <= 80 for line in ended.stdout.splitlines()[1:])


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("note", 1), ("never", 0)])
def test_fail_on_decides_what_fails(tmp_path: Path, fail_on: str, code: int) -> None:
    path = tape(tmp_path, History().handed(0).beat(1, 400).finished(401))

    assert holter_run("audit", str(path), "--fail-on", fail_on, home=tmp_path).returncode == code


def test_json_says_the_same_and_where_it_stands(tmp_path: Path) -> None:
    path = tape(tmp_path, late())
    out = tmp_path / "report.json"
    ended = holter_run("audit", str(path), "--format", "json", "-o", str(out), home=tmp_path)
    report = json.loads(out.read_text())

    assert (ended.returncode, ended.stdout) == (1, "")
    (finding,) = report["findings"]
    assert (finding["rule"], finding["interactions"]) == ("gap-over-limit", [2, 3])
    assert '"seq":3,' in path.read_text().splitlines()[finding["line"] - 1]
    assert report["summary"] == {
        "error": 1, "warning": 0, "note": 0, "calls": 4, "tasks": 1, "unplayed": 0, "lost": 0,
        "suppressed": 0,
    }  # fmt: skip


def test_the_recorded_profile_counts_unless_told_otherwise(tmp_path: Path) -> None:
    path = tape(tmp_path, History().handed(0).beat(1, 4.5).finished(5), scale=0.01)

    def judged(*options: str) -> int:
        return holter_run("audit", str(path), "--fail-on", "warning", *options, home=tmp_path).returncode

    assert judged() == 1
    assert judged("--scale", "1") == 0
    assert judged("--profile", "relaxed") == 0
    assert judged("--profile", "strict") == 1


def test_a_folder_is_audited_file_by_file_where_that_is_wished(tmp_path: Path) -> None:
    tape(tmp_path, fine(), "a.yaml")
    tape(tmp_path, late(), "b.yaml")
    ended = holter_run("audit", str(tmp_path), "--separately", home=tmp_path)

    assert ended.returncode == 1
    assert re.findall(r"(\w+\.yaml):", ended.stdout) == ["a.yaml", "b.yaml"]


def test_lost_entries_fail_and_a_torn_tail_is_told(tmp_path: Path) -> None:
    history = fine()
    history.entries.append(Mark("lost", None, 92.0, {"count": 3, "why": "disk full"}))
    path = tape(tmp_path, history)
    path.write_bytes(path.read_bytes() + b'---\ncall: {"seq":')
    ended = holter_run("audit", str(path), home=tmp_path)

    assert ended.returncode == 1
    assert "3 entries were lost while recording" in ended.stdout
    assert "torn" in ended.stdout


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("none.yaml", None, "none.yaml: cannot be read: No such file or directory"),
        ("empty.yaml", "", "empty.yaml: is empty"),
        ("other.yaml", "a: 1\n", "is no Holter cassette"),
        ("new.yaml", "holter: 99\n", "was made by a newer Holter"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_exit_2(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    ended = holter_run("audit", name, home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    assert says in ended.stderr


def test_a_recording_without_times_can_not_be_audited(tmp_path: Path) -> None:
    (tmp_path / "hand.yaml").write_text(
        'holter: 1\n---\ncall: {"op":"PollForTask"}\nrequest: {"workerGroup":"wg"}\nresponse: {}\n'
    )
    ended = holter_run("audit", "hand.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    assert "holds no times" in ended.stderr


def test_an_empty_folder_and_a_pattern_that_meets_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    for path, says in (("empty", "holds no cassette"), ("empty/*.yaml", "no file has such a name")):
        ended = holter_run("audit", path, home=tmp_path, cwd=tmp_path)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
        assert says in ended.stderr


def test_several_files_apart_are_one_json_a_line(tmp_path: Path) -> None:
    tape(tmp_path, fine(), "a.yaml")
    tape(tmp_path, late(), "b.yaml")
    ended = holter_run("audit", str(tmp_path), "--separately", "--format", "json", home=tmp_path)
    reports = [json.loads(line) for line in ended.stdout.splitlines()]

    assert ended.returncode == 1
    assert [(one["recording"], one["summary"]["error"]) for one in reports] == [("a.yaml", 0), ("b.yaml", 1)]


def test_several_files_are_one_recording_and_a_finding_says_where_it_stands(tmp_path: Path) -> None:
    first = History().handed(0).beat(1).mark("stopped", 30)
    again = History().beat(5, 1400).finished(1401).mark("stopped", 1402)
    again.entries[0] = Mark("started", ZERO + 31, 0.0)
    for history in (first, again):
        history.entries = [
            replace(one, print="f" * 16) if isinstance(one, Interaction) else one for one in history.entries
        ]
    tape(tmp_path, first, "a.yaml")
    path = tape(tmp_path, again, "b.yaml")
    ended = holter_run("audit", "*.yaml", home=tmp_path, cwd=tmp_path)
    report = json.loads(
        holter_run("audit", str(tmp_path), "--format", "json", home=tmp_path, cwd=tmp_path).stdout
    )

    assert ended.returncode == 1
    assert ended.stdout.startswith("2 recordings as one: 1 error in 5 calls, 1 lease; profile documented\n")
    assert "(b.yaml:" in ended.stdout
    assert (report["recording"], report["summary"]["calls"]) == ("a.yaml+b.yaml", 5)
    assert [blind["why"] for blind in report["blind"]] == ["Holter was stopped"]
    (finding,) = report["findings"]
    assert finding["gap"] == {"certain": 1395.0, "possible": 1395.0}
    assert finding["places"][-1] == f"{path}:{finding['line']}"
    assert '"seq":2,' in path.read_text().splitlines()[finding["line"] - 1]


def test_a_whole_recording_without_findings_is_exit_0(tmp_path: Path) -> None:
    ended = holter_run("audit", str(tape(tmp_path, replace(fine()))), home=tmp_path)

    assert ended.returncode == 0
    assert "no findings in 4 calls" in ended.stdout


def test_junit_and_trace_are_what_build_servers_and_perfetto_read(tmp_path: Path) -> None:
    tape(tmp_path, fine(), "a.yaml")
    tape(tmp_path, late(), "b.yaml")

    def told(form: str, *options: str) -> tuple[int, str]:
        words = ("audit", "a.yaml", "b.yaml", "--separately", "--format", form)
        ended = holter_run(*words, *options, home=tmp_path, cwd=tmp_path)
        return ended.returncode, ended.stdout or ended.stderr

    code, document = told("junit")
    suites = [(suite.get("name"), suite.get("failures")) for suite in ElementTree.fromstring(document)]
    assert (code, suites) == (1, [("a.yaml", "0"), ("b.yaml", "1")])
    code, refusal = told("trace")
    assert (code, "--format trace shows one recording" in refusal) == (2, True)
    ended = holter_run("audit", "b.yaml", "--format", "trace", home=tmp_path, cwd=tmp_path)
    spans = [event["name"] for event in json.loads(ended.stdout)["traceEvents"] if event["ph"] == "X"]
    assert (ended.returncode, spans) == (1, ["Copy", "gap-over-limit"])


def test_what_if_judges_again_and_several_give_a_table(tmp_path: Path) -> None:
    path = str(tape(tmp_path, History().handed(0).beat(1, 400).finished(401)))

    def told(*options: str) -> tuple[int, str]:
        ended = holter_run("audit", path, *options, home=tmp_path)
        return ended.returncode, ended.stdout or ended.stderr

    code, report = told("--what-if", "reportProgressTimeout=5m")
    assert (code, "1 error in 4 calls" in report) == (1, True)
    assert "profile documented, reportProgressTimeout 300 s" in report
    code, report = told("--what-if", "ack=30s", "--what-if", "reportProgressTimeout=5 minutes")
    assert (code, [line.split()[-4:] for line in report.splitlines()[3:]]) == (
        1, [["0", "1", "0", "0"], ["0", "1", "0", "0"], ["1", "0", "0", "1"]],
    )  # fmt: skip
    assert told("--what-if", "ack=30s", "--what-if", "ack=60s")[0] == 0
    code, report = told("--what-if", "ack=30s", "--what-if", "ack=60s", "--format", "json")
    assert [row["limits"] for row in json.loads(report)["what_if"]] == [{}, {"ack": 30.0}, {"ack": 60.0}]
    code, report = told("--what-if", "ack=30s", "--what-if", "ack=60s", "--format", "junit")
    assert (code, report) == (2, "holter: --format junit takes one --what-if at a time\n")
    assert told("--what-if", "akk=1")[0] == 2


def test_a_suppressed_finding_fails_no_run_and_an_expired_suppression_does(tmp_path: Path) -> None:
    path = tape(tmp_path, late())
    codes = []
    for until in ("2999-01-01", "2001-01-01"):
        (tmp_path / "ours.yaml").write_text(
            "holter-profile: 1\nrules: {suppression-expired: error}\n"
            f"suppress: [{{rule: gap-over-limit, task: task-1, reason: known, until: {until}}}]\n"
        )
        ended = holter_run("audit", str(path), "--profile", str(tmp_path / "ours.yaml"), home=tmp_path)
        codes.append((ended.returncode, "suppressed: 1 x gap-over-limit: known" in ended.stdout))

    assert codes == [(0, True), (1, False)]
    assert "error suppression-expired" in ended.stdout


def test_a_bad_suppression_is_one_line_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("holter-profile: 1\nsuppress:\n  - {rule: ack-late, reason: x}\n")
    arguments = ("audit", str(tape(tmp_path, late())), "--profile", str(tmp_path / "ours.yaml"))
    ended = holter_run(*arguments, home=tmp_path)

    assert ended.returncode == 2
    assert "ours.yaml:3: suppress[0].until: is missing" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_recording_without_calls_is_told(tmp_path: Path) -> None:
    ended = holter_run("audit", str(tape(tmp_path, History().mark("stopped", 9))), home=tmp_path)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "no findings in 0 calls" in ended.stdout
    assert "run.yaml: holds no calls" in ended.stdout


def test_an_audit_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys, holter.cli as cli; cli.holter.main(['audit', sys.argv[1]], standalone_mode=False);"
        "heavy = ('asyncio', 'ssl', 'httptools', 'jinja2', 'yaml', 'botocore', 'mitmproxy', 'statistics',"
        " 'difflib', 'html', 'gzip', 'shutil', 'random', '_strptime');"
        "rooms = ('holter.board', 'holter.endpoint', 'holter.session', 'holter.faults.planfile',"
        " 'holter.faults.node', 'holter.replay', 'holter.report.json', 'holter.report.junit');"
        "print(sorted(name for name in sys.modules if name.startswith(rooms) or name.split('.')[0] in heavy))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tape(tmp_path, late()))],
        env={"PYTHONPATH": str(Path(holter.__file__).parents[1])},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"
