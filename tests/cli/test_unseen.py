"""What is said of a run without calls."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from holter.cli import unseen
from holter.cli.unseen import Seen, heeds_proxy, node_version, why

HOST = "datapipeline.us-east-1.amazonaws.com"
MOTO = "http://localhost:4566"
KEY = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"}


def said(
    command: str = "my-runner", before: dict[str, str] | None = None, seen: Seen | None = None, *,
    reverse: bool = False,
) -> str:  # fmt: skip
    line = why([command], KEY | (before or {}), seen or Seen(), reverse=reverse)
    assert "\n" not in line
    assert line.startswith("no Data Pipeline call passed: ")
    return line.partition(": ")[2]


def test_a_refused_certificate_is_the_cause_whatever_else_passed() -> None:
    seen = Seen(9, refused={HOST}, opened={"x"}, sealed={"y"})

    assert said(seen=seen).startswith(f"the client refused Holter's certificate for {HOST}: ")
    assert said(seen=seen, reverse=True) == said(seen=seen)
    assert "holter ca trust-help" in said(seen=seen)


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ({"AWS_ENDPOINT_URL": MOTO}, f"AWS_ENDPOINT_URL leads it to {MOTO}"),
        (
            {"AWS_ENDPOINT_URL": "http://x", "AWS_ENDPOINT_URL_DATA_PIPELINE": MOTO},
            f"AWS_ENDPOINT_URL_DATA_PIPELINE leads it to {MOTO}",
        ),
        ({"AWS_ENDPOINT_URL": MOTO, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, "nothing connected"),
        ({"AWS_ENDPOINT_URL": f"https://{HOST}"}, "nothing connected"),
    ],
)
def test_an_endpoint_of_the_environment_is_a_cause(before: dict[str, str], says: str) -> None:
    assert says in said(before=before)


def test_clients_that_heed_the_proxy_but_ask_others_are_told_apart_from_those_that_do_not() -> None:
    assert "asked only for a.example, b.example" in said(
        seen=Seen(2, opened={"b.example"}, sealed={"a.example"})
    )
    assert "asked only for a, b, c and 2 more" in said(seen=Seen(5, sealed=set("abcde")))
    assert said(seen=Seen(1)) == "a client connected and asked for nothing"
    assert "nothing connected to the proxy" in said()
    assert "some Go programs" in said()


def test_in_reverse_mode_the_endpoint_was_not_heeded() -> None:
    assert (
        "nothing connected to Holter, likely because my-runner does not heed AWS_ENDPOINT_URL_DATA"
        in said(reverse=True)
    )
    assert said(seen=Seen(1), reverse=True) == "a client connected and asked for nothing"
    assert said(seen=Seen(1, opened={HOST}), reverse=True) == f"what was asked of {HOST} was no call of it"


@pytest.mark.parametrize("reverse", [True, False])
def test_a_client_without_credentials_connects_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, reverse: bool
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    without = {"AWS_ACCESS_KEY_ID": ""}
    line = said(before=without, reverse=reverse)

    assert "likely because my-runner found no credentials to sign with" in line
    assert ("does not heed" in line, "heeds no HTTPS_PROXY" in line) == (reverse, not reverse)
    assert "credentials" not in said(before=without, seen=Seen(1), reverse=reverse)
    assert "credentials" not in said(reverse=reverse)


def program(folder: Path, name: str, tells: str) -> Path:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nprint({tells!r})\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("v20.20.2", "Node 20.20 does not know NODE_USE_ENV_PROXY (from 22.21 and 24.5 on)"),
        ("v24.5.0", "an agent of its own, such as the AWS SDK's, heeds no NODE_USE_ENV_PROXY"),
        ("what?", "an agent of its own"),
    ],
)
@pytest.mark.parametrize("command", ["node", "{folder}/node", "npx"])
def test_nodes_release_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, version: str, says: str
) -> None:
    program(tmp_path, "node", version)
    monkeypatch.setenv("PATH", str(tmp_path))

    line = said(command.format(folder=tmp_path))
    assert says in line
    assert "record with --upstream" in line


@pytest.mark.parametrize(
    ("version", "heeds"),
    [
        ((18, 20), False),
        ((22, 20), False),
        ((22, 21), True),
        ((22, 99), True),
        ((23, 0), False),
        ((24, 4), False),
        ((24, 5), True),
        ((26, 0), True),
    ],
)
def test_from_which_release_on_node_heeds_a_proxy(version: tuple[int, int], heeds: bool) -> None:
    assert heeds_proxy(version) is heeds


def test_a_node_that_tells_nothing_has_no_version(tmp_path: Path) -> None:
    assert node_version(str(program(tmp_path, "node", "v22.21.0"))) == (22, 21)
    assert node_version(str(tmp_path / "gone")) is None


def test_java_without_a_keytool_is_not_led(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen, "keytool", lambda _: None)

    assert "no keytool" in said("/opt/bin/java")
    assert "no keytool" not in said("python3")
