"""The runner's own beat, which is no task's: it may be told to terminate."""

from __future__ import annotations

import threading
from collections.abc import Callable

from holter.sandbox.runner.client import Service, Trouble
from holter.sandbox.runner.log import say
from holter.sandbox.runner.options import Options


class Liveness(threading.Thread):
    """Sends ReportTaskRunnerHeartbeat at the start and then every so often; calls `terminate` when told."""

    def __init__(self, options: Options, service: Service, terminate: Callable[[], None]) -> None:
        super().__init__(name="liveness", daemon=True)
        self._options, self._service, self._terminate = options, service, terminate
        self._over = threading.Event()

    def finish(self) -> None:
        """Stop; a beat under way is given a moment, no more: nothing depends on its answer."""
        self._over.set()
        self.join(1.0)

    def run(self) -> None:
        """Beat until told to stop."""
        while not self._over.is_set():
            self._beat()
            self._over.wait(self._options.alive_every * self._options.scale)

    def _beat(self) -> None:
        answer = self._service.ask(
            "ReportTaskRunnerHeartbeat",
            taskrunnerId=self._options.runner_id,
            workerGroup=self._options.worker_group,
            hostname=self._options.hostname,
        )
        if isinstance(answer, Trouble):
            say(answer.text)
        elif str(answer.get("terminate")).lower() == "true":
            self._terminate()
