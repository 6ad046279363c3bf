"""The service as the runner sees it: botocore's client, with its troubles as plain values."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holter.errors import MissingExtraError, UsageError
from holter.sandbox.runner.options import Options
from holter.wire.codec import passing
from holter.wire.message import Json
from holter.wire.operations import GONE

_SHORT = 20.0  # seconds to wait for the answer of a call that is not a long poll


class Ill(enum.StrEnum):
    """What kind of trouble a call met, after the SDK's own tries."""

    GONE = "gone"  # the service knows the task or its pipeline no more
    PASSING = "passing"  # trying later may help: server faults, throttling, no connection
    REFUSED = "refused"  # trying again cannot help


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call has no answer."""

    ill: Ill
    text: str


Answer = Mapping[str, Json] | Trouble


class Service:
    """One botocore client for long polls and one for the short calls. Safe between threads."""

    def __init__(self, poller: Any, caller: Any) -> None:
        self._poller, self._caller = poller, caller

    def ask(self, op: str, **members: Json) -> Answer:
        """Make one call, with the SDK's own tries."""
        from botocore import xform_name
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

        client = self._poller if op == "PollForTask" else self._caller
        try:
            answer: Mapping[str, Json] = getattr(client, xform_name(op))(**members)
        except ClientError as refusal:
            error = refusal.response.get("Error", {})
            status = refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            return Trouble(classify(str(error.get("Code", "")), status), f"{op}: {refusal}")
        except (NoCredentialsError, ParamValidationError) as wrong:
            return Trouble(Ill.REFUSED, f"{op}: {wrong}")
        except BotoCoreError as broken:
            return Trouble(Ill.PASSING, f"{op}: {broken}")
        return answer

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._poller.close()
        self._caller.close()


def classify(code: str, status: int) -> Ill:
    """Tell what an error answer means, by its code first and its status second."""
    if code in GONE:
        return Ill.GONE
    return Ill.PASSING if passing(status, code) else Ill.REFUSED


def connect(options: Options) -> Service:
    """Build the clients; `MissingExtraError` without botocore, `UsageError` for settings it refuses."""
    try:
        import botocore.session
        from botocore.exceptions import BotoCoreError
    except ImportError:
        raise MissingExtraError("holter runner", "proxy", "botocore") from None
    try:
        session = botocore.session.get_session()
        return Service(_client(session, options, options.poll_timeout), _client(session, options, _SHORT))
    except (BotoCoreError, ValueError) as wrong:
        raise UsageError(f"holter runner: {wrong}") from None


def _client(session: Any, options: Options, read_timeout: float) -> Any:
    from botocore.config import Config

    return session.create_client(
        "datapipeline",
        region_name=options.region or session.get_config_variable("region") or "us-east-1",
        endpoint_url=options.endpoint,
        config=Config(
            read_timeout=read_timeout,
            connect_timeout=10,
            max_pool_connections=2 * options.tasks + 2,
            retries={"mode": "standard"},
            user_agent_extra="holter-runner",
        ),
    )
