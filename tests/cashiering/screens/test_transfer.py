"""Cash that changes hands on the screens: a sealed bag is taken as it is, loose cash is counted."""

import pytest

from cashiering.commands import offer_drop, offer_handover
from cashiering.models import CashTransfer
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_sealed_bag_is_accepted_without_a_count():
    given = make.till()
    session = make.opened(given)
    bag = offer_drop(session=session, amount=Money(80_00, "USD"), bag_number="B1", key="k", actor=given.ana)

    page = access.signed_in(given.cora).post(
        f"/cashiering/transfers/{bag.public_id}/acceptance/", follow=True
    )

    assert "Accepted. The cash has moved." in page.content.decode()
    assert CashTransfer.objects.get().state == "ACCEPTED"


def test_a_drawer_taken_over_without_a_count_stays_where_it_was():
    given = make.till()
    session = make.opened(given)
    offered = offer_handover(
        session=session, to=given.ben, denominations=make.pieces(200_00), key="k", actor=given.ana
    )

    page = access.signed_in(given.ben).post(
        f"/cashiering/transfers/{offered.public_id}/acceptance/", follow=True
    )

    assert "No pieces of USD are written" in page.content.decode()
    assert CashTransfer.objects.get().state == "OFFERED"


@pytest.mark.parametrize(("who", "is_led"), [("cora", True), ("gil", False)])
def test_the_control_room_leads_to_the_transfers_only_whom_they_open_for(who, is_led):
    given = make.till()
    reader = access.signed_in(getattr(given, who))

    page = reader.get("/cashiering/control-room/").content.decode()

    assert "Transfers waiting" in page
    assert ('class="stat__link" href="/cashiering/transfers/"' in page) is is_led
    assert (reader.get("/cashiering/transfers/").status_code == 200) is is_led
