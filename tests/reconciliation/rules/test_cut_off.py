"""What the two days of a receipt say about the period it is in."""

from datetime import date

import pytest

from reconciliation.rules.cut_off import Verdict, verdict_of

MARCH = date(2026, 3, 31)


@pytest.mark.parametrize(
    "recorded, banked, today, verdict",
    [
        ((3, 30), (3, 31), (4, 1), Verdict.SAME),
        ((4, 1), (4, 2), (4, 2), Verdict.SAME),
        ((3, 31), (4, 1), (4, 1), Verdict.IN_TRANSIT),
        ((4, 1), (3, 31), (4, 1), Verdict.RECORDED_LATE),
        ((3, 31), None, (4, 3), Verdict.NOT_AT_BANK_YET),
        ((3, 31), None, (4, 4), Verdict.NOT_AT_BANK),
        ((4, 1), None, (4, 30), Verdict.NOT_AT_BANK_YET),
    ],
)
def test_the_verdict_follows_from_both_days(recorded, banked, today, verdict):
    found = verdict_of(
        recorded_on=date(2026, *recorded),
        bank_on=date(2026, *banked) if banked else None,
        last_day=MARCH,
        today=date(2026, *today),
        days=3,
    )

    assert found is verdict


def test_what_a_person_looks_at_is_what_was_recorded_late_or_never_came():
    assert [verdict for verdict in Verdict if verdict.is_doubtful] == [
        Verdict.RECORDED_LATE,
        Verdict.NOT_AT_BANK,
    ]
