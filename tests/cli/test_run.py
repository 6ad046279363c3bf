"""One run in this process: what the command finds in its environment, and what is left after it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from holter.cli.run import Run, run
from holter.errors import CassetteExistsError
from holter.recorder import Recording
from holter.report.lines import Lines


def asked(folder: Path, script: str, **more: object) -> Run:
    said: list[str] = []
    return Run(
        recording=Recording(str(folder / "run.yaml")),
        listener=Lines(said.append),
        tell=said.append,
        command=("sh", "-c", script),
        environment=(("MORE", "two"),),
        home=folder / "ca",
        **more,  # type: ignore[arg-type]  # a test's own choice of fields
    )


def test_the_command_is_led_through_the_proxy_and_trusts_it(tmp_path: Path) -> None:
    out, pem = tmp_path / "out", tmp_path / "pem"
    script = f'echo "$HTTPS_PROXY $MORE $AWS_CA_BUNDLE" > {out}; cp "$AWS_CA_BUNDLE" {pem}; exit 4'
    ended = asyncio.run(run(asked(tmp_path, script)))
    proxy, more, bundle = out.read_text().split()

    assert (ended.code, ended.failures, ended.recorder.lost) == (4, 0, 0)
    assert proxy.startswith("http://127.0.0.1:")
    assert more == "two"
    assert (tmp_path / "ca" / "mitmproxy-ca-cert.pem").read_text().strip() in pem.read_text()
    assert not Path(bundle).exists()


def test_in_reverse_mode_the_command_gets_an_endpoint_and_no_proxy(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f'echo "$AWS_ENDPOINT_URL_DATA_PIPELINE" > {out}'
    asyncio.run(run(asked(tmp_path, script, upstream="http://localhost:1")))

    assert out.read_text().startswith("http://127.0.0.1:")


def test_what_the_command_says_can_go_to_a_file(tmp_path: Path) -> None:
    with open(tmp_path / "log", "w+", encoding="utf-8") as log:
        asyncio.run(run(asked(tmp_path, "echo out; echo err >&2", output=log)))

    assert sorted((tmp_path / "log").read_text().split()) == ["err", "out"]


def test_a_refused_file_starts_no_command(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("precious")
    with pytest.raises(CassetteExistsError):
        asyncio.run(run(asked(tmp_path, f"touch {tmp_path / 'started'}")))

    assert not (tmp_path / "started").exists()
