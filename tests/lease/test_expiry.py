from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from holter.lease.expiry import expired
from holter.lease.profile import DOCUMENTED
from holter.lease.suppression import RULE, Suppression, Suppressions

OLD = Suppression("gap-over-advice", "fixed in 4.2", date(2026, 1, 31))
NEW = Suppression("ack-late", "known", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("grade", "said"), [(None, ["warning"]), ("error", ["error"]), ("note", ["note"]), ("off", [])]
)
def test_an_expired_suppression_is_told_as_its_rule_is_graded(grade: str | None, said: list[str]) -> None:
    profile = replace(DOCUMENTED, rules={} if grade is None else {RULE: grade})
    found = list(expired(Suppressions([OLD, NEW], date(2026, 2, 1)), profile, 5.0000001))
    assert [one.severity.value for one in found] == said
    assert all((one.rule, one.at, one.task) == (RULE, 5.0, None) for one in found)
    assert all("fixed in 4.2" in one.message for one in found)


def test_one_that_still_holds_is_not_told() -> None:
    assert list(expired(Suppressions([OLD, NEW], date(2026, 1, 31)), DOCUMENTED, 5.0)) == []
