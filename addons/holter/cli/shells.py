"""Variables as lines to paste: for a shell, a container, a service, the Task Runner's command line."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

from holter import clientenv

Variables = Mapping[str, str]
TASK_RUNNER = "TaskRunner-1.0.jar"
"""The jar of AWS, by the name under which it is offered for download."""


def sh(variables: Variables) -> list[str]:
    """Return lines for any POSIX shell."""
    return [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]


def exports(variables: Variables) -> list[str]:
    """Return lines for any POSIX shell, for reading: only one spelling of each name."""
    return sh({name: value for name, value in variables.items() if name.isupper()})


def fish(variables: Variables) -> list[str]:
    """Return lines for fish, whose single quotes know two escapes."""
    quoted = {name: re.sub(r"([\\'])", r"\\\1", value) for name, value in variables.items()}
    return [f"set -gx {name} '{value}'" for name, value in quoted.items()]


def powershell(variables: Variables) -> list[str]:
    """Return lines for PowerShell, whose single quotes know only their own doubling.

    Four more signs, the typographic ones, end such a quote too: its language specification, 2.3.5.2.
    """
    quoted = {name: re.sub("(['\u2018-\u201b])", r"\1\1", value) for name, value in variables.items()}
    return [f"$env:{name} = '{value}'" for name, value in quoted.items()]


def docker(variables: Variables) -> list[str]:
    """Return one line of options of `docker run`: on the host's network, the files at their own places."""
    files = dict.fromkeys(value for name, value in variables.items() if name in clientenv.TRUST)
    if store := clientenv.java_store(variables):
        files[store[0]] = store[0]
    words = [
        *("--network", "host"),
        *(word for path in files for word in ("--volume", f"{path}:{path}:ro")),
        *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
    ]
    return [shlex.join(words)]


def systemd(variables: Variables) -> list[str]:
    """Return a drop-in for a unit, where `%` begins a specifier."""
    quoted = {name: re.sub(r"([\\\"])", r"\\\1", value) for name, value in variables.items()}
    return [
        "[Service]",
        *(f'Environment="{name}={value.replace("%", "%%")}"' for name, value in quoted.items()),
    ]


def java(variables: Variables) -> list[str]:
    """Return the Task Runner's own options: those of a proxy, or of an endpoint."""
    if endpoint := variables.get("AWS_ENDPOINT_URL_DATA_PIPELINE"):
        return [shlex.join(["java", "-jar", TASK_RUNNER, "--endpoint", endpoint])]
    from urllib.parse import urlsplit  # a replay at an endpoint starts sooner

    address = urlsplit(variables["HTTPS_PROXY"])
    trust = [
        word for word in shlex.split(variables.get(clientenv.JAVA, "")) if word.startswith("-Djavax.net.ssl.")
    ]
    options = ["--proxyHost", str(address.hostname), "--proxyPort", str(address.port)]
    return [shlex.join(["java", *trust, "-jar", TASK_RUNNER, *options])]


SHELLS: dict[str, Callable[[Variables], list[str]]] = {
    "sh": sh,
    "fish": fish,
    "powershell": powershell,
    "docker": docker,
    "systemd": systemd,
    "java": java,
}
