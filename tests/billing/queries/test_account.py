"""A patient's account shows what is owed and what is held."""

import pytest

from billing.queries import account_of
from cashiering.commands import take_payment, void_payment
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_money_on_account_is_on_the_patients_page_until_it_is_voided():
    given = make.till()
    session = make.opened(given)
    payment = take_payment(
        session=session,
        patient=given.patient,
        allocations=[],
        tenders=[make.cash(30_00)],
        key="kept",
        actor=given.ana,
        prepayment=Money(30_00, "USD"),
    )
    here = [given.facility.pk]
    page = access.signed_in(given.dan).get(f"/billing/patients/{given.patient.public_id}/")
    register = access.signed_in(given.ana).get(f"/cashiering/register/?patient={given.patient.pk}")

    held = account_of(given.patient, facility_ids=here).on_account
    elsewhere = account_of(given.patient, facility_ids=[0]).on_account
    void_payment(payment=payment, reason="Wrong", actor=given.ana)

    assert (held, elsewhere) == ([Money(30_00, "USD")], [])
    for shown in (page, register):
        assert "On account" in shown.content.decode()
        assert "30.00" in shown.content.decode()
    assert account_of(given.patient, facility_ids=here).on_account == []
