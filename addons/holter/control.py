"""A run of another process, asked by its control API."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from holter.errors import UsageError

_WITHIN = 10.0
"""Seconds in which a run answers."""


class Control:
    """A run as its control file tells how to reach it."""

    def __init__(self, file: str) -> None:
        try:
            said = json.loads(Path(file).read_text(encoding="utf-8"))
            self._url, self._token = str(said["url"]), str(said["token"])
        except OSError as why:
            raise UsageError(f"--control-file: {file}: {why.strerror}: does the run go on?") from None
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"--control-file: {file} is not what a run writes there") from None

    def ask(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        """Return what the run answers; `UsageError` with what it says is wrong."""
        connection = HTTPConnection(urlsplit(self._url).netloc, timeout=_WITHIN)
        try:
            connection.request(method, path, body.encode(), {"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, HTTPException) as why:
            raise UsageError(f"{self._url} does not answer ({why}): does the run go on?") from None
        finally:
            connection.close()
        if status == 403:
            raise UsageError(f"{self._url} does not take this token: is the control file another run's?")
        found: dict[str, Any] = json.loads(text)
        if status != 200:
            raise UsageError(str(found.get("error", f"{self._url} answers {status}")))
        return found

    def rule(self, name: str, deed: str, body: str = "") -> dict[str, Any]:
        """Arm, disarm or fire a rule by its name, and return it as it then stands."""
        return self.ask("POST", f"/v1/faults/{quote(name, safe='')}/{deed}", body)
