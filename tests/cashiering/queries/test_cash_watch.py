"""Cash above ten thousand dollars within a year is reported once, by the guarantor's household."""

from datetime import date, timedelta

import pytest

from cashiering.commands import file_cash_report, void_payment
from cashiering.commands.cash_report import NothingToReport
from cashiering.models import Session
from cashiering.queries.cash_watch import reportable_cash
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def at_a_wide_drawer(given: make.Till) -> Session:
    """A session whose drawer may hold what the watch looks for."""
    wide = make.register(given.facility, actor=given.gil, drawer_limit_minor=50_000_00)
    return make.opened(given, place=wide)


def test_only_cash_above_the_limit_counts_and_the_form_is_due_in_fifteen_days():
    given = make.till()
    session = at_a_wide_drawer(given)
    make.paid(session, given, make.cash(6_000_00))
    make.paid(session, given, make.card(9_000_00))
    make.paid(session, given, make.cash(4_000_00))
    exactly = reportable_cash([given.facility.pk])
    make.paid(session, given, make.cash(1))

    (due,) = reportable_cash([given.facility.pk])

    assert exactly == []
    assert (due.amount.minor, due.receipts) == (10_000_01, 3)
    assert due.due_on == date(2026, 3, 12) + timedelta(days=15)


def test_a_voided_payment_is_no_cash():
    given = make.till()
    session = at_a_wide_drawer(given)
    make.paid(session, given, make.cash(9_990_00))
    small = make.paid(session, given, make.cash(50_00))
    void_payment(payment=small, reason="Wrong", actor=given.ana)

    assert reportable_cash([given.facility.pk]) == []


def test_a_filed_report_is_done_and_counting_starts_anew():
    given = make.till()
    session = at_a_wide_drawer(given)
    make.paid(session, given, make.cash(11_000_00))
    asked = {"patient_id": given.patient.pk, "facility": given.facility, "actor": given.gil}

    file_cash_report(**asked, reference="BSA-1")
    make.paid(session, given, make.cash(500_00))

    assert reportable_cash([given.facility.pk]) == []
    with pytest.raises(NothingToReport):
        file_cash_report(**asked, reference="BSA-2")


def test_the_page_lists_what_is_due_and_records_the_filing():
    given = make.till()
    make.paid(make.opened(given), given, make.cash(11_000_00))
    browser = access.signed_in(given.gil)

    before = browser.get("/cashiering/cash-watch/").content.decode()
    browser.post(f"/cashiering/cash-watch/{given.patient.public_id}/report/", {"reference": "BSA-9"})
    after = browser.get("/cashiering/cash-watch/").content.decode()

    assert given.patient.public_id in before
    assert "No payer is above the limit" in after
    assert "BSA-9" in after
