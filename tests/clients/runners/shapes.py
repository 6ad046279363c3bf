r"""How SDKs that cannot be installed here write a call, header by header.

What is known, and from where (repository, then file):

Dart `aws_client` 2: agilord/aws_client `shared_aws_api/lib/src/protocol/{json,_sign}.dart` for `/?` (an
    empty query), Host without its port, x-amz-content-sha256, and the signature over all headers that were
    set; dart-lang/http `pkgs/http/CHANGELOG.md` for `; charset=utf-8` before 1.6 and lower case before 1.7.
    dart:io keeps headers in a hash map: user-agent, content-type, accept-encoding, content-length and host
    stand in the order of captures; the place of the others among them is not known.
.NET 3: the capture in wolfgangmeyers/localstack_ngrep `README.md` for order, case and the signed headers;
    aws/aws-sdk-net `Model/Internal/MarshallTransformations/ReportTaskProgressRequestMarshaller.cs` for
    x-amz-api-version and members by alphabet; its LitJson escapes all that is not ASCII.
.NET 4: the same, but aws/aws-sdk-net `Amazon.Runtime/Internal/Auth/AWS4Signer.cs` signs neither User-Agent
    nor amz-sdk-*, and System.Text.Json's own encoder escapes `+ < > & '` too: a taskId comes as `\u002B`.
Java 1: aws/aws-sdk-java `com/amazonaws/http/apache/request/impl/ApacheHttpRequestFactory.java` puts Host
    first and leaves Content-Length to the end; the others stand as java.util.HashMap orders them, which the
    capture in tdl-local-ses' `README.md` confirms; Route 53 Domains' API reference shows that
    Content-Length and User-Agent are signed with a JSON body.
Java 2: aws/aws-sdk-java-v2 `http/apache/internal/impl/ApacheHttpRequestFactory.java` likewise, the others
    sorted regardless of case, as in the capture of awsmock's SQS server test: User-Agent is not signed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]

JSON = "application/x-amz-json-1.1"
UNSIGNED = ("authorization", "connection")


def compact(body: Body) -> str:
    """No spaces, members in the order of the model, text as it is."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def lit_json(body: Body) -> str:
    """.NET 3: members by alphabet, other than ASCII escaped in upper case."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return re.sub(r"\\u[0-9a-f]{4}", lambda found: "\\u" + found[0][2:].upper(), text)


def text_json(body: Body) -> str:
    """.NET 4: what could mean something in HTML is escaped too."""
    return re.sub(r"[+<>&']", lambda found: f"\\u{ord(found[0]):04X}", lit_json(body))


@dataclass(frozen=True)
class Shape:
    """One SDK's way to write a call: `headers` in order, None where the value is the call's own."""

    encode: Callable[[Body], str]
    headers: dict[str, str | None]
    unsigned: tuple[str, ...] = ()
    path: str = "/"
    port_in_host: bool = True
    heeds_endpoint: bool = False
    """Whether the SDK reads AWS_ENDPOINT_URL_DATA_PIPELINE: "Service-specific endpoints", AWS SDKs guide."""

    @property
    def signed(self) -> list[str]:
        """The lower-case names that the signature covers."""
        names = [name.lower() for name in self.headers]
        return [name for name in names if name not in (*UNSIGNED, *self.unsigned)]


SHAPES = {
    "dart": Shape(
        encode=compact,
        headers={
            "user-agent": "Dart/3.2 (dart:io)",
            "content-type": f"{JSON}; charset=utf-8",
            "x-amz-target": None,
            "x-amz-date": None,
            "accept-encoding": "gzip",
            "content-length": None,
            "x-amz-content-sha256": None,
            "authorization": None,
            "host": None,
        },
        unsigned=("user-agent", "accept-encoding", "content-length"),
        path="/?",
        port_in_host=False,
    ),
    "dotnet3": Shape(
        encode=lit_json,
        headers={
            "X-Amz-Target": None,
            "x-amz-api-version": "2012-10-29",
            "User-Agent": "aws-sdk-dotnet-coreclr/3.7.400.1 ua/2.0 os/linux lang/.NET_Core#8.0.2",
            "Host": None,
            "X-Amz-Date": None,
            "X-Amz-Content-SHA256": None,
            "Authorization": None,
            "Content-Length": None,
            "Content-Type": JSON,
        },
        unsigned=("content-length",),
    ),
    "dotnet4": Shape(
        encode=text_json,
        headers={
            "X-Amz-Target": None,
            "x-amz-api-version": "2012-10-29",
            "User-Agent": "aws-sdk-dotnet-coreclr/4.0.9.6 ua/2.1 os/linux md/ARCH#X64 lang/.NET_Core#8.0.2",
            "amz-sdk-invocation-id": None,
            "amz-sdk-request": "attempt=1; max=3",
            "Host": None,
            "X-Amz-Date": None,
            "X-Amz-Content-SHA256": None,
            "Authorization": None,
            "Content-Length": None,
            "Content-Type": JSON,
        },
        unsigned=("content-length", "user-agent", "amz-sdk-invocation-id", "amz-sdk-request"),
        heeds_endpoint=True,
    ),
    "java1": Shape(
        encode=compact,
        headers={
            "Host": None,
            "Authorization": None,
            "X-Amz-Date": None,
            "User-Agent": "aws-sdk-java/1.11.605 Linux/5.4.0 OpenJDK_64-Bit_Server_VM/25.201 java/1.8.0_201",
            "amz-sdk-invocation-id": None,
            "amz-sdk-retry": "0/0/500",
            "X-Amz-Target": None,
            "Content-Type": JSON,
            "Content-Length": None,
            "Connection": "Keep-Alive",
        },
    ),
    "java2": Shape(
        encode=compact,
        headers={
            "Host": None,
            "amz-sdk-invocation-id": None,
            "amz-sdk-request": "attempt=1; max=3",
            "Authorization": None,
            "Content-Type": JSON,
            "User-Agent": "aws-sdk-java/2.20.63 Linux/6.1.0 Java/17.0.9 io/sync http/Apache",
            "X-Amz-Date": None,
            "X-Amz-Target": None,
            "Content-Length": None,
            "Connection": "Keep-Alive",
        },
        unsigned=("user-agent",),
        heeds_endpoint=True,
    ),
}
