from __future__ import annotations

import socket
import sys

import pytest

from holter.errors import MissingExtraError, UsageError
from holter.sandbox.runner.client import Ill, Trouble, classify, connect
from holter.sandbox.runner.options import Options

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("code", "status", "ill"),
    [
        ("TaskNotFoundException", 400, Ill.GONE),
        ("PipelineDeletedException", 400, Ill.GONE),
        ("PipelineNotFoundException", 500, Ill.GONE),
        ("InternalServiceError", 500, Ill.PASSING),
        ("ThrottlingException", 400, Ill.PASSING),
        ("Anything", 429, Ill.PASSING),
        ("503", 503, Ill.PASSING),
        ("InvalidRequestException", 400, Ill.REFUSED),
        ("AccessDeniedException", 403, Ill.REFUSED),
    ],
)
def test_an_error_is_classed_by_code_then_status(code: str, status: int, ill: Ill) -> None:
    assert classify(code, status) is ill


def test_no_connection_may_pass() -> None:
    service = connect(Options("g", "h", "r", endpoint=f"http://127.0.0.1:{closed_port()}"))
    answer = service.ask("ReportTaskRunnerHeartbeat", taskrunnerId="r")
    service.close()
    assert isinstance(answer, Trouble)
    assert answer.ill is Ill.PASSING
    assert answer.text.startswith("ReportTaskRunnerHeartbeat: ")


def test_no_credentials_are_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    service = connect(Options("g", "h", "r", endpoint=f"http://127.0.0.1:{closed_port()}"))
    answer = service.ask("PollForTask", workerGroup="g")
    service.close()
    assert isinstance(answer, Trouble)
    assert answer.ill is Ill.REFUSED
    assert "credentials" in answer.text


def test_a_region_comes_from_the_option_then_the_environment_then_us_east_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL_DATA_PIPELINE", raising=False)
    found = []
    for region, variable in (("eu-west-1", "us-west-2"), (None, "us-west-2"), (None, None)):
        if variable:
            monkeypatch.setenv("AWS_DEFAULT_REGION", variable)
        else:
            monkeypatch.delenv("AWS_DEFAULT_REGION")
        service = connect(Options("g", "h", "r", region=region))
        found.append(service._poller.meta.endpoint_url)
        service.close()
    assert found == [
        f"https://datapipeline.{region}.amazonaws.com" for region in ("eu-west-1", "us-west-2", "us-east-1")
    ]


def test_an_endpoint_that_is_no_url_is_refused() -> None:
    with pytest.raises(UsageError, match="not a url"):
        connect(Options("g", "h", "r", endpoint="not a url"))


def test_without_botocore_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "botocore"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "botocore", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'holter\[proxy\]'"):
        connect(Options("g", "h", "r"))
