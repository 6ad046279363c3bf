"""boto3."""

from __future__ import annotations

import boto3
import conduct


class Boto:
    """The client, with its defaults."""

    def __init__(self, endpoint: str | None) -> None:
        self._client = boto3.client("datapipeline", endpoint_url=endpoint)

    def poll(self, group: str) -> str | None:
        found = self._client.poll_for_task(workerGroup=group).get("taskObject")
        return found and found["taskId"]

    def beat(self, task: str, fields: list[dict[str, str]]) -> bool:
        return self._client.report_task_progress(taskId=task, fields=fields)["canceled"]

    def finish(self, task: str) -> None:
        self._client.set_task_status(taskId=task, taskStatus="FINISHED")


if __name__ == "__main__":
    asked = conduct.options()
    conduct.run(Boto(asked.endpoint), asked)
