"""A batch of cards closes with what the acquirer owes, and never below nothing."""

import pytest

from cashiering.commands import close_card_batch, pay_refund, void_payment
from cashiering.commands.card_batch import CardBatchBelowZero
from cashiering.models import CardBatch
from cashiering.queries import awaiting_bank
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.cashiering.commands.test_refund import approved
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_no_sale_is_voided_whose_batch_gave_the_money_to_another_card():
    till = make.till()
    session = make.opened(till)
    old = make.paid(session, till, make.card(40_00))
    close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
    sale = make.paid(session, till, make.card(50_00))
    pay_refund(refund=approved(old, till, 30_00), session=session, actor=till.ana)

    with pytest.raises(CardBatchBelowZero):
        void_payment(payment=sale, reason="Wrong", actor=till.ana)
    make.paid(session, till, make.card(30_00))
    void_payment(payment=sale, reason="Wrong", actor=till.ana)
    batch = close_card_batch(batch=CardBatch.objects.get(state="OPEN"), actor=till.cora)

    assert batch.gross_minor == 0


def test_a_batch_whose_refunds_took_all_is_settled_by_its_close_and_so_are_they():
    till = make.till()
    session = make.opened(till)
    old = make.paid(session, till, make.card(40_00))
    first = close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
    make.paid(session, till, make.card(30_00))
    refund = pay_refund(refund=approved(old, till, 30_00), session=session, actor=till.ana)

    batch = close_card_batch(batch=CardBatch.objects.get(state="OPEN"), actor=till.cora)

    refund.refresh_from_db()
    assert (first.state, first.settled_on) == ("CLOSED", None)
    assert (batch.state, batch.settled_on) == ("SETTLED", batch.business_on)
    assert (refund.state, refund.settled_on) == ("SETTLED", batch.business_on)
    assert [one.public_id for one in awaiting_bank() if one.kind == "card_batch"] == [first.public_id]
    assert make.balance(till, "card.clearing", batch.public_id) == Money(0, "USD")
    settled = Event.objects.filter(type="refund.settled", subject=refund.public_id)
    assert settled.count() == 1
