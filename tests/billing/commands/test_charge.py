"""Charges: what no column can hold is refused kindly."""

import pytest

from billing.commands import record_charge
from billing.commands.charge import ChargeTooLarge
from billing.models import Charge
from hms_ach.money import Money
from tests.make import billing as make

pytestmark = pytest.mark.django_db


def test_a_charge_that_overflows_is_refused():
    facility = make.hospital()
    dan = make.clerk(facility)
    service = make.service(dan)

    with pytest.raises(ChargeTooLarge):
        record_charge(
            patient_id=make.patient(facility, dan).pk,
            facility=facility,
            service_code=service.code,
            quantity=1_000_000,
            service_on=make.DAY,
            on=make.DAY,
            actor=dan,
            unit_price=Money.parse("999999999999999.99", "USD"),
        )

    assert not Charge.objects.exists()
