"""What the bank still has to pay for cards, and what a bank or processor took back."""

from django.db.models import QuerySet

from cashiering.models import CardBatch, ChargebackWin, PaymentReturn, Payout
from cashiering.queries.card_batch import fee_rate_of
from cashiering.rules.awaiting_bank import AwaitingBank
from cashiering.rules.payment_return import CLEARING, KINDS
from hms_ach import calendars
from hms_ach.money import Money


def unpaid_batches() -> QuerySet:
    """What the acquirer pays batch by batch, as long as no report of a payout has them."""
    rows = CardBatch.objects.filter(state="CLOSED", gross_minor__gt=0, payout=None)
    return rows.select_related("agreement")


def batch_awaited(batch: CardBatch) -> AwaitingBank:
    agreement = batch.agreement
    assert batch.business_on is not None
    assert batch.expected_on is not None
    assert batch.gross_minor is not None
    return AwaitingBank(
        kind="card_batch",
        public_id=batch.public_id,
        facility_id=batch.facility_id,
        amount=Money(batch.gross_minor, batch.currency),
        clearing_role="card.clearing",
        reference=batch.public_id,
        references=[str(batch)],
        expected_on=batch.expected_on,
        earliest_on=batch.business_on,
        latest_on=calendars.add_banking_days(batch.expected_on, 2),
        fee_rate=fee_rate_of(batch),
        payer=agreement.merchant_id if agreement is not None else "",
        terminal=batch.terminal_id,
        batch=str(batch.number),
    )


def payout_awaited(row: Payout) -> AwaitingBank:
    """What a processor's report says that it pays as one sum: fees and chargebacks are out of it already."""
    return AwaitingBank(
        kind="card_payout",
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(row.net_minor, row.currency),
        clearing_role="card.clearing",
        reference=row.public_id,
        references=[row.reference],
        expected_on=row.paid_on,
        earliest_on=calendars.add_banking_days(row.paid_on, -1),
        latest_on=calendars.add_banking_days(row.paid_on, 3),
        payer=row.merchant_id,
    )


def unconfirmed_returns() -> QuerySet:
    """Transfers taken back and chargebacks that the bank has not shown yet."""
    rows = PaymentReturn.objects.filter(state="CONFIRMED", bank_confirmed_on=None, payout=None)
    return rows.select_related("tender__card_batch__agreement", "payment")


def return_awaited(row: PaymentReturn) -> AwaitingBank:
    """What the bank takes again: by itself, or out of what a processor pays that day."""
    tender, batch = row.tender, row.tender.card_batch
    agreement = batch.agreement if batch else None
    own = [row.bank_reference, tender.reference, row.payment.receipt_number]
    return AwaitingBank(
        kind=KINDS[tender.kind],
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(-row.amount_minor, row.currency),
        clearing_role=CLEARING[tender.kind],
        reference=row.public_id,
        references=[text for text in dict.fromkeys(own) if text],
        expected_on=row.returned_on,
        earliest_on=calendars.add_banking_days(row.returned_on, -2),
        latest_on=calendars.add_banking_days(row.returned_on, 5),
        payer=agreement.merchant_id if agreement else "",
    )


def unconfirmed_wins() -> QuerySet:
    """Chargebacks that were won, and that the bank has not shown yet."""
    rows = ChargebackWin.objects.filter(state="CONFIRMED", bank_confirmed_on=None, payout=None)
    return rows.select_related("chargeback__tender__card_batch__agreement", "payment")


def win_awaited(row: ChargebackWin) -> AwaitingBank:
    """What the processor pays again, quoting its case: by itself, or with what it pays that day."""
    batch = row.chargeback.tender.card_batch
    agreement = batch.agreement if batch else None
    own = [row.bank_reference, row.chargeback.bank_reference, row.payment.receipt_number]
    return AwaitingBank(
        kind="chargeback_win",
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(row.amount_minor, row.currency),
        clearing_role="card.clearing",
        reference=row.public_id,
        references=[text for text in dict.fromkeys(own) if text],
        expected_on=row.won_on,
        earliest_on=calendars.add_banking_days(row.won_on, -2),
        latest_on=calendars.add_banking_days(row.won_on, 5),
        payer=agreement.merchant_id if agreement else "",
    )
