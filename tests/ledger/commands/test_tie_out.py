"""Sub-ledgers beside the book, signed by another person than who took them."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach.money import Money
from ledger.commands import (
    Figure,
    SubLedger,
    TieOutNotByTaker,
    TieOutSigned,
    TieOutUnexplained,
    hard_close,
    reopen,
    request_reopening,
    sign_agreeing,
    sign_tie_out,
    take_tie_outs,
)
from ledger.commands.close import CloseOver
from ledger.commands.tie_out import TieOutOutdated
from ledger.models import Period
from ledger.queries import tie_outs
from ledger.rules.sub_ledger import REGISTERED
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(monkeypatch):
    """A sub-ledger of receivables whose figure the test sets; it stands alone while the test runs."""
    figures: list[Figure] = []
    only = SubLedger("owed", "Owed", ("receivable.patient",), lambda _entity, _day: figures)
    for code in list(REGISTERED):
        monkeypatch.delitem(REGISTERED, code)
    monkeypatch.setitem(REGISTERED, "owed", only)
    return figures


def taken(actor, today=make.DAY):
    take_tie_outs(period_id=Period.objects.get().pk, today=today, actor=actor)
    return tie_outs(Period.objects.get())


def test_equal_figures_are_signed_by_another_person_and_stay(owed):
    facility, eve, finn = make.book(), make.person("eve"), make.person("finn")
    make.entry(facility)
    owed.append(Figure("receivable.patient", Money(-125_00, "USD")))

    (row,) = taken(eve)
    with pytest.raises(TieOutNotByTaker):
        sign_tie_out(tie_out_id=row.pk, actor=eve)
    sign_tie_out(tie_out_id=row.pk, actor=finn)
    with pytest.raises(TieOutSigned):
        sign_tie_out(tie_out_id=row.pk, actor=finn)

    assert (row.sub_ledger_minor, row.ledger_minor, row.difference_minor) == (-125_00, -125_00, 0)


def test_a_difference_is_signed_only_with_its_reason(owed):
    facility, eve, finn = make.book(), make.person("eve"), make.person("finn")
    make.entry(facility)
    owed.append(Figure("receivable.patient", Money(-120_00, "USD")))

    (row,) = taken(eve)
    with pytest.raises(TieOutUnexplained, match=r"differs by 5.00 USD"):
        sign_tie_out(tie_out_id=row.pk, actor=finn)
    signature = sign_tie_out(tie_out_id=row.pk, explanation="A cheque of the 31st", actor=finn)

    assert signature.explanation == "A cheque of the 31st"


def test_the_latest_counts_and_is_of_the_periods_last_day(owed):
    facility, eve = make.book(), make.person("eve")
    taken(eve)
    make.entry(facility, day=date(2026, 3, 31))

    (row,) = taken(eve, today=date(2026, 4, 2))

    assert (row.as_of, row.ledger_minor) == (date(2026, 3, 31), -125_00)


def test_all_that_agrees_is_signed_at_once_but_nothing_of_ones_own(owed):
    facility, eve, finn = make.book(), make.person("eve"), make.person("finn")
    make.entry(facility)
    owed.append(Figure("receivable.patient", Money(-125_00, "USD")))
    owed.append(Figure("receivable.patient", Money(1, "EUR")))
    taken(eve)
    period = Period.objects.get()

    assert sign_agreeing(period_id=period.pk, actor=eve) == []
    assert len(sign_agreeing(period_id=period.pk, actor=finn)) == 1
    assert sign_agreeing(period_id=period.pk, actor=finn) == []
    assert [hasattr(row, "signature") for row in tie_outs(period)] == [False, True]


def test_what_was_signed_before_a_reopening_counts_no_more(owed):
    make.book()
    eve, finn = make.person("eve"), make.person("finn")
    owed.append(Figure("receivable.patient", Money.zero("USD")))
    (row,) = taken(eve)
    sign_tie_out(tie_out_id=row.pk, actor=finn)
    period = Period.objects.get()
    hard_close(period_id=period.pk, actor=eve)
    with pytest.raises(CloseOver):
        taken(eve)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=eve)
    reopen(reopening_id=asked.pk, actor=finn)

    assert tie_outs(period) == []
    with pytest.raises(TieOutOutdated):
        sign_tie_out(tie_out_id=row.pk, actor=finn)
    assert [again.round for again in taken(eve)] == [1]


@pytest.mark.parametrize(
    "sql, why",
    [
        (
            (
                "INSERT INTO ledger_tieoutsignature (tie_out_id, signed_by_id, signed_at, explanation) "
                "SELECT id, taken_by_id, now(), 'Mine' FROM ledger_tieout"
            ),
            "another person",
        ),
        (
            (
                "INSERT INTO ledger_tieoutsignature (tie_out_id, signed_by_id, signed_at, explanation) "
                "SELECT t.id, u.id, now(), '' FROM ledger_tieout t, access_user u WHERE u.username = 'finn'"
            ),
            "explanation",
        ),
        ("UPDATE ledger_tieout SET ledger_minor = sub_ledger_minor", "permission denied"),
        ("DELETE FROM ledger_tieout", "permission denied"),
    ],
)
def test_the_database_lets_nobody_sign_alone_or_without_a_reason(owed, sql, why):
    make.book()
    make.person("finn")
    owed.append(Figure("receivable.patient", Money(1, "USD")))
    taken(make.person("eve"))

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
