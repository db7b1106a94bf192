"""Agreement of counters, rows and book, and whether a planted fault is found."""

import pytest
from django.db import connections

from billing.commands import cancel_invoice, settle_invoice
from billing.reports.control_totals import control_totals
from hms_ach.money import Money
from ledger.commands import Posting, post_entry
from tests.make import billing as make

pytestmark = pytest.mark.django_db


def business() -> tuple:
    """A paid, a cancelled, a drafted and a half paid invoice, and a charge to bill."""
    north = make.hospital()
    dan = make.clerk(north)
    maya = make.patient(north, dan)
    half, cancelled = make.issued(north, maya, dan, 100_00), make.issued(north, maya, dan, 30_00)
    settled = settle_invoice(
        invoice_id=half.pk, amount=Money(40_00, "USD"), source="pay_1", on=make.DAY, actor=dan
    )
    post_entry(
        key="test:payment",
        facility=north,
        effective_on=make.DAY,
        source=("payment", "pay_1"),
        memo="Receipt",
        postings=[Posting("cash.drawer", Money(40_00, "USD")), settled.credit],
    )
    cancel_invoice(invoice_id=cancelled.pk, reason_code="OTHER", reason="mistake", on=make.DAY, actor=dan)
    make.draft(north, maya, dan, 7_00)
    make.charge(north, maya, dan, 5_00)
    return north, dan, maya, half


def test_everything_agrees_after_business():
    business()

    assert control_totals(today=make.DAY) == []


def test_a_settlement_without_its_posting_is_found():
    _north, dan, _maya, half = business()
    settle_invoice(invoice_id=half.pk, amount=Money(1_00, "USD"), source="pay_2", on=make.DAY, actor=dan)

    (drift,) = control_totals(today=make.DAY)

    assert (drift.check, drift.subject) == ("receivable.patient", half.public_id)
    assert (drift.says, drift.should_be) == (Money(59_00, "USD"), Money(60_00, "USD"))


@pytest.mark.django_db(databases=[])
def test_a_counter_moved_behind_our_back_is_found(own_database, owner_connection):
    _north, _dan, _maya, half = business()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE billing_invoice DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_invoice SET settled_minor = 4100 WHERE id = %s", [half.pk])

    found = {(drift.check, drift.subject) for drift in control_totals(today=make.DAY)}

    assert found == {("settled", half.public_id), ("receivable.patient", half.public_id)}
