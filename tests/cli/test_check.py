"""`holter check`, from files as a user has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.processes import holter_run

HEAD = 'holter: 1\nredaction: "default"\n'
CLEAN = (
    '---\ncall: {"seq":1,"op":"PollForTask","status":200}\n'
    'request: {"workerGroup":"wg"}\nresponse: {"taskObject":null}\n'
)
SECRET = (
    '---\ncall: {"seq":2,"op":"ReportTaskProgress","status":200}\n'
    'request: {"taskId":"task-1","fields":[{"key":"log","stringValue":"AKIAIOSFODNN7EXAMPLE"}]}\n'
    'response: {"canceled":false}\n'
)
WRONG = '---\ncall: {"seq":3,"op":"PollForTask","status":200}\nrequest: {}\nresponse: {}\n'


def wrote(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_clean_file_is_exit_0(tmp_path: Path) -> None:
    ended = holter_run("check", str(wrote(tmp_path, "a.yaml", HEAD + CLEAN)), home=tmp_path)

    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == "holter: 1 file checked: nothing wrong\n"


def test_each_problem_is_a_line_with_its_place_and_never_the_secret(tmp_path: Path) -> None:
    wrote(tmp_path, "a.yaml", HEAD + CLEAN + SECRET + WRONG)
    ended = holter_run("check", "a.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 1
    assert ended.stdout.splitlines() == [
        "a.yaml:8: call 2 ReportTaskProgress: secret: request.fields[0].stringValue: holds a secret",
        "a.yaml:12: call 3 PollForTask: protocol: request.workerGroup: is missing",
    ]
    assert ended.stderr == "holter: 1 file checked: 1 protocol, 1 secret\n"


def test_json_says_the_same(tmp_path: Path) -> None:
    wrote(tmp_path, "a.yaml", HEAD + SECRET)
    ended = holter_run("check", ".", "--format", "json", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 1
    found = json.loads(ended.stdout)
    assert (found["version"], found["files"]) == (1, ["a.yaml"])
    assert found["summary"] == {"secret": 1, "protocol": 0, "torn": 0, "unreadable": 0}
    assert found["problems"] == [
        {
            "file": "a.yaml",
            "kind": "secret",
            "message": "secret: request.fields[0].stringValue: holds a secret",
            "line": 4,
            "seq": 2,
            "op": "ReportTaskProgress",
            "path": "request.fields[0].stringValue",
        }
    ]


def test_a_torn_file_is_exit_1(tmp_path: Path) -> None:
    path = wrote(tmp_path, "a.yaml", HEAD + CLEAN + '---\ncall: {"seq":')
    ended = holter_run("check", str(path), home=tmp_path)

    assert ended.returncode == 1
    assert "a.yaml:8: the last 13 bytes are a torn document" in ended.stdout


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("none.yaml", None, "none.yaml: cannot be read: No such file or directory"),
        ("empty.yaml", "", "empty.yaml: is empty"),
        ("other.yaml", "a: 1\n", "is no Holter cassette"),
        ("new.yaml", "holter: 99\n", "was made by a newer Holter"),
        ("bad.yaml", HEAD + CLEAN + "---\nfoo: 1\n" + CLEAN, "bad.yaml:8: document 3 has neither"),
    ],
)
def test_what_cannot_be_read_is_exit_2_and_the_others_are_checked(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    if text is not None:
        wrote(tmp_path, name, text)
    wrote(tmp_path, "z.yaml", HEAD + WRONG)
    ended = holter_run("check", name, "z.yaml", home=tmp_path, cwd=tmp_path)

    assert ended.returncode == 2
    first, second = ended.stdout.splitlines()
    assert says in first
    assert second.startswith("z.yaml:4: call 3 PollForTask: protocol")


def test_a_folder_without_cassettes_is_refused(tmp_path: Path) -> None:
    ended = holter_run("check", str(tmp_path), home=tmp_path)

    assert ended.returncode == 2
    assert "holds no cassette" in ended.stderr
