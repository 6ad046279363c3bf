from __future__ import annotations

import pytest

from holter.errors import UsageError
from holter.settings import FAIL_ON, SETTINGS, Setting


def test_a_setting_names_its_option_when_it_refuses() -> None:
    with pytest.raises(UsageError, match=r"^--scale: '0' is not a number above 0"):
        SETTINGS["scale"].read("0")
    with pytest.raises(UsageError, match=r"^--fail-on: 'all' is none of error, warning, note, never$"):
        SETTINGS["fail_on"].read("all")
    assert SETTINGS["fail_on"].read("note") == "note"


def test_an_options_name_is_the_settings_with_dashes() -> None:
    assert Setting("port_file", "help").option == "--port-file"


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)
def test_every_setting_is_explained_and_has_a_default_that_it_would_take(setting: Setting) -> None:
    assert setting.help.endswith(".")
    assert SETTINGS[setting.name] is setting
    assert setting.flag == (setting.default is False)
    if setting.many:
        assert setting.default == ()
    if setting.choices:
        assert setting.default in (None, *setting.choices)
    if isinstance(setting.default, int | float) and not setting.flag:
        assert setting.read(str(setting.default)) == setting.default


def test_the_severities_of_fail_on_go_from_hard_to_soft() -> None:
    assert FAIL_ON == ("error", "warning", "note", "never")
