"""A card sale that outlived its session is settled by somebody else, once, and reviewed by a third."""

from threading import Thread

import pytest

from cashiering.commands import approve_session, force_close, query_terminal, void_payment
from cashiering.commands.approval import ApproverIsCashier
from cashiering.commands.locks import SessionNotOpen
from cashiering.commands.rescue import RescueByCashier, RescueCardOnly, SaleStillAtRegister, rescue_card_sale
from cashiering.gateways.terminal_simulator import SimulatorServer
from cashiering.models import Payment, Session, TerminalRequest
from cashiering.screens.pay_intent import answered, payment_of
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    with SimulatorServer(0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def asked_of(sale: TerminalRequest) -> dict:
    given = answered(sale.intent, sale=sale.public_id, currency="USD")
    return payment_of(sale.intent, given, currency="USD")


def lost_sale(address: str, minor: int = 45_98, **typed):
    """A session with a sale whose answer was lost: amounts ending in .98 are approved, unheard."""
    given = make.till(terminal_address=address)
    session = make.opened(given)
    browser = Browser(given.ana)
    bill = make.invoice(given, minor + sum(int(text) * 100 for text in typed.values()))
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))
    browser.post("/cashiering/register/payment/", **form | typed, rest="CARD")
    return given, session, TerminalRequest.objects.get(kind="SALE")


def settle(given, sale, who=None, act="query"):
    answer = access.signed_in(who or given.cora).post(
        f"/cashiering/terminal-requests/{sale.public_id}/settlement/", {"act": act}, follow=True
    )
    return answer.content.decode()


def test_a_supervisor_books_the_sale_of_a_forced_session_and_a_third_person_reviews_it(address):
    given, session, sale = lost_sale(address)
    force_close(session=session, reason="Ill", actor=given.cora)

    said = settle(given, sale)
    again = settle(given, sale)

    rescue = Session.objects.get(is_rescue=True)
    payment = Payment.objects.get()
    assert payment.receipt_number in said
    assert payment.receipt_number in again or "404" in again or rescue.number in again
    assert (payment.session_id, rescue.state, rescue.counted_minor) == (rescue.pk, "BALANCED", 0)
    with pytest.raises(ApproverIsCashier):
        approve_session(session=rescue, actor=given.cora)
    assert approve_session(session=rescue, actor=given.gil).state == "APPROVED"


def test_a_sale_that_is_rescued_again_is_the_same_payment(address):
    given, session, sale = lost_sale(address)
    force_close(session=session, reason="Ill", actor=given.cora)
    sale = query_terminal(sale)

    first, again = (rescue_card_sale(sale=sale, asked=asked_of(sale), actor=given.cora) for _ in range(2))

    assert again == first
    assert (Payment.objects.count(), Session.objects.filter(is_rescue=True).count()) == (1, 1)


def test_a_sale_may_be_voided_at_the_terminal_instead(address):
    given, session, sale = lost_sale(address)
    force_close(session=session, reason="Ill", actor=given.cora)
    settle_first = TerminalRequest.objects.filter(pk=sale.pk)
    settle_first.update(state="APPROVED")

    said = settle(given, sale, act="void")

    assert "voided at the terminal" in said
    assert not Payment.objects.exists()


def test_while_the_session_runs_its_cashier_finishes_the_sale(address):
    given, _session, sale = lost_sale(address)
    asked = asked_of(sale)

    with pytest.raises(SaleStillAtRegister):
        rescue_card_sale(sale=sale, asked=asked, actor=given.cora)


def test_the_cashier_rescues_no_sale_of_the_own_session(address):
    given, session, sale = lost_sale(address)
    force_close(session=session, reason="Ill", actor=given.cora)
    asked = asked_of(sale)

    with pytest.raises(RescueByCashier):
        rescue_card_sale(sale=sale, asked=asked, actor=given.ana)


def test_a_split_with_cash_is_not_rescued_since_nobody_knows_of_the_cash(address):
    given, session, sale = lost_sale(address, cash="20")
    force_close(session=session, reason="Ill", actor=given.cora)
    asked = asked_of(sale)

    with pytest.raises(RescueCardOnly):
        rescue_card_sale(sale=sale, asked=asked, actor=given.cora)


def test_a_rescued_payment_is_not_voided_in_its_ended_session(address):
    given, session, sale = lost_sale(address)
    force_close(session=session, reason="Ill", actor=given.cora)
    settle(given, sale)

    with pytest.raises(SessionNotOpen):
        void_payment(payment=Payment.objects.get(), reason="Wrong", actor=given.cora)
    assert make.balance(given, "card.clearing") == Money(45_98, "USD")
