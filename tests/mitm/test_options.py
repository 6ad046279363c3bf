"""The script's options among mitmproxy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.addonmanager import Loader
from mitmproxy.test import taddons

from holter.errors import UsageError
from holter.mitm import options
from holter.settings import SETTINGS

from .inside import within


class Defining:
    """An addon that has the options and nothing else."""

    def load(self, loader: Loader) -> None:
        options.define(loader)


def given(do: Callable[[], None], **values: Any) -> None:
    """Do something with options that are set."""

    async def run(around: taddons.context) -> None:
        around.options.update(**{f"holter_{name}": value for name, value in values.items()})
        do()

    within(Defining(), do=run)


def test_what_is_not_set_has_the_default_of_the_table() -> None:
    found: dict[str, Any] = {}
    given(lambda: found.update(options.values()))

    ours = {"record": None, "replay": None, "keep_flows": options.KEEP, "mode": None}
    assert found == {name: setting.default for name, setting in SETTINGS.items() if setting.addon} | ours


def test_texts_are_read_as_the_command_reads_them() -> None:
    found: dict[str, Any] = {}
    given(
        lambda: found.update(options.values()),
        replay="a.yaml, b.yaml",
        scale="0",
        cancel_on="2",
        ignore=["PollForTask=hostname"],
        strict=True,
        keep_flows="0",
    )

    assert found["replay"] == ("a.yaml", "b.yaml")
    assert (found["scale"], found["cancel_on"], found["strict"], found["keep_flows"]) == (0.0, 2, True, 0)
    assert found["ignore"] == (("PollForTask", ("hostname",)),)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"replay": " , "}, "holter_replay: ' , ' names no file"),
        ({"keep_flows": "-1"}, "holter_keep_flows: '-1' is not a whole number from 0 up"),
        ({"keep_flows": "²"}, "holter_keep_flows: '²' is not a whole number from 0 up"),
        ({"mode": "some"}, "holter_mode: 'some' is none of none, once, new_episodes, all, passthrough"),
        ({"end": "x"}, "holter_end: 'x' is none of hold, fail, loop"),
        ({"connect_to": ["a"]}, "holter_connect_to: 'a' is not HOST1:PORT1:HOST2:PORT2"),
        ({"max_age": "0"}, "holter_max_age: '0' is not a whole number from 1 up"),
    ],
)
def test_a_wrong_value_is_refused_by_the_options_own_name(values: dict[str, Any], says: str) -> None:
    def read() -> None:
        with pytest.raises(UsageError) as refused:
            options.values()
        assert str(refused.value) == says

    given(read, **values)


def test_while_mitmproxy_runs_files_stay_and_wrong_values_are_refused() -> None:
    def change() -> None:
        options.changed({"holter_strict", "listen_port"})
        for name in ("record", "replay"):
            with pytest.raises(exceptions.OptionsError, match=f"holter_{name} cannot be changed while mitm"):
                options.changed({f"holter_{name}"})
        with pytest.raises(exceptions.OptionsError, match="holter_scale: 'fast' is not a number above 0"):
            options.changed({"holter_scale"})

    given(change, scale="fast")


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("--mode all: needs one cassette", "holter_mode all: needs one cassette"),
        ("a.yaml: play it with --allow-faults", "a.yaml: play it with holter_allow_faults"),
        ("--faults: no file x--mode", "holter_faults: no file x--mode"),
        ("--no-such: is not ours", "--no-such: is not ours"),
    ],
)
def test_errors_of_the_command_name_the_scripts_options(text: str, spelled: str) -> None:
    assert options.spelled(text) == spelled


def test_misspelt_options_are_guessed_at() -> None:
    found: list[str] = []

    async def run(around: taddons.context) -> None:
        around.options.set("holter_recrod=x", "holter_zzz=y", "other=z", defer=True)
        found.extend(options.misspelt())

    within(Defining(), do=run)

    assert found[0] == "unknown option holter_recrod (did you mean holter_record?)"
    assert found[1].startswith("unknown option holter_zzz (known: holter_record, holter_replay, ")
    assert len(found) == 2


def test_whether_a_text_is_set_can_be_asked() -> None:
    found: list[bool] = []
    given(lambda: found.extend(map(options.asked, ("record", "replay"))), replay="a.yaml")

    assert found == [False, True]
