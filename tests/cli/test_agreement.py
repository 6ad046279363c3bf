"""What a recording told while it ran, and what `holter audit` says of the file: exactly the same findings."""

from __future__ import annotations

import http.client
import signal
import time
from pathlib import Path

from tests.cassette.killing import Proxy, Traffic, recording, service
from tests.processes import until

from holter.cli.recording import Recording
from holter.lease.audit import Audit
from holter.lease.profilefile import recorded
from holter.report.lines import Lines

SCALE = ("--scale", "0.002")  # advice 0.15 s, 5 minutes 0.6 s, the limit 1.8 s


def beats(port: int, *gaps: float) -> None:
    """Beat once, and then again after each gap."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    traffic = Traffic(port)
    traffic.call("beat", connection)
    for gap in gaps:
        time.sleep(gap)
        traffic.call("beat", connection)
    connection.close()


def told(proxy: Proxy) -> list[str]:
    """The closed findings that a run has told so far, up to its report."""
    lines = proxy.said().split("\n\n")[0].splitlines()
    return [line for line in lines if _is_finding(line) and not line.endswith("(still open)")]


def _is_finding(line: str) -> bool:
    return any(f"  {severity} " in line for severity in ("ERROR", "WARNING", "NOTE"))


def audit(tape: Path) -> Audit:
    whole = Recording([tape])
    return whole.audit(recorded(whole.headers[0].profile or {}))


def said(judged: Audit) -> list[str]:
    lines: list[str] = []
    for finding in judged.findings:
        Lines(lines.append).found(finding)
    return lines


def test_the_closed_findings_of_a_run_are_those_of_its_file(tmp_path: Path) -> None:
    with service() as upstream, recording(tmp_path, upstream, *SCALE) as proxy:
        beats(proxy.port, 0.7, 0.2, 1.9)
        proxy.process.send_signal(signal.SIGINT)
        proxy.process.wait(20)
        live = told(proxy)

    assert len(live) >= 3
    assert sorted(live) == sorted(said(audit(proxy.tape)))


def test_they_are_so_after_a_kill_and_a_restart_that_takes_up_the_open_lease(tmp_path: Path) -> None:
    with service() as upstream:
        with recording(tmp_path, upstream, *SCALE) as proxy:
            beats(proxy.port, 0.7, 0.2)
            until(lambda: len(told(proxy)) >= 2)
            time.sleep(0.7)  # a gap that is still running
            proxy.process.kill()
            proxy.process.wait(20)
            before = told(proxy)
        killed = audit(proxy.tape)
        with recording(tmp_path, upstream, "--append") as proxy:
            beats(proxy.port, 0.7)
            proxy.process.send_signal(signal.SIGINT)
            proxy.process.wait(20)
            after = told(proxy)
    whole = audit(proxy.tape)

    assert set(before) <= set(said(killed))
    assert {one.rule for one in killed.findings if one.message not in "\n".join(before)} <= {
        *("tail-over-advice", "tail-over-5min", "abandoned", "task-id-unknown")
    }
    assert sorted([*before, *after]) == sorted(said(whole))
    assert [lease.beats.ok for lease in whole.leases] == [5]
    assert "Holter ended without stopping" in {blind.why for blind in whole.blind}
