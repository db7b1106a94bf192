"""Refunds on the screens, each person at the own step."""

import pytest

from cashiering.commands import set_till_policy
from cashiering.models import Refund
from tests.cashiering.gateways.test_terminal import terminal
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def asked(given: make.Till, payment, amount: str) -> tuple[Refund, str]:
    Browser(given.ana).post(
        f"/cashiering/payments/{payment.public_id}/refund/",
        key="k",
        amount=amount,
        reason="Paid twice",
        present="yes",
    )
    refund = Refund.objects.get()
    return refund, f"/cashiering/refunds/{refund.public_id}/"


def test_cash_is_asked_approved_and_given_out_of_the_drawer():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    refund, url = asked(given, payment, "15")
    mine, cora = Browser(given.ana), Browser(given.cora)

    before = mine.get(url).content.decode()
    cora.post(f"{url}approval/")
    mine.post(f"{url}payout/")
    after = mine.get(f"/cashiering/payments/{payment.public_id}/").content.decode()

    refund.refresh_from_db()
    assert "Approve the refund" not in before
    assert refund.state == "SETTLED"
    assert "Partly refunded" in after
    assert "−$15.00" in mine.get(f"/cashiering/payments/{payment.public_id}/receipt/").content.decode()
    assert "Partly refunded" in mine.get("/cashiering/payments/").content.decode()


def test_a_card_is_paid_by_the_terminal_and_a_silent_terminal_is_asked_again():
    with terminal() as address:
        given = make.till(terminal_address=address)
        session = make.opened(given)
        make.paid(session, given, make.card(90_00))
        payment = make.paid(session, given, make.card(40_98))
        refund, url = asked(given, payment, "40.98")
        mine = Browser(given.ana)
        Browser(given.cora).post(f"{url}approval/")

        silent = mine.post(f"{url}payout/").content.decode()
        unpaid = Refund.objects.get().state
        mine.post(f"{url}payout/")

        refund.refresh_from_db()
        assert "has not paid the card" in silent
        assert unpaid == "APPROVED"
        assert (refund.state, refund.terminal_request.kind) == ("SENT", "REFUND")


def test_the_form_proposes_the_most_that_can_go_back_and_nothing_between_two_ways():
    given = make.till()
    session = make.opened(given)
    plain = make.paid(session, given, make.cash(40_00))
    mixed = make.paid(session, given, make.cash(10_00), make.card(30_00))
    ana = Browser(given.ana)

    asked(given, plain, "15")
    Browser(given.cora).post(f"/cashiering/refunds/{Refund.objects.get().public_id}/approval/")
    one, two = (
        ana.get(f"/cashiering/payments/{payment.public_id}/refund/").content.decode()
        for payment in (plain, mixed)
    )
    refused = ana.post(
        f"/cashiering/payments/{plain.public_id}/refund/", key="k2", amount="7", reason="", present="no"
    )

    assert 'value="25.00"' in one
    assert 'name="amount" type="text" value=""' in two
    assert 'value="7"' in refused.content.decode()


def test_who_is_not_there_gets_nothing_back_by_one_person_alone_and_the_control_room_counts_it():
    given = make.till()
    limits = ("variance_free_minor", "variance_supervisor_minor", "void_alone_minor", "paid_out_limit_minor")
    set_till_policy(
        facility=given.facility, refund_alone_minor=50_00, actor=given.gil, **dict.fromkeys(limits, 0)
    )
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    ana, url = Browser(given.ana), f"/cashiering/payments/{payment.public_id}/refund/"
    ask = {"amount": "5", "reason": "Paid twice"}

    unsaid = ana.post(url, key="a", **ask)
    ana.post(url, key="b", present="yes", **ask)
    ana.post(url, key="c", present="no", **ask)
    shown = Browser(given.cora).get("/cashiering/control-room/").content.decode()
    record = Browser(given.cora).get(f"/cashiering/control-room/cashiers/{given.ana.username}/")

    assert unsaid.status_code == 422
    assert "Say whether the patient is here" in unsaid.content.decode()
    states = Refund.objects.order_by("id").values_list("is_patient_present", "state")
    assert list(states) == [(True, "APPROVED"), (False, "REQUESTED")]
    assert "1 absent" in shown
    assert "Not there" in record.content.decode()
    assert ana.get(f"/cashiering/control-room/cashiers/{given.ana.username}/").status_code == 403


def test_who_may_not_gets_nothing():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    refund, url = asked(given, payment, "15")

    assert Browser(given.ben).post(f"{url}approval/").status_code == 403
    assert Browser(given.ana).post(f"{url}nonsense/").status_code == 404
    Browser(given.ana).post(f"{url}cancellation/", reason="Mistake")
    refund.refresh_from_db()
    assert refund.state == "CANCELLED"


def test_a_refund_above_the_head_cashiers_limit_offers_its_approval_to_finance_only():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(800_00))
    _refund, url = asked(given, payment, "600")

    head, controller = (Browser(who).get(url).content.decode() for who in (given.cora, given.gil))

    assert "Approve the refund of" not in head
    assert "a finance approver or the controller decides" in head
    assert "Approve the refund of" in controller
