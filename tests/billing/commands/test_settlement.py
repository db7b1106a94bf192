"""Laying money against invoices."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import Sum

from billing.commands import settle_invoice, unsettle_invoice
from billing.commands.settlement import InvoiceNotOpen, NothingSettled, OverSettled
from billing.models import Invoice, Settlement
from hms_ach.money import CurrencyMismatch, Money
from hms_ach.outbox.models import Event
from tests.make import billing as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def dan(north):
    return make.clerk(north)


@pytest.fixture
def invoice(north, dan):
    return make.issued(north, make.patient(north, dan), dan, 125_00)


def settle(invoice, minor, dan, *, source="pay_1", currency="USD"):
    return settle_invoice(
        invoice_id=invoice.pk, amount=Money(minor, currency), source=source, on=make.DAY, actor=dan
    )


def paid_events() -> int:
    return Event.objects.filter(type="invoice.paid").count()


def test_a_part_payment_leaves_the_rest_open(invoice, dan):
    settled = settle(invoice, 25_00, dan)

    invoice.refresh_from_db()
    assert settled.remaining == Money(100_00, "USD")
    assert (invoice.state, invoice.settled_minor) == ("ISSUED", 25_00)
    assert settled.credit.role == "receivable.patient"
    assert settled.credit.amount == Money(-25_00, "USD")
    assert settled.credit.reference == invoice.public_id
    assert paid_events() == 0


def test_the_last_cent_makes_it_paid_and_tells_once(invoice, dan):
    settle(invoice, 125_00, dan)

    invoice.refresh_from_db()
    assert invoice.state == "PAID"
    assert paid_events() == 1


def test_one_cent_too_much_is_refused(invoice, dan):
    with pytest.raises(OverSettled) as refused:
        settle(invoice, 125_01, dan)

    assert "$125.00" in str(refused.value)
    assert not Settlement.objects.exists()


def test_another_currency_is_refused(invoice, dan):
    with pytest.raises(CurrencyMismatch):
        settle(invoice, 10_00, dan, currency="EUR")


def test_a_draft_takes_no_money(north, dan):
    draft = make.draft(north, make.patient(north, dan), dan)

    with pytest.raises(InvoiceNotOpen):
        settle(draft, 10_00, dan)


def test_taking_back_reopens_and_paying_again_tells_again(invoice, dan):
    settle(invoice, 100_00, dan, source="pay_1")
    settle(invoice, 25_00, dan, source="pay_2")

    back = unsettle_invoice(
        source="pay_1", invoice_id=invoice.pk, on=make.DAY, actor=dan, reason="cheque returned"
    )

    invoice.refresh_from_db()
    assert (invoice.state, invoice.settled_minor) == ("ISSUED", 25_00)
    assert back.credit.amount == Money(100_00, "USD")
    settle(invoice, 100_00, dan, source="pay_3")
    assert paid_events() == 2


def test_a_source_is_taken_back_once(invoice, dan):
    settle(invoice, 10_00, dan)
    take_back = {"source": "pay_1", "invoice_id": invoice.pk, "on": make.DAY, "actor": dan, "reason": "void"}
    unsettle_invoice(**take_back)

    with pytest.raises(NothingSettled):
        unsettle_invoice(**take_back)


def test_the_database_refuses_a_counter_beyond_the_total(invoice):
    with pytest.raises(IntegrityError, match="settled_within_total"), transaction.atomic():
        _sql("UPDATE billing_invoice SET settled_minor = total_minor + 1 WHERE id = %s", invoice.pk)


def test_the_database_refuses_a_counter_without_its_rows(invoice):
    _sql("UPDATE billing_invoice SET settled_minor = 1 WHERE id = %s", invoice.pk)

    with pytest.raises(DatabaseError, match="its settlements say 0"):
        _sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_row_without_its_counter(invoice):
    _sql(
        "INSERT INTO billing_settlement"
        " (invoice_id, source, amount_minor, settled_on, reason, recorded_at)"
        " VALUES (%s, 'pay_9', 5, '2026-03-12', '', now())",
        invoice.pk,
    )

    with pytest.raises(DatabaseError, match="its settlements say 5"):
        _sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_settlement SET amount_minor = 1",
        "DELETE FROM billing_settlement",
        "TRUNCATE billing_settlement",
    ],
)
def test_the_database_never_changes_a_settlement(invoice, dan, statement):
    settle(invoice, 10_00, dan)

    with pytest.raises(DatabaseError, match=r"never changed|permission denied"), transaction.atomic():
        _sql(statement)


@pytest.mark.django_db(databases=[])
def test_sixteen_payers_at_once_never_exceed_the_total(own_database):
    """Sixteen threads lay 10.00 each on 125.00: twelve get in, four are refused, to the cent."""
    north = make.hospital()
    dan = make.clerk(north)
    invoice = make.issued(north, make.patient(north, dan), dan, 125_00)
    start, outcomes = Barrier(16), []

    def pay(number: int) -> None:
        start.wait()
        try:
            settle(invoice, 10_00, dan, source=f"pay_{number}")
            outcomes.append("settled")
        except OverSettled:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=pay, args=[number]) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    row = Invoice.objects.get(pk=invoice.pk)
    assert sorted(outcomes) == ["refused"] * 4 + ["settled"] * 12
    assert row.settled_minor == 120_00 == row.settlements.aggregate(minor=Sum("amount_minor"))["minor"]


def _sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
