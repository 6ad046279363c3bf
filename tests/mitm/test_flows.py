from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from mitmproxy import flow as flows
from mitmproxy import http
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

from holter.errors import CassetteError
from holter.mitm.flows import Flows
from holter.wire.message import Broken

START = 1_800_000_000.0


def flow(op: str = "ReportTaskProgress", at: float = 0.0, *, answer: bool = True) -> http.HTTPFlow:
    made: http.HTTPFlow = tflow.tflow(resp=answer)
    headers: dict[str | bytes, str | bytes] = {"X-Amz-Target": f"DataPipeline.{op}"}
    made.request = http.Request.make(
        "POST", "https://datapipeline.us-east-1.amazonaws.com/", json.dumps({"taskId": "abc"}), headers
    )
    made.request.timestamp_start, made.request.timestamp_end = START + at, START + at + 0.1
    if answer:
        made.response = http.Response.make(200, b'{"canceled": false}')
        made.response.timestamp_start, made.response.timestamp_end = START + at + 0.5, START + at + 0.6
    return made


def wrote(folder: Path, *made: flows.Flow, cut: int = 0) -> str:
    out = io.BytesIO()
    for one in made:
        FlowWriter(out).add(one)
    data = out.getvalue()
    (folder / "x.flows").write_bytes(data[: len(data) - cut])
    return str(folder / "x.flows")


def test_calls_are_read_with_their_times_and_all_else_is_counted(tmp_path: Path) -> None:
    other: http.HTTPFlow = tflow.tflow(resp=True)
    again = flow()
    again.is_replay = "request"
    found = Flows(wrote(tmp_path, flow(), other, tflow.ttcpflow(), again, flow("PollForTask", 2.0)))
    first, second = found

    assert (first.call.op, first.call.asked.wall, first.first, first.last) == (
        *("ReportTaskProgress", START, START + 0.5, START + 0.6),
    )
    assert (first.call.body, first.reply and first.reply.body) == ({"taskId": "abc"}, {"canceled": False})
    assert (second.call.op, second.call.asked.wall) == ("PollForTask", START + 2)
    assert (found.skipped, found.torn, found.position) == (3, None, found.size)
    assert [one.call for one in found] == [first.call, second.call]
    assert found.skipped == 3


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ("Client disconnected.", Broken.CLIENT),
        ("connection reset", Broken.UPSTREAM),
        (None, Broken.UNFINISHED),
    ],
)
def test_a_call_without_an_answer_is_broken(tmp_path: Path, said: str | None, broken: Broken) -> None:
    made = flow(answer=False)
    made.error = flows.Error(said, START + 3) if said else None
    (found,) = Flows(wrote(tmp_path, made))

    assert (found.reply, found.broken) == (None, broken)
    assert found.last == (START + 3 if said else START + 0.1)


def test_an_answer_without_an_end_ended_when_it_began(tmp_path: Path) -> None:
    made = flow()
    assert made.response is not None
    made.response.timestamp_end = None
    (found,) = Flows(wrote(tmp_path, made))

    assert (found.first, found.last) == (START + 0.5, START + 0.5)


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_torn_end_is_left_out_and_told(tmp_path: Path, cut: int) -> None:
    found = Flows(wrote(tmp_path, flow(), flow(at=5.0), cut=cut))

    assert len(list(found)) == 1
    assert "flow 2, from byte " in (found.torn or "")


@pytest.mark.parametrize("data", [b"12:garbage", b"3:abc;", b"5000:abc", b"999999999999:x"])
def test_what_is_no_flow_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.flows").write_bytes(data)
    with pytest.raises(CassetteError, match="flow 1, from byte 0 on, cannot be read"):
        list(Flows(str(tmp_path / "x.flows")))


def test_damage_in_the_middle_is_an_error(tmp_path: Path) -> None:
    path = Path(wrote(tmp_path, flow(), flow(), flow()))
    size = path.stat().st_size // 3
    data = bytearray(path.read_bytes())
    data[size + 10 : size + 200] = b"?" * 190
    path.write_bytes(data)
    with pytest.raises(CassetteError, match="flow 2"):
        list(Flows(str(path)))
