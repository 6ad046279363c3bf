"""The one table of options: the addon, the command and the documentation's test all read it.

An option `port_file` is `--port-file` on the command line and `holter_port_file` in mitmproxy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from holter.errors import UsageError
from holter.parsing import address, count, detour, factor, ignored, member, scale, seed, words
from holter.wire.value import value

MODE = ("none", "once", "new_episodes", "all", "passthrough")
PACE = ("ordinal", "lease")
END = ("hold", "fail", "loop")
STALE = ("warn", "fail")
UNPLAYED = ("ignore", "warn", "fail")
FAIL_ON = ("error", "warning", "note", "never")
REDACT = ("default", "strict")


@value
class Setting:
    """One option: its name, how its text is read, its default, and one paragraph of help.

    `addon` tells whether the mitmproxy script has it too; `many` that it may be given repeatedly.
    """

    name: str
    help: str
    metavar: str | None = None
    default: Any = None
    parse: Callable[[str], Any] = str
    choices: Sequence[str] = ()
    flag: bool = False
    many: bool = False
    addon: bool = True

    @property
    def option(self) -> str:
        """The option's name on the command line."""
        return "--" + self.name.replace("_", "-")

    def read(self, text: str) -> Any:
        """Return the value of an option's text; `UsageError` names the option and what it takes."""
        if self.choices and text not in self.choices:
            raise UsageError(f"{self.option}: {text!r} is none of {', '.join(self.choices)}")
        try:
            return self.parse(text)
        except ValueError as why:
            raise UsageError(f"{self.option}: {why}") from None


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            "listen",
            "Address to listen on; port 0 takes a free one.",
            "HOST:PORT",
            ("127.0.0.1", 0),
            address,
            addon=False,
        ),
        Setting("port_file", "Write the port that was taken to this file.", "FILE"),
        Setting(
            "profile",
            "Time limits to judge by: documented, strict, relaxed, or a YAML file.",
            "NAME|FILE",
            "documented",
        ),
        Setting("scale", "Multiply every time limit, so that a test need not wait.", "F", 1.0, scale),
        Setting("strict", "Stop the runner's traffic when it cannot be recorded.", default=False, flag=True),
        Setting(
            "append",
            "Go on with a recording that exists; open leases are taken up.",
            default=False,
            flag=True,
        ),
        Setting("cancel_on", "Answer the Nth beat of each task with canceled: true.", "N", None, count),
        Setting("faults", "Let things go wrong by a plan: a YAML file, or a shipped one by name.", "PLAN"),
        Setting(
            "fault",
            "Let one thing go wrong, such as ReportTaskProgress:InternalServiceError:p=0.1.",
            "OPERATION:FAULT[:KEY=VALUE]...",
            (),
            many=True,
        ),
        Setting("seed", "Let faults be drawn as in the run that told of this seed.", "SEED", None, seed),
        Setting(
            "connect_to",
            "Connect to HOST2:PORT2 where HOST1:PORT1 is meant.",
            "HOST1:PORT1:HOST2:PORT2",
            (),
            detour,
            many=True,
        ),
        Setting(
            "host", "Decrypt and record this host too, besides Data Pipeline's own.", "NAME", (), many=True
        ),
        Setting(
            "redact",
            "Mask secrets, or with strict also put aliases in place of account data.",
            "KIND",
            "default",
            choices=REDACT,
        ),
        Setting(
            "redact_key",
            "Mask the values of members and fields of this name too.",
            "NAME",
            (),
            member,
            many=True,
        ),
        Setting("upstream", "Reverse mode: pass every call on to this service.", "URL", addon=False),
        Setting("upstream_ca", "Trust this certificate authority of the service (PEM).", "FILE", addon=False),
        Setting(
            "upstream_proxy",
            "Go out through this proxy, or with direct through none; by default through what HTTPS_PROXY "
            "names, save where NO_PROXY says otherwise.",
            "URL|direct",
            addon=False,
        ),
        Setting(
            "resign",
            "Reverse mode: sign calls anew, with the credentials that botocore finds for you here.",
            default=False,
            flag=True,
            addon=False,
        ),
        Setting(
            "region",
            "Sign for this region; by default for the one that the client signed for.",
            "NAME",
            None,
            member,
            addon=False,
        ),
        Setting(
            "mode",
            "Answer from the cassette only, or record too: the modes of the VCR family.",
            "MODE",
            "none",
            choices=MODE,
        ),
        Setting(
            "proxy",
            "Answer through a proxy, as record listens, and not on a plain endpoint.",
            default=False,
            flag=True,
            addon=False,
        ),
        Setting(
            "pace",
            "Answer the Nth beat as the Nth was, or each beat by the age of its lease.",
            "PACE",
            None,
            choices=PACE,
        ),
        Setting(
            "end",
            "After the last recorded answer: give it again, refuse, or begin anew.",
            "POLICY",
            None,
            choices=END,
        ),
        Setting(
            "unplayed",
            "What recorded answers that no call has got are worth.",
            "POLICY",
            "ignore",
            choices=UNPLAYED,
        ),
        Setting(
            "ignore",
            "Leave these members aside when matching this operation, none if none are named.",
            "OPERATION=PATH,...",
            (),
            ignored,
            many=True,
        ),
        Setting(
            "allow_faults",
            "Play what faults did too, decision by decision, broken connections and all.",
            default=False,
            flag=True,
        ),
        Setting("max_age", "A cassette should not be older than this.", "DAYS", None, count),
        Setting("stale", "What an older cassette is worth.", "POLICY", "warn", choices=STALE),
        Setting("quiet", "Tell of findings and trouble alone.", default=False, flag=True, addon=False),
        Setting(
            "board",
            "Serve a live page here, and the control API, on this machine only; port 0 takes a free one.",
            "HOST:PORT",
            None,
            address,
            addon=False,
        ),
        Setting(
            "plain",
            "Tell of each call on a line even on a terminal, instead of showing the live board.",
            default=False,
            flag=True,
            addon=False,
        ),
        Setting(
            "json_lines",
            "Tell of everything on stdout as JSON, an object a line; what is for people goes to stderr.",
            default=False,
            flag=True,
            addon=False,
        ),
        Setting(
            "control",
            "Serve the control API here, on this machine only; by default on a free port.",
            "HOST:PORT",
            None,
            address,
            addon=False,
        ),
        Setting(
            "control_file",
            "Serve the control API, and write its URL and token to this file.",
            "FILE",
            addon=False,
        ),
        Setting(
            "on_finding",
            "Start this command for each finding that opens or ends, with it as JSON on stdin.",
            "CMD",
            None,
            words,
            addon=False,
        ),
        Setting(
            "fail_on",
            "Exit 1 on certain findings from this severity up.",
            "SEVERITY",
            "error",
            choices=FAIL_ON,
            addon=False,
        ),
    )
}

REPLAY_SCALE = replace(
    SETTINGS["scale"],
    help="Multiply every time; 0 answers at once, and judges by the recorded times.",
    parse=factor,
)
"""`--scale` of a replay, the only place where it may be 0."""

RECORD_MODE = replace(
    SETTINGS["mode"],
    help="Onto a cassette that exists: play what it holds and add what is new, or replace it.",
    default=None,
    choices=("once", "new_episodes", "all"),
)
"""`--mode` of a recording: those that record."""
