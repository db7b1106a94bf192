"""A batch of cards closes with what the acquirer owes, and never below nothing."""

import pytest

from cashiering.commands import close_card_batch, pay_refund, void_payment
from cashiering.commands.card_batch import CardBatchBelowZero
from cashiering.models import CardBatch
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
