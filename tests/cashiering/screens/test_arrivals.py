"""Who is at the desk, beside the till."""

from datetime import timedelta

import pytest

from billing.commands import tell_arrival
from hms_ach import clock
from hms_ach.money import Money
from tests.make import access, billing
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db
REGISTER = "/cashiering/register/"


def told(given: make.Till, person, key: str, state: str, *, minutes: int = 0, copay: Money | None = None):
    tell_arrival(
        facility=given.facility,
        key=key,
        patient=person,
        state=state,
        expected_at=clock.now() + timedelta(minutes=minutes),
        copay=copay,
        actor=given.dan,
    )


def shown(given: make.Till, **asked) -> str:
    return access.signed_in(given.ana).get(REGISTER, asked).content.decode()


def test_who_is_here_comes_before_who_is_expected_each_with_the_copay():
    given = make.till()
    make.opened(given)
    come, soon = (billing.patient(given.facility, given.dan, name=name) for name in ("Ann Lee", "Bo Diaz"))
    told(given, soon, "V1", "EXPECTED", minutes=1)
    told(given, come, "V2", "ARRIVED", minutes=2, copay=Money(25_00, "USD"))

    text = shown(given)

    assert text.index("Ann Lee") < text.index("Bo Diaz")
    assert "25.00" in text[text.index("Ann Lee") : text.index("Bo Diaz")]
    assert "copay unknown" in text
    assert "Copay today" in shown(given, patient=come.pk)


def test_who_left_or_paid_is_listed_no_more():
    given = make.till()
    session = make.opened(given)
    gone = billing.patient(given.facility, given.dan, name="Ann Lee")
    told(given, gone, "V1", "LEFT")
    told(given, given.patient, "V2", "ARRIVED", copay=Money(0, "USD"))
    assert "no copay" in shown(given)

    make.paid(session, given, make.cash(40_00))

    assert "Arrivals" not in shown(given)
