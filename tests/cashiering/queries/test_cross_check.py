"""Billed and collected from two places: whole days tie out, and each kind of orphan is found."""

from datetime import date, timedelta

import pytest

from cashiering.commands import void_payment
from cashiering.queries.cross_check import cross_totals, orphans
from cashiering.tasks import OrphansFound, cross_check
from hms_ach.money import Money
from tests.make import access, ledger
from tests.make import cashiering as make

DAY = date(2026, 3, 12)


def span(given: make.Till):
    return [given.facility.pk], DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.mark.django_db
def test_a_day_of_all_kinds_of_tenders_and_a_void_ties_out():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.card(10_00), make.cheque(20_00), make.cash(15_00), minor=40_00)
    void_payment(payment=make.paid(session, given, make.cash(30_00)), reason="Wrong", actor=given.ana)

    [totals] = cross_totals(*span(given))

    assert (totals.billed, totals.billed_difference) == (Money(70_00, "USD"), Money(0, "USD"))
    assert (totals.collected, totals.collected_difference) == (Money(40_00, "USD"), Money(0, "USD"))
    assert orphans(*span(given)) == []
    assert cross_check() == 0


@pytest.mark.parametrize(
    "sql, problem",
    [
        (
            "DELETE FROM ledger_posting; DELETE FROM ledger_entry WHERE source_kind = 'payment'",
            "Receipt not in the book",
        ),
        (
            "UPDATE cashiering_tender SET amount_minor = 1, tendered_minor = 1",
            "Receipt whose tenders add up",
        ),
        ("DELETE FROM billing_settlement", "Receipt that paid another amount"),
        ("UPDATE billing_settlement SET source = 'pay_gone'", "Payment on an invoice without its receipt"),
    ],
    ids=["no-entry", "tenders", "no-settlement", "no-receipt"],
)
def test_a_document_without_its_counterpart_is_listed(owner_connection, sql, problem):
    """What no role of ours can do, the tables' owner does here."""
    given = make.till()
    make.paid(make.opened(given), given, make.cash(40_00))

    with owner_connection.cursor() as cursor:
        for table in ("ledger_posting", "ledger_entry", "cashiering_tender", "billing_settlement"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)

    found = orphans(*span(given))
    assert any(one.problem.startswith(problem) for one in found)
    with pytest.raises(OrphansFound):
        cross_check()


@pytest.mark.django_db
def test_an_entry_without_its_receipt_is_listed_and_shown():
    given = make.till()
    ledger.entry(given.facility, source=("payment", "pay_nowhere"))

    [found] = orphans(*span(given))
    shown = access.signed_in(given.gil).get("/cashiering/cross-check/").content.decode()

    assert (found.problem, found.public_id) == ("Entry of a receipt that does not exist", "pay_nowhere")
    assert "pay_nowhere" in shown
