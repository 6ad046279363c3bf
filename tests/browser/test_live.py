"""The live page during a real run: a real runner, a real service, a real browser."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.browser.rows import ROWS, choose, colours, detail, table
from tests.browser.running import Run, run, until

Open = Callable[..., Any]
PATIENT = 40_000  # milliseconds

pytestmark = pytest.mark.slow


@pytest.fixture
def late(tmp_path: Path) -> Iterator[Run]:
    """Return a run in which one task of three falls silent."""
    with run(tmp_path / "run") as made:
        made.runner("stall:for=8,after=1,task=Silent")
        yield made


def seen(opened: Open, link: str, look: str = "wide", **options: Any) -> tuple[Any, Any]:
    page, watched = opened(look, **options)
    page.goto(link)
    page.wait_for_selector("#state[data-state=live]", timeout=PATIENT)
    return page, watched


def row_of(page: Any, activity: str, **wanted: str) -> dict[str, str]:
    """Return the row of an activity's lease, once it is as it is to be."""
    found: list[dict[str, str]] = []

    def there() -> bool:
        found[:] = [
            row for row in table(page) if row["activity"] == activity and wanted.items() <= row.items()
        ]
        if not found:
            page.wait_for_timeout(100)
        return bool(found)

    until(there)
    return found[0]


def test_a_late_task_turns_red_while_it_is_late(late: Run, opened: Open, shots: Path) -> None:
    page, watched = seen(opened, late.link)
    row_of(page, "Healthy", state="held")
    row_of(page, "Silent", state="acknowledged")
    expired = row_of(page, "Silent", state="expired")
    task = expired["task"]
    page.wait_for_timeout(500)
    page.screenshot(path=str(shots / "live-late.png"))

    assert colours(page)["red"] > 500
    assert expired["left"].startswith(("-", "0"))
    choose(page, "Findings")
    until(
        lambda: (
            page.wait_for_timeout(100)
            or any(row["task"] == task and row["rule"] == "gap-over-limit" for row in table(page))
        )
    )
    page.locator(ROWS, has_text="gap-over-limit").first.click()
    assert detail(page)["limit"] == "4.8 s (reportProgressTimeout)"
    assert "error:" in page.locator("#news").inner_text()
    choose(page, "Leases")
    again = row_of(page, "Silent", state="acknowledged")  # the service has handed it out anew
    assert again["task"] != task
    assert watched.foreign(urlsplit(late.link).netloc) == []


def test_the_button_cancels_a_real_runner_s_task(late: Run, opened: Open, shots: Path) -> None:
    page, _ = seen(opened, late.link)
    task = row_of(page, "Endless", state="held")["task"]
    page.locator(ROWS, has_text="Endless").first.click()
    page.get_by_role("button", name="Cancel its next beat").click()
    row_of(page, "Endless", state="canceled")
    page.screenshot(path=str(shots / "live-cancelled.png"))

    until(lambda: "cancel" in (late.folder / "etl-1.log").read_text())
    assert any(one["what"] == "canceled" for one in late.truth())
    assert colours(page)["purple"] > 10
    choose(page, "Faults")
    assert page.locator("#rules tbody tr").inner_text().split("\t")[:2] == [f"cancel {task}", "over"]


def test_faults_are_added_taken_out_and_armed_again(late: Run, opened: Open) -> None:
    page, watched = seen(opened, late.link)
    choose(page, "Faults")
    page.get_by_label("A rule in short form").fill("ReportTaskProgress:InternalServiceError:p=0.01")
    page.get_by_role("button", name="Arm it").click()
    page.get_by_role("button", name=re.compile("^disarm ")).click()
    page.get_by_role("button", name=re.compile("^arm ")).click()
    page.get_by_role("button", name=re.compile("^disarm ")).wait_for()
    assert "1 fault armed" in page.locator("#totals").inner_text()

    page.get_by_label("A rule in short form").fill("ReportTaskProgress:cancle")
    page.get_by_role("button", name="Arm it").click()
    page.locator("#toast.wrong").wait_for()
    assert "did you mean cancel?" in page.locator("#toast").inner_text()
    page.keyboard.press("Escape")
    assert page.locator("#toast").is_hidden()
    assert [re.sub(r".* (4\d\d) .*", r"\1", watched.wrong.pop())] == ["400"]


def test_a_call_opens_with_what_was_said_and_what_the_tables_say(
    late: Run, opened: Open, shots: Path
) -> None:
    page, _ = seen(opened, late.link)
    row_of(page, "Healthy", state="held")
    choose(page, "Calls")
    page.fill("#filter", "op:PollForTask task:task-1")
    page.locator(ROWS).first.click()
    page.locator("#detail h3", has_text="answer").wait_for()
    said = page.locator("#detail").inner_text()
    page.screenshot(path=str(shots / "live-call.png"))

    assert '"workerGroup": "wg"' in said
    assert '"attemptId": "@' in said
    assert "As the operation tables want it." in said
    assert detail(page)["meaning"] == "the task was handed out"


