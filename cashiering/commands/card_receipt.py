"""What the bank's word means for cards: batches, payouts, chargebacks, and the refunds in batches.

Each gives how many it moved: none when it was not waiting, or not confirmed. Moves states; posts nothing.
"""

from datetime import date

from cashiering.commands.locks import lock_card_batch_of_refunds
from cashiering.commands.refund_request import move_refund
from cashiering.models import CardBatch, ChargebackWin, PaymentReturn, Payout, Refund


def confirm_card_batch(public_id: str, on: date) -> int:
    _lock_batches(public_id=public_id)
    batches = CardBatch.objects.filter(public_id=public_id, state="CLOSED", payout=None)
    moved = batches.update(state="SETTLED", settled_on=on)
    if moved:
        move_refunds("SENT", "SETTLED", on, card_batch__public_id=public_id)
    return moved


def reopen_card_batch(public_id: str) -> int:
    _lock_batches(public_id=public_id)
    batches = CardBatch.objects.filter(public_id=public_id, state="SETTLED", gross_minor__gt=0)
    moved = batches.update(state="CLOSED", settled_on=None)
    if moved:
        move_refunds("SETTLED", "SENT", None, card_batch__public_id=public_id)
    return moved


def confirm_payout(public_id: str, on: date) -> int:
    """What a processor paid as one sum: all that its report is made of is paid with it."""
    awaited = Payout.objects.filter(public_id=public_id, state="AWAITED")
    moved = awaited.update(state="PAID", bank_confirmed_on=on)
    if moved:
        _lock_batches(payout__public_id=public_id)
        CardBatch.objects.filter(payout__public_id=public_id).update(state="SETTLED", settled_on=on)
        move_refunds("SENT", "SETTLED", on, card_batch__payout__public_id=public_id)
        PaymentReturn.objects.filter(payout__public_id=public_id).update(bank_confirmed_on=on)
        ChargebackWin.objects.filter(payout__public_id=public_id).update(bank_confirmed_on=on)
    return moved


def reopen_payout(public_id: str) -> int:
    paid = Payout.objects.filter(public_id=public_id, state="PAID").exclude(net_minor=0)
    moved = paid.update(state="AWAITED", bank_confirmed_on=None)
    if moved:
        _lock_batches(payout__public_id=public_id)
        CardBatch.objects.filter(payout__public_id=public_id).update(state="CLOSED", settled_on=None)
        move_refunds("SETTLED", "SENT", None, card_batch__payout__public_id=public_id)
        PaymentReturn.objects.filter(payout__public_id=public_id).update(bank_confirmed_on=None)
        ChargebackWin.objects.filter(payout__public_id=public_id).update(bank_confirmed_on=None)
    return moved


def confirm_win(public_id: str, on: date) -> int:
    waiting = ChargebackWin.objects.filter(
        public_id=public_id, state="CONFIRMED", bank_confirmed_on=None, payout=None
    )
    return waiting.update(bank_confirmed_on=on)


def reopen_win(public_id: str) -> int:
    confirmed = ChargebackWin.objects.filter(public_id=public_id, bank_confirmed_on__isnull=False)
    return confirmed.update(bank_confirmed_on=None)


def _lock_batches(**which) -> None:
    for pk in CardBatch.objects.filter(**which).order_by("pk").values_list("pk", flat=True):
        lock_card_batch_of_refunds(pk)


def settle_refunds_in(batch: CardBatch, *, on: date) -> None:
    """The cards have their money: for a batch that is settled without the bank."""
    move_refunds("SENT", "SETTLED", on, card_batch=batch)


def confirm_payment_return(public_id: str, on: date) -> int:
    waiting = PaymentReturn.objects.filter(
        public_id=public_id, state="CONFIRMED", bank_confirmed_on=None, payout=None
    )
    return waiting.update(bank_confirmed_on=on)


def reopen_payment_return(public_id: str) -> int:
    confirmed = PaymentReturn.objects.filter(public_id=public_id, bank_confirmed_on__isnull=False)
    return confirmed.update(bank_confirmed_on=None)


def move_refunds(before: str, after: str, on: date | None, **which) -> int:
    """What the bank's word means for refunds: each tells its own news."""
    found = Refund.objects.filter(state=before, **which).select_related("payment", "tender", "facility")
    refunds = list(found.select_for_update(of=("self",)).order_by("id"))
    for refund in refunds:
        refund.settled_on = on
        move_refund(refund, after, "settle_refund" if on else "reopen_refund", None, ["settled_on"])
    return len(refunds)
