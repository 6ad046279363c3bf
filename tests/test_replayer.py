"""Opening cassettes to be played: real files, and calls through the session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.replay.tapes import BEAT, POLL, beat, empty, end, handout
from tests.told import Told

from holter.cassette.format import Header
from holter.cassette.reader import open_cassette
from holter.cassette.writer import Writer
from holter.errors import CassetteError, ConfigError, UsageError
from holter.lease.profile import DOCUMENTED
from holter.replay.modes import Mode
from holter.replay.pacing import End, Pace
from holter.replayer import Replay, Replayer, must_be_played
from holter.wire.codec import decode, encode
from holter.wire.decision import Answer, Forward
from holter.wire.message import Call, Interaction, Json, Mark, Origin, Reply

HEADER = Header("5f0c9c1e", 1795224003.0, "holter", profile=DOCUMENTED.scaled(0.1).as_json())


def tape(path: Path, *entries: Interaction | Mark, header: Header = HEADER) -> str:
    with Writer.create(str(path), header) as writer:
        for entry in entries:
            assert writer.append(entry)
    return str(path)


class Run:
    """A replay, and calls to it that are answered at once."""

    def __init__(self, *paths: str, **more: Any) -> None:
        self.told = Told()
        self.replayer = Replayer(Replay(paths, **more), self.told)

    def ask(self, op: str, body: dict[str, Json]) -> Any:
        now = self.replayer.clock.now()
        decision = self.replayer.session.on_call("key", Call(op, body, now, peer="127.0.0.1:1"))
        assert isinstance(decision, Answer)
        self.replayer.session.on_reply("key", decision.reply, now.mono, now.mono)
        return decision.reply.body

    def poll(self) -> str:
        return str(self.ask(POLL, {"workerGroup": "wg"})["taskObject"]["taskId"])


def test_a_cassette_is_played_and_audited_under_its_own_names(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout("task-3"), beat("task-3"), end("task-3"))
    before = Path(path).read_bytes()
    run = Run(path)
    live = run.poll()
    assert run.ask(BEAT, {"taskId": live}) == {"canceled": False}
    run.replayer.close()

    assert [(call.task, call.origin) for call, _ in run.told.calls] == [("task-3", Origin.CASSETTE)] * 2
    assert [lease.task for lease in run.replayer.audit.leases] == ["task-3"]
    assert run.replayer.recording == "5f0c9c1e"
    assert Path(path).read_bytes() == before


def test_ids_are_the_same_in_every_run(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    assert Run(path).poll() == Run(path).poll()


def test_tasks_of_several_files_stay_apart(tmp_path: Path) -> None:
    one = tape(tmp_path / "a.yaml", handout("task-1"), beat("task-1"))
    other = tape(tmp_path / "b.yaml", handout("task-1"), beat("task-1", canceled=True))
    run = Run(one, other)
    first, second = run.poll(), run.poll()
    assert [run.ask(BEAT, {"taskId": live})["canceled"] for live in (first, second)] == [False, True]
    assert len({lease.task for lease in run.replayer.audit.leases}) == 2


@pytest.mark.parametrize(("scale", "ack"), [(1.0, 12.0), (0.5, 6.0), (0.0, 12.0)])
def test_limits_are_the_recordings_own_times_the_scale(tmp_path: Path, scale: float, ack: float) -> None:
    run = Run(tape(tmp_path / "a.yaml", handout()), scale=scale)
    assert run.replayer.audit.profile.limits.ack == pytest.approx(ack)


def test_a_profile_that_is_asked_for_is_in_the_recordings_time(tmp_path: Path) -> None:
    run = Run(tape(tmp_path / "a.yaml", handout()), profile="strict", scale=0.5)
    profile = run.replayer.audit.profile
    assert profile.name == "strict"
    assert profile.scale == pytest.approx(0.05)


def test_a_miss_is_told_and_answered_in_the_same_words(tmp_path: Path) -> None:
    run = Run(tape(tmp_path / "a.yaml", handout()))
    body = run.ask("ListPipelines", {})
    assert run.told.troubles == [body["message"]]
    assert run.told.calls[-1][0].origin is Origin.REFUSED


def test_what_was_masked_in_the_recording_is_masked_to_be_matched(tmp_path: Path) -> None:
    asked: dict[str, Json] = {"pipelineId": "df-1", "objectId": "o", "expression": "#{a}", "order": "secret"}
    call = Interaction(
        "EvaluateExpression", {**asked, "order": "REDACTED"}, {"evaluatedExpression": "x"}, status=200
    )
    path = tape(tmp_path / "a.yaml", Mark("started", more={"redact_keys": ["order"]}), call)
    assert Run(path).ask("EvaluateExpression", asked) == {"evaluatedExpression": "x"}


def test_a_strict_recording_is_matched_by_its_aliases(tmp_path: Path) -> None:
    asked: dict[str, Json] = {"pipelineId": "pipeline-1", "objectId": "o", "expression": "#{a}"}
    call = Interaction("EvaluateExpression", asked, {"evaluatedExpression": "s3://bucket-1/x"}, status=200)
    path = tape(tmp_path / "a.yaml", handout(), call, header=Header("x", redaction="strict"))
    run = Run(path)
    run.poll()
    assert run.ask("EvaluateExpression", asked) == {"evaluatedExpression": "s3://bucket-1/x"}


@pytest.mark.parametrize(
    ("entries", "more", "said"),
    [
        ([], {}, "holds no calls: there is nothing to play"),
        ([handout(), beat(fault="slow")], {}, "a.yaml:11: was recorded under faults (slow)"),
        ([handout(origin=Origin.FAULT)], {}, "with --allow-faults"),
        ([handout(), empty()], {"pace": Pace.LEASE}, "holds no times (at)"),
    ],
)
def test_what_cannot_be_played_is_refused(tmp_path: Path, entries: list[Any], more: Any, said: str) -> None:
    path = tape(tmp_path / "a.yaml", *entries)
    with pytest.raises(CassetteError) as refused:
        Run(path, **more)
    assert str(refused.value).startswith(path)
    assert said in str(refused.value)


def test_faults_are_played_where_they_are_allowed(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout(), beat(fault="cancel", origin=Origin.FAULT, canceled=True))
    run = Run(path, allow_faults=True)
    assert run.ask(BEAT, {"taskId": run.poll()}) == {"canceled": True}


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    with pytest.raises(UsageError, match="--scale above 0"):
        Run(path, pace=Pace.LEASE, scale=0.0)
    with pytest.raises(ConfigError, match="is no operation"):
        Run(path, match_on={"Poll": {"ignore": []}})
    with pytest.raises(CassetteError, match="cannot be read"):
        Run(str(tmp_path / "missing.yaml"))


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.NONE])
def test_a_mode_that_may_go_live_needs_the_proxy(mode: Mode) -> None:
    with pytest.raises(UsageError, match=f"--mode {mode}: .* use --proxy"):
        must_be_played(mode, "the plain endpoint")
    must_be_played(Mode.NONE, "the plain endpoint")


def test_the_file_is_only_ever_read(tmp_path: Path) -> None:
    path = tape(tmp_path / "a.yaml", handout())
    Path(path).chmod(0o400)
    run = Run(path)
    run.poll()
    run.replayer.sync()
    run.replayer.close()
    run.replayer.close()
    assert (run.replayer.lost, run.replayer.problem) == (0, None)
    assert len(list(open_cassette(path))) == 1


class LiveRun(Run):
    """A replay in a mode that may go live, with a service that counts what it is asked."""

    def __init__(self, *paths: str, **more: Any) -> None:
        super().__init__(*paths, **more)
        self.live = 0

    def ask(self, op: str, body: dict[str, Json]) -> Any:
        now = self.replayer.clock.now()
        decision = self.replayer.session.on_call("key", Call(op, body, now, peer="127.0.0.1:1"))
        if isinstance(decision, Forward):
            self.live += 1
            reply = Reply(200, {"pipelineIdList": [{"id": f"live-{self.live}"}]})
        else:
            assert isinstance(decision, Answer)
            reply = decision.reply
        self.replayer.session.on_reply("key", reply, now.mono, now.mono)
        return reply.body


def listed(name: str) -> Interaction:
    body: Json = {"pipelineIdList": [{"id": name}]}
    return Interaction("ListPipelines", {}, body, seq=1, status=200, origin=Origin.LIVE)


CASES = [
    # mode, is the file there, live calls, the operations that the file holds after
    ("none", True, 0, ["ListPipelines"]),
    ("none", False, 0, None),
    ("once", True, 0, ["ListPipelines"]),
    ("once", False, 2, ["ListPipelines", "DescribePipelines"]),
    ("new_episodes", True, 1, ["ListPipelines", "DescribePipelines"]),
    ("new_episodes", False, 2, ["ListPipelines", "DescribePipelines"]),
    ("all", True, 2, ["ListPipelines", "DescribePipelines"]),
    ("all", False, 2, ["ListPipelines", "DescribePipelines"]),
    ("passthrough", True, 2, ["ListPipelines"]),
    ("passthrough", False, 2, None),
]


@pytest.mark.parametrize(("mode", "there", "live", "holds"), CASES)
def test_every_mode_goes_live_as_often_and_leaves_the_file_as_the_table_says(
    tmp_path: Path, mode: str, there: bool, live: int, holds: list[str] | None
) -> None:
    path = tmp_path / "a.yaml"
    if there:
        tape(path, listed("old"))
    before = path.read_bytes() if there else None
    if mode == "none" and not there:
        with pytest.raises(CassetteError, match="cannot be read"):
            LiveRun(str(path), mode=Mode.NONE)
        return
    run = LiveRun(str(path), mode=Mode(mode))
    run.ask("ListPipelines", {})
    run.ask("DescribePipelines", {"pipelineIds": ["df-1"]})
    run.replayer.close()

    assert run.live == live
    assert sorted(tmp_path.iterdir()) == ([path] if holds else [])
    if holds is not None:
        values = [entry.value for entry in open_cassette(str(path))]
        assert [value.op for value in values if isinstance(value, Interaction)] == holds
    if mode in ("none", "once", "passthrough") and there:
        assert path.read_bytes() == before


def test_nothing_new_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, listed("old"))
    before = path.read_bytes()
    run = LiveRun(str(path), mode=Mode.NEW_EPISODES)
    assert run.ask("ListPipelines", {}) == {"pipelineIdList": [{"id": "old"}]}
    run.replayer.close()
    assert path.read_bytes() == before


def test_a_new_recording_that_holds_nothing_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, listed("old"))
    before = path.read_bytes()
    run = LiveRun(str(path), mode=Mode.ALL)
    run.replayer.close()
    assert path.read_bytes() == before
    assert run.told.troubles == [f"{path}: is left as it was, because no call was recorded"]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [Mode.ONCE, Mode.NEW_EPISODES, Mode.ALL])
def test_a_recording_that_holds_nothing_is_not_kept(tmp_path: Path, mode: Mode) -> None:
    LiveRun(str(tmp_path / "a.yaml"), mode=mode).replayer.close()
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_did_not_come_to_its_end_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    tape(path, listed("old"))
    killed = LiveRun(str(path), mode=Mode.ALL)
    killed.ask("ListPipelines", {})
    with pytest.raises(UsageError, match="did not come to its end"):
        LiveRun(str(path), mode=Mode.ALL)
    killed.replayer.close()
    assert b"live-1" in path.read_bytes()


def test_modes_that_record_take_one_file(tmp_path: Path) -> None:
    paths = [tape(tmp_path / name, listed("old")) for name in ("a.yaml", "b.yaml")]
    with pytest.raises(UsageError, match="--mode all: needs one cassette, not 2"):
        LiveRun(*paths, mode=Mode.ALL)


@pytest.mark.parametrize(("stale", "fails"), [("warn", False), ("fail", True)])
def test_an_old_cassette_is_told_or_refused(tmp_path: Path, stale: str, fails: bool) -> None:
    path = tape(tmp_path / "a.yaml", handout(), header=Header("x", 1_000_000_000.0))
    if fails:
        with pytest.raises(CassetteError, match=r"is \d+ days old \(recorded 2001-09-09; --max-age 30\)"):
            Run(path, max_age=30, stale=stale)
    else:
        assert "days old" in Run(path, max_age=30, stale=stale).told.troubles[0]


PROFILE = """\
holter-profile: 1
replay: {pace: lease, end: fail, match_on: {PollForTask: {ignore: []}}}
"""


def test_a_profile_says_how_to_replay_and_what_is_asked_for_goes_first(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text(PROFILE)
    path = tape(tmp_path / "a.yaml", handout(asked=1.0))
    player = Run(path, profile=str(profile)).replayer.player
    assert (player.pacing.pace, player.pacing.end) == (Pace.LEASE, End.FAIL)
    assert player.shelf.matching.key(POLL, {"hostname": "a"}) != player.shelf.matching.key(POLL, {})

    ignore = {POLL: {"ignore": ["hostname"]}}
    player = Run(path, profile=str(profile), pace=Pace.ORDINAL, end=End.LOOP, match_on=ignore).replayer.player
    assert (player.pacing.pace, player.pacing.end) == (Pace.ORDINAL, End.LOOP)
    assert player.shelf.matching.key(POLL, {"hostname": "a"}) == player.shelf.matching.key(POLL, {})


@pytest.mark.parametrize(
    ("replay", "said"),
    [
        ("{pase: lease}", "replay.pase: is unknown (did you mean pace?)"),
        ("{pace: fast}", "replay: 'fast' is not a valid Pace"),
        ("{match_on: {Poll: {ignore: []}}}", "match_on.Poll: is no operation"),
        ("[]", "replay: must be a mapping"),
        ("{match_on: []}", "replay.match_on: must be a mapping"),
    ],
)
def test_a_profile_that_is_wrong_about_replays_is_refused(tmp_path: Path, replay: str, said: str) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text(f"holter-profile: 1\nreplay: {replay}\n")
    with pytest.raises(ConfigError) as refused:
        Run(tape(tmp_path / "a.yaml", handout()), profile=str(profile))
    assert said in str(refused.value)


SHIPPED = sorted((Path(__file__).parents[1] / "cassettes").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_who_asks_what_was_asked_is_told_what_was_told(path: Path) -> None:
    run = Run(str(path), scale=0.0, allow_faults=True)
    live: dict[str, str] = {}
    for take in sorted(run.replayer.tapes.takes, key=lambda take: take.asked_at or 0.0):
        if not take.plays or not isinstance(take.call.request, dict):
            continue
        body = dict(take.call.request)
        if take.about:
            body["taskId"] = live.get(take.about, take.about)
        told = run.ask(take.op, body)
        if take.handed_out:
            live[take.handed_out] = told["taskObject"]["taskId"]
        text = encode(told).decode()
        for alias, real in live.items():
            text = text.replace(real, alias)
        assert decode(text.encode()) == take.call.response, take.place
    assert run.replayer.player.unplayed == []
    assert run.told.troubles == []
