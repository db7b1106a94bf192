"""A batch of cards closes with what the acquirer owes, and never below nothing."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    clear_card_difference,
    close_card_batch,
    pay_refund,
    settle_empty_batches,
    void_payment,
)
from cashiering.commands.card_batch import (
    CardBatchBelowZero,
    CardDifferenceByCloser,
    CardDifferenceNone,
    CardDifferenceReasonMissing,
)
from cashiering.models import CardBatch
from cashiering.queries import awaiting_bank
from cashiering.queries.waiting import waiting
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.cashiering.commands.test_refund import approved
from tests.make import access
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


def emptied(till, terminal: int | None = None):
    """A refund of 30.00 that took all its batch had; then the batch is closed."""
    session = make.opened(till)
    old = make.paid(session, till, make.card(40_00))
    close_card_batch(batch=CardBatch.objects.get(), actor=till.cora)
    make.paid(session, till, make.card(30_00))
    refund = pay_refund(refund=approved(old, till, 30_00), session=session, actor=till.ana)
    said = None if terminal is None else Money(terminal, "USD")
    batch = CardBatch.objects.get(state="OPEN")
    return close_card_batch(batch=batch, actor=till.cora, terminal_gross=said), refund


def test_a_batch_of_nothing_whose_terminal_counted_something_waits_for_another_person():
    till = make.till()
    batch, refund = emptied(till, 20_00)
    rows = {one.title: one.count for one in waiting(till.gil, [till.facility.pk])}
    assert (batch.state, batch.settled_on, rows["Card batches whose terminal differs"]) == ("CLOSED", None, 1)
    assert settle_empty_batches() == 0

    with pytest.raises(CardDifferenceByCloser):
        clear_card_difference(batch=batch, reason="Twice", actor=till.cora)
    with pytest.raises(CardDifferenceReasonMissing):
        clear_card_difference(batch=batch, reason=" ", actor=till.gil)
    cleared = clear_card_difference(batch=batch, reason="A sale without a receipt", actor=till.gil)
    with pytest.raises(CardDifferenceNone):
        clear_card_difference(batch=batch, reason="Again", actor=till.gil)

    refund.refresh_from_db()
    assert (cleared.state, cleared.settled_on, refund.state) == ("SETTLED", batch.business_on, "SETTLED")
    rows = {one.title: one.count for one in waiting(till.gil, [till.facility.pk])}
    assert rows["Card batches whose terminal differs"] == 0


def test_a_difference_of_a_batch_with_money_in_it_leaves_it_to_the_bank():
    till = make.till()
    make.paid(make.opened(till), till, make.card(40_00))
    batch = close_card_batch(
        batch=CardBatch.objects.get(), actor=till.cora, terminal_gross=Money(50_00, "USD")
    )

    cleared = clear_card_difference(batch=batch, reason="Another till's sale", actor=till.gil)

    assert (cleared.state, cleared.gross_minor) == ("CLOSED", 40_00)
    assert [one.amount for one in awaiting_bank()] == [Money(40_00, "USD")]


def test_batches_of_nothing_that_an_earlier_version_left_closed_are_settled_once():
    till = make.till()
    batch, refund = emptied(till)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cashiering_cardbatch SET state = 'CLOSED', settled_on = NULL WHERE id = %s", [batch.pk]
        )
        cursor.execute("UPDATE cashiering_refund SET state = 'SENT', settled_on = NULL")

    settled = [settle_empty_batches(), settle_empty_batches()]

    batch.refresh_from_db()
    refund.refresh_from_db()
    assert settled == [1, 0]
    assert (batch.state, batch.settled_on, refund.settled_on) == ("SETTLED", *[batch.business_on] * 2)


def test_the_database_keeps_what_was_said_of_a_difference():
    till = make.till()
    batch, _refund = emptied(till, 20_00)
    own = """UPDATE cashiering_cardbatch SET difference_by_id = closed_by_id, difference_at = now(),
        difference_reason = 'x' WHERE id = %s"""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(own, [batch.pk])
    clear_card_difference(batch=batch, reason="A sale without a receipt", actor=till.gil)

    again = "UPDATE cashiering_cardbatch SET difference_reason = 'y' WHERE id = %s"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(again, [batch.pk])


def test_a_difference_is_cleared_up_on_the_batchs_page_by_who_may():
    till = make.till()
    batch, _refund = emptied(till, 20_00)
    page = f"/cashiering/card-batches/{batch.public_id}/"

    head = access.signed_in(till.cora)
    assert head.post(f"{page}difference/", {"reason": "x"}).status_code == 403
    assert b"Clear the difference up" not in head.get(page).content
    finance = access.signed_in(till.gil)
    assert b"Clear the difference up" in finance.get(page).content
    finance.post(f"{page}difference/", {"reason": "A sale without a receipt"})

    assert "A sale without a receipt. By " in finance.get(page).content.decode()
