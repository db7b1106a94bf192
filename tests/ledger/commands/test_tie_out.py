"""Sub-ledgers beside the book, signed by another person than who took them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach.access.models import Facility
from hms_ach.money import Money
from ledger.commands import (
    ChecklistUnfinished,
    OpenDocument,
    Posting,
    StepAsked,
    SubLedger,
    TieOutNotByTaker,
    TieOutSigned,
    TieOutUnexplained,
    hard_close,
    open_period,
    record_rate,
    reopen,
    request_reopening,
    reverse_entry,
    set_checklist,
    sign_agreeing,
    sign_tie_out,
    start_close,
    take_tie_outs,
)
from ledger.commands.close import CloseOver
from ledger.commands.tie_out import TieOutMoved, TieOutOutdated
from ledger.models import Period
from ledger.queries import close_lines, documents_kept, moved_since, tie_outs
from ledger.queries.tie_out import never_taken
from ledger.rules.sub_ledger import REGISTERED
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed(monkeypatch):
    """A sub-ledger of receivables whose documents the test sets; it stands alone while the test runs."""
    documents: list[OpenDocument] = []
    only = SubLedger("owed", "Owed", ("receivable.patient",), lambda _entity, _day: documents)
    for code in list(REGISTERED):
        monkeypatch.delitem(REGISTERED, code)
    monkeypatch.setitem(REGISTERED, "owed", only)
    return documents


def document(amount: Money, reference: str = "inv_00000001") -> OpenDocument:
    return OpenDocument("receivable.patient", reference, Facility.objects.get().pk, amount)


def taken(actor, today=make.DAY):
    take_tie_outs(period_id=Period.objects.get().pk, today=today, actor=actor)
    return tie_outs(Period.objects.get())


def test_equal_figures_are_signed_by_another_person_and_stay(owed):
    facility, eve, finn = make.book(), make.person("eve"), make.person("finn")
    make.entry(facility)
    owed.append(document(Money(-125_00, "USD")))

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
    owed.append(document(Money(-120_00, "USD")))

    (row,) = taken(eve)
    with pytest.raises(TieOutUnexplained, match=r"differs by \$5.00"):
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
    owed.append(document(Money(-125_00, "USD")))
    owed.append(document(Money(1, "EUR")))
    taken(eve)
    period = Period.objects.get()

    assert sign_agreeing(period_id=period.pk, actor=eve) == []
    assert len(sign_agreeing(period_id=period.pk, actor=finn)) == 1
    assert sign_agreeing(period_id=period.pk, actor=finn) == []
    assert [hasattr(row, "signature") for row in tie_outs(period)] == [False, True]


def test_what_was_signed_before_a_reopening_counts_no_more(owed):
    make.book()
    eve, finn = make.person("eve"), make.person("finn")
    owed.append(document(Money.zero("USD")))
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
    owed.append(document(Money(1, "USD")))
    taken(make.person("eve"))

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_signed_tie_out_goes_stale_when_something_is_posted_into_its_period(owed):
    facility, eve, finn = make.book(), make.person("eve"), make.person("finn")
    steps = [StepAsked("Tied out", "FINANCE_APPROVER", 1, 9, "TIED_OUT")]
    set_checklist(legal_entity=facility.legal_entity, steps=steps, actor=None)
    period = Period.objects.get()
    start_close(period_id=period.pk, actor=None)
    (row,) = taken(eve)
    sign_tie_out(tie_out_id=row.pk, actor=finn)
    assert close_lines(period)[0].is_done

    # Two entries that leave the figure as it was: the count tells.
    make.entry(facility, key="late")
    reverse_entry(original="late", key="back", effective_on=make.DAY, memo="", source=("x", "1"), actor=None)

    assert moved_since(period, tie_outs(period)) == {row.pk: "2 postings came since"}
    assert not close_lines(period)[0].is_done
    with pytest.raises(ChecklistUnfinished, match="1 moved since they were taken"):
        hard_close(period_id=period.pk, actor=finn)
    (again,) = taken(eve)
    sign_tie_out(tie_out_id=again.pk, actor=finn)
    assert hard_close(period_id=period.pk, actor=finn).state == "HARD"


def test_a_document_that_changed_makes_a_tie_out_stale(owed):
    make.book()
    eve, finn = make.person("eve"), make.person("finn")
    (row,) = taken(eve)

    owed.append(document(Money(3_00, "USD")))

    with pytest.raises(TieOutMoved, match=r"its documents add up to \$3.00 now"):
        sign_tie_out(tie_out_id=row.pk, actor=finn)
    assert sign_agreeing(period_id=Period.objects.get().pk, actor=finn) == []


def test_what_the_next_period_moves_leaves_a_tie_out_as_it_is(owed):
    facility, eve = make.book(), make.person("eve")
    open_period(legal_entity=facility.legal_entity, starts_on=date(2026, 4, 1), actor=None)
    march = Period.objects.order_by("id").first()
    take_tie_outs(period_id=march.pk, today=date(2026, 4, 2), actor=eve)

    make.entry(facility, day=date(2026, 4, 2))

    assert moved_since(march, tie_outs(march)) == {}


def test_a_currency_that_came_since_is_not_taken_yet(owed):
    facility, eve = make.book(), make.person("eve")
    taken(eve)
    record_rate(base="EUR", quote="USD", on=make.DAY, rate=Decimal("1.1"), source="ECB", actor=eve)
    euros = [Posting("cash.drawer", Money(5, "EUR")), Posting("receivable.patient", Money(-5, "EUR"))]

    make.entry(facility, postings=euros)

    assert never_taken(Period.objects.get(), tie_outs(Period.objects.get())) == ["owed"]


def test_the_documents_behind_a_figure_are_kept_with_it(owed):
    facility, eve = make.book(), make.person("eve")
    make.entry(facility)
    owed += [document(Money(-100_00, "USD")), document(Money(-25_00, "USD"), "inv_00000002")]
    owed += [document(Money(5_00, "USD"), "inv_00000003"), document(Money(-5_00, "USD"), "inv_00000003")]

    (row,) = taken(eve)
    owed.clear()

    own = documents_kept(row, facility_ids=[facility.pk])
    others = documents_kept(row, facility_ids=[])
    assert [(each.reference, each.amount.minor) for each in own.documents] == [
        ("inv_00000001", -100_00),
        ("inv_00000002", -25_00),
    ]
    assert (own.shown, own.is_kept, own.n_others) == (Money(-125_00, "USD"), True, 0)
    assert (others.documents, others.n_others, others.figure) == ([], 2, Money(-125_00, "USD"))


@pytest.mark.parametrize(
    "sql, says",
    [
        (
            (
                "INSERT INTO ledger_tieoutdocument (tie_out_id, reference, facility_id, amount_minor)"
                " SELECT tie_out_id, 'inv_x', facility_id, 1 FROM ledger_tieoutdocument"
            ),
            "adds_up|add up to its figure",
        ),
        ("UPDATE ledger_tieoutdocument SET amount_minor = 1", "never changed|permission denied"),
        ("DELETE FROM ledger_tieoutdocument", "never changed|permission denied"),
    ],
)
def test_the_database_keeps_the_documents_whole(owed, sql, says):
    make.entry(make.book())
    owed.append(document(Money(-125_00, "USD")))
    taken(make.person("eve"))

    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
