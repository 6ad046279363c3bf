"""capo-data-pipeline: heeds the endpoint in its environment, but no proxy; that is given to it here."""

from __future__ import annotations

import urllib.request
from urllib.parse import urlsplit

import conduct
import zapros
from capo_data_pipeline import DataPipelineClient


class Proxied(zapros.BaseMiddleware):
    """Sends requests through the environment's proxy.

    The one that zapros brings along answers 200 by itself, without sending anything.
    """

    def __init__(self, following: zapros.BaseHandler) -> None:
        self.next = following

    def handle(self, request: zapros.Request) -> zapros.Response:
        url = urlsplit(str(request.url))
        proxy = urllib.request.getproxies().get(url.scheme)
        if proxy and not urllib.request.proxy_bypass(url.netloc):
            request.context.setdefault("network", {})["proxy"] = {"url": proxy}
        return self.next.handle(request)


class Capo:
    """The client, with its defaults but for the proxy."""

    def __init__(self, endpoint: str | None) -> None:
        self._client = DataPipelineClient(Proxied(zapros.Client().handler), endpoint=endpoint)

    def poll(self, group: str) -> str | None:
        found = self._client.poll_for_task(worker_group=group).get("task_object")
        return found and found["task_id"]

    def beat(self, task: str, fields: list[dict[str, str]]) -> bool:
        told = [{"key": field["key"], "string_value": field["stringValue"]} for field in fields]
        return self._client.report_task_progress(task_id=task, fields=told)["canceled"]

    def finish(self, task: str) -> None:
        self._client.set_task_status(task_id=task, task_status="FINISHED")


if __name__ == "__main__":
    asked = conduct.options()
    conduct.run(Capo(asked.endpoint), asked)
