"""Money that was not collected, with the reason."""

from datetime import date

import pytest

from cashiering.commands import record_not_collected
from cashiering.commands.not_collected import NotCollectedReasonMissing, NothingDue
from cashiering.models import NotCollected
from cashiering.reports.not_collected import not_collected_report
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 12)


def record(given, session, *bills, reason="NO_MEANS", note=""):
    return record_not_collected(
        session=session,
        patient_id=given.patient.pk,
        invoice_ids=[bill.pk for bill in bills],
        reason=reason,
        note=note,
        actor=given.ana,
    )


def test_what_was_not_collected_is_told_by_reason_and_by_clerk():
    given = make.till()
    session = make.opened(given)
    record(given, session, make.invoice(given, 30_00), make.invoice(given, 12_00))
    record(given, session, make.invoice(given, 5_00), reason="OTHER", note="Came by ambulance")

    report = not_collected_report(facility_ids=[given.facility.pk], since=DAY, until=DAY)

    assert [(line.heading, line.count, str(line.amount)) for line in report.by_reason] == [
        ("Could not pay today", 2, "42.00"),
        ("Other, as noted", 1, "5.00"),
    ]
    assert [(line.count, str(line.amount)) for line in report.by_clerk] == [(3, "47.00")]


def test_the_same_invoice_is_recorded_once_a_session():
    given = make.till()
    session = make.opened(given)
    bill = make.invoice(given, 30_00)

    record(given, session, bill)
    record(given, session, bill, reason="REFUSED")

    assert NotCollected.objects.get().reason == "NO_MEANS"


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("OTHER", " "), ("NONSENSE", "x")])
def test_a_reason_is_needed(reason, note):
    given = make.till()
    session = make.opened(given)

    with pytest.raises(NotCollectedReasonMissing):
        record(given, session, make.invoice(given, 30_00), reason=reason, note=note)


def test_what_is_paid_is_not_missing():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))

    with pytest.raises(NothingDue):
        record(given, session)


def test_the_register_leads_to_the_reason_and_back():
    given = make.till()
    make.opened(given)
    bill = make.invoice(given, 30_00)
    browser = Browser(given.ana)
    address = "/cashiering/register/not-collected/"

    form = browser.post(address, patient=given.patient.pk, invoice=[bill.pk])
    without = browser.post(address, patient=given.patient.pk, invoice=[bill.pk], reason="")
    done = browser.post(address, patient=given.patient.pk, invoice=[bill.pk], reason="DISPUTED")
    report = Browser(given.cora).get("/cashiering/not-collected/?since=2026-03-01&until=2026-03-31")

    assert "$30.00" in form.content.decode()
    assert without.status_code == 422
    assert "1 not collected" in done.content.decode()
    assert "Disputes the amount" in report.content.decode()
