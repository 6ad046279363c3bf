from __future__ import annotations

from typing import TYPE_CHECKING

from holter.sandbox.runner.liveness import Liveness
from holter.wire.codec import error_reply
from holter.wire.message import Reply

if TYPE_CHECKING:
    from tests.sandbox.runner.conftest import Script


def test_the_runner_says_who_it_is_at_once_and_on_time(script: Script) -> None:
    options, told = script.options(alive_every=1.0, scale=0.02), []
    service = script.connect()
    thread = Liveness(options, service, lambda: told.append(True))
    thread.start()
    script.until(lambda: len(script.bodies("ReportTaskRunnerHeartbeat")) >= 3)
    thread.finish()
    service.close()
    assert not thread.is_alive()
    assert script.bodies("ReportTaskRunnerHeartbeat")[0] == {
        "taskrunnerId": "runner-1",
        "workerGroup": "group",
        "hostname": "host",
    }
    assert told == []


def test_terminate_is_passed_on_and_trouble_is_survived(script: Script) -> None:
    script.answers["ReportTaskRunnerHeartbeat"] = [
        error_reply("InternalServiceError", "later"),
        error_reply("InvalidRequestException", "what?"),
        Reply(200, {"terminate": True}),
    ]
    service, told = script.connect(), []
    thread = Liveness(script.options(alive_every=0.01), service, lambda: told.append(True))
    thread.start()
    script.until(lambda: len(script.bodies("ReportTaskRunnerHeartbeat")) >= 4)
    thread.finish()
    service.close()
    assert told == [True]