def test_pause_mark_and_report(late: Run, opened: Open, tmp_path: Path) -> None:
    page, _ = seen(opened, late.link)
    row_of(page, "Healthy", state="held")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector("#state[data-state=paused]")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector("#state[data-state=live]")
    page.get_by_role("button", name="Mark").click()
    page.get_by_label("Text").fill("<b>version 4.2</b>")
    page.get_by_role("button", name="Write it").click()
    page.locator("#toast", has_text="written: <b>version 4.2</b>").wait_for()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Report").click()
    coming.value.save_as(tmp_path / "report.html")
    report, _ = opened()
    report.goto((tmp_path / "report.html").as_uri())
    report.wait_for_selector(ROWS)
    assert {row["activity"] for row in table(report)} >= {"Healthy", "Silent", "Endless"}


def test_reload_keeps_everything(late: Run, opened: Open) -> None:
    page, _ = seen(opened, late.link)
    row_of(page, "Healthy", state="held")
    before = {row["task"] for row in table(page)}
    calls = page.evaluate("() => Number(document.querySelector('#tab-calls b').textContent)")
    page.reload()
    page.wait_for_selector("#state[data-state=live]")
    row_of(page, "Healthy", state="held")

    assert before <= {row["task"] for row in table(page)}
    assert page.evaluate("() => Number(document.querySelector('#tab-calls b').textContent)") >= calls > 0


def test_the_end_of_the_run_is_said_and_what_was_seen_stays(late: Run, opened: Open, shots: Path) -> None:
    page, _ = seen(opened, late.link)
    row_of(page, "Healthy", state="held")
    late.end()
    page.wait_for_selector("#state[data-state=ended]", timeout=PATIENT)
    page.screenshot(path=str(shots / "live-ended.png"))

    assert {row["activity"] for row in table(page)} >= {"Healthy", "Silent", "Endless"}
    assert page.get_by_role("button", name="Mark").is_disabled()
    page.locator(ROWS).first.click()
    assert page.locator("#cancel-task").count() == 0


def test_a_server_that_is_gone_is_said_and_what_was_seen_stays(late: Run, opened: Open) -> None:
    page, _ = seen(opened, late.link, calm=False)
    row_of(page, "Healthy", state="held")
    late.sandbox.kill()
    page.wait_for_selector("#state[data-state=reconnecting]", timeout=PATIENT)

    assert page.locator("#trouble").inner_text().startswith("Not connected: ")
    assert {row["activity"] for row in table(page)} >= {"Healthy", "Silent", "Endless"}
    assert page.get_by_role("button", name="Pause").is_disabled()


@pytest.mark.parametrize("fragment", ["", "#wrong", "#%F0%9F%92%A9"])
def test_without_the_token_there_is_no_data(late: Run, opened: Open, fragment: str) -> None:
    page, _ = opened(calm=False)
    page.goto(late.link.split("#")[0] + fragment)
    page.wait_for_selector("#state[data-state=refused]")
    assert "token" in page.locator("#trouble").inner_text()
    assert page.locator(ROWS).count() == 0
    assert page.locator("#recording").inner_text() == ""
    for path in ("/v1/page", "/v1/events?after=0", "/v1/calls/1", "/v1/report.html"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                late.control["url"] + path, timeout=10
            )
        assert (refused.value.code, refused.value.read()) == (403, b"")


def test_names_from_strangers_are_shown_as_they_are(opened: Open, tmp_path: Path, shots: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    with run(tmp_path / "run", tasks=("Healthy",)) as made:
        made.runner(name=f"etl{bad}".replace("/", ""))
        page, watched = seen(opened, made.link)
        row_of(page, "Healthy", state="held")
        choose(page, "Faults")
        rule = json.dumps(
            {"name": bad, "when": {"op": "ReportTaskProgress", "nth": 9999}, "then": {"cancel": True}}
        )
        headers = {"Authorization": f"Bearer {made.control['token']}"}
        page.request.post(f"{made.control['url']}/v1/faults", data=rule, headers=headers)
        page.locator("#rules code", has_text=bad).wait_for()
        choose(page, "Runners")
        page.locator(ROWS).first.click()
        assert bad in page.locator("#detail h2").inner_text()
        assert page.locator("img").count() == 0
        assert watched.foreign(urlsplit(made.link).netloc) == []
        page.close()
