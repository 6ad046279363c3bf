"""One run in this process: what the command finds in its environment, and what is left after it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.mitm.outer import outer
from tests.mitm.rig import HOST, Asked, Service
from tests.processes import CREDENTIALS

from holter.cli.run import Ended, Run, run
from holter.endpoint.tls import context
from holter.errors import CassetteExistsError, UsageError
from holter.recorder import Recording
from holter.report.lines import Lines
from holter.sandbox import certificate
from holter.wire import signing
from holter.wire.signing import Request

POLL = """
import botocore.session
client = botocore.session.Session().create_client("datapipeline")
client.poll_for_task(workerGroup="wg")
client.close()
"""


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


@pytest.mark.parametrize("upstream", ["http://localhost:1", "https://localhost:1"])
def test_in_reverse_mode_no_data_folder_is_needed(tmp_path: Path, upstream: str) -> None:
    (tmp_path / "file").write_text("")
    nowhere = replace(asked(tmp_path, "exit 4"), home=tmp_path / "file" / "ca")
    ended = asyncio.run(run(replace(nowhere, upstream=upstream)))

    assert (ended.code, ended.failures, ended.recorder.lost) == (4, 0, 0)
    with pytest.raises(UsageError, match="cannot keep the certificate authority there"):
        asyncio.run(run(nowhere))


def test_what_the_command_says_can_go_to_a_file(tmp_path: Path) -> None:
    with open(tmp_path / "log", "w+", encoding="utf-8") as log:
        asyncio.run(run(asked(tmp_path, "echo out; echo err >&2", output=log)))

    assert sorted((tmp_path / "log").read_text().split()) == ["err", "out"]


def test_a_refused_file_starts_no_command(tmp_path: Path) -> None:
    (tmp_path / "run.yaml").write_text("precious")
    with pytest.raises(CassetteExistsError):
        asyncio.run(run(asked(tmp_path, f"touch {tmp_path / 'started'}")))

    assert not (tmp_path / "started").exists()


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[tuple[Service, int, str]]:
    """A service behind TLS: itself, its port, the file of its authority."""
    made = certificate.make([HOST, "localhost"], datetime.now(UTC))
    (folder / "service.pem").write_bytes(made.authority)
    found = Service()
    async with await asyncio.start_server(
        found.serve, "127.0.0.1", 0, ssl=context(made.chain, made.key)
    ) as server:
        yield found, server.sockets[0].getsockname()[1], str(folder / "service.pem")
        await found.close()


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A client with credentials and without a proxy of its own."""
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return (sys.executable, "-c", POLL)


def polled(tmp_path: Path, command: tuple[str, ...], **more: Any) -> Run:
    said: list[str] = []
    return Run(
        recording=Recording(str(tmp_path / "run.yaml")),
        listener=Lines(said.append),
        tell=said.append,
        command=command,
        home=tmp_path / "ca",
        **more,
    )


@pytest.mark.parametrize("name", ["AWS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_service_is_trusted_whose_authority_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: tuple[str, ...], name: str
) -> None:
    async def main() -> tuple[Ended, Service]:
        async with service(tmp_path) as (found, port, ca):
            monkeypatch.setenv(name, ca)
            return await run(polled(tmp_path, runner, detours=(((HOST, 443), ("127.0.0.1", port)),))), found

    ended, found = asyncio.run(main())

    assert ended.code == 0
    assert [asked.op for asked in found.asked] == ["PollForTask"]
    assert (ended.seen.opened, ended.seen.refused) == ({HOST}, set())


def test_calls_go_out_through_the_parent_proxy(tmp_path: Path, runner: tuple[str, ...]) -> None:
    async def main() -> tuple[Ended, list[str]]:
        async with service(tmp_path) as (_, port, ca), outer(port) as behind:
            return await run(polled(tmp_path, runner, upstream_ca=ca, parent=behind.parent)), behind.asked

    ended, through = asyncio.run(main())

    assert ended.code == 0
    assert through == [f"CONNECT {HOST}:443 HTTP/1.1"]


def verdict(asked: Asked) -> str | None:
    method, path, _ = asked.line.split()
    request = Request(method, path, tuple(asked.headers), asked.body)
    return signing.verify(request, {"AKIDEXAMPLE": "secret"}.get, datetime.now(UTC))


def test_calls_are_signed_anew_with_the_credentials_that_are_here(
    tmp_path: Path, runner: tuple[str, ...]
) -> None:
    theirs = (("AWS_ACCESS_KEY_ID", "THEIRS"), ("AWS_SECRET_ACCESS_KEY", "dummy"))

    async def main() -> tuple[Service, int]:
        async with service(tmp_path) as (found, port, ca):
            upstream = f"https://localhost:{port}"
            await run(
                polled(tmp_path, runner, upstream=upstream, upstream_ca=ca, resign=True, environment=theirs)
            )
            return found, port

    found, port = asyncio.run(main())

    assert [verdict(asked) for asked in found.asked] == [None]
    assert found.asked[0].header("host") == f"localhost:{port}"


def test_without_credentials_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: tuple[str, ...]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    started = tmp_path / "started"
    with pytest.raises(UsageError, match="--resign: botocore finds no credentials here: set AWS_PROFILE or"):
        asyncio.run(
            run(polled(tmp_path, ("touch", str(started)), upstream="http://localhost:1", resign=True))
        )

    assert not started.exists()
    assert not (tmp_path / "run.yaml").exists()


def test_where_java_cannot_be_set_up_the_others_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "keytool").write_text("#!/bin/sh\necho broken; exit 1\n")
    (tmp_path / "bin" / "keytool").chmod(0o755)
    (tmp_path / "theirs").write_text("")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", f"-Djavax.net.ssl.trustStore={tmp_path / 'theirs'}")
    out = tmp_path / "out"
    run_of = asked(tmp_path, f'echo "$HTTPS_PROXY $JAVA_TOOL_OPTIONS" > {out}')
    said: list[str] = []
    asyncio.run(run(replace(run_of, tell=said.append)))

    assert out.read_text().startswith("http://127.0.0.1:")
    assert out.read_text().count("-D") == 1
    assert [line for line in said if "Java clients are not led" in line and "failed: broken" in line] != []
