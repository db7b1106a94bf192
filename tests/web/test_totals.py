"""The totals under a list: of all its rows, by currency, and of nothing that the person may not see."""

import pytest
from django.db.models import F

from billing.commands import lock_invoice
from billing.models import Invoice
from hms_ach.money import Money
from hms_ach.web.totals import ListTotal, totals_of
from tests.make import access, billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return billing.hospital()


@pytest.fixture
def clerk(north):
    return billing.clerk(north)


@pytest.fixture
def invoices(north, clerk):
    patient = billing.patient(north, clerk)
    return [billing.issued(north, patient, clerk, minor) for minor in (10_00, 20_00, 30_00)]


def test_all_rows_count_whatever_page_is_shown(invoices, django_assert_num_queries):
    rows = Invoice.objects.order_by("-id")
    with django_assert_num_queries(1):
        totals = totals_of(rows, {"Total": "total_minor", "Settled": F("settled_minor") + 0})

    assert totals == [
        ListTotal("Total", [Money(60_00, "USD")]),
        ListTotal("Settled", [Money(0, "USD")]),
    ]


def test_a_list_without_rows_adds_up_to_nothing(db):
    assert totals_of(Invoice.objects.all(), {"Total": "total_minor"}) == [ListTotal("Total", [])]


def test_the_list_of_invoices_says_what_all_of_them_are_and_what_is_to_pay(north, clerk, invoices):
    shown = access.signed_in(clerk).get("/billing/invoices/").content.decode()

    assert "Total $60.00" in " ".join(shown.split())
    assert "To pay $60.00" in " ".join(shown.split())


def test_a_sum_tells_no_amount_that_is_locked(north, clerk, invoices):
    lock_invoice(invoice_id=invoices[0].pk, reason="Suit", actor=clerk)

    shown = access.signed_in(clerk).get("/billing/invoices/").content.decode()

    assert "Total $50.00" in " ".join(shown.split())
