"""What the bank still has to pay or confirm."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cashiering.models import (
    Advice,
    CardBatch,
    ChequeReturn,
    Deposit,
    LockboxDeposit,
    PaymentReturn,
    Refund,
    Tender,
)
from cashiering.queries.advice import STATES
from cashiering.rules.advice import clearing_role, window_of
from cashiering.rules.card_fee import FeeRate
from cashiering.rules.payment_return import CLEARING, KINDS
from hms_ach import calendars
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class AwaitingBank:
    """One sum the bank's statement should show.

    kind        "deposit", "card_batch", "payment" (a transfer), "refund", "cheque_return", "transfer_return",
                "chargeback", "lockbox", or of what was announced "remittance", "ach_file" or "ach_return"
    public_id   of the document; a refund that came back and went again has ".2" after it
    amount      gross, before any fee; below zero for what the bank pays out
    references  what the bank may quote for this sum alone: bag and slip, batch, end-to-end id
    payer       who pays, as the bank may name it: the merchant id that all batches share
    terminal    the card terminal
    batch       its batch number, which comes again
    fee_rate    what the acquirer may keep of it; None when nothing
    """

    kind: str
    public_id: str
    facility_id: int
    amount: Money
    clearing_role: str
    reference: str
    references: list[str]
    expected_on: date
    earliest_on: date
    latest_on: date
    fee_rate: FeeRate | None = None
    payer: str = ""
    terminal: str = ""
    batch: str = ""


def awaiting_bank(
    *, facility_ids: Iterable[int] | None = None, since_id: str | None = None
) -> list[AwaitingBank]:
    """Deposits in transit, closed card batches, transfers, refunds, and what was announced: all that the
    bank has not confirmed.

    facility_ids  only these facilities; all when None
    since_id      only documents made after the one with this public id (ids sort by time)

    Ordered by expected day, then public id. Eight SQL queries.
    """
    items = [
        *map(_deposit, _of(Deposit.objects.filter(state="IN_TRANSIT"), facility_ids)),
        *map(_card_batch, _of(CardBatch.objects.filter(state="CLOSED", gross_minor__gt=0), facility_ids)),
        *map(_transfer, _transfers(facility_ids)),
        *map(_cheque_return, _of(_returns(), facility_ids)),
        *map(_lockbox, _of(LockboxDeposit.objects.filter(bank_confirmed_on=None), facility_ids)),
        *map(_payment_return, _of(_payment_returns(), facility_ids)),
        *map(_refund, _of(_refunds(), facility_ids)),
        *map(_advice, _of(_advices(), facility_ids)),
    ]
    if since_id is not None:
        made_after = since_id.rpartition("_")[2]
        items = [item for item in items if item.public_id.rpartition("_")[2] > made_after]
    return sorted(items, key=lambda item: (item.expected_on, item.public_id))


def _of(rows: QuerySet, facility_ids: Iterable[int] | None) -> QuerySet:
    if rows.model is CardBatch:
        rows = rows.select_related("agreement")
    return rows if facility_ids is None else rows.filter(facility_id__in=list(facility_ids))


def _transfers(facility_ids: Iterable[int] | None) -> QuerySet:
    rows = Tender.objects.filter(kind="TRANSFER", bank_confirmed_on__isnull=True, payment__void__isnull=True)
    rows = rows.select_related("payment")
    return rows if facility_ids is None else rows.filter(payment__facility_id__in=list(facility_ids))


def _deposit(deposit: Deposit) -> AwaitingBank:
    assert deposit.expected_on is not None
    return AwaitingBank(
        kind="deposit",
        public_id=deposit.public_id,
        facility_id=deposit.facility_id,
        amount=Money(deposit.cash_minor + deposit.cheques_minor, deposit.currency),
        clearing_role="deposit.in_transit",
        reference=deposit.public_id,
        references=[deposit.bag_number, deposit.slip_number],
        expected_on=deposit.expected_on,
        earliest_on=deposit.business_on,
        latest_on=calendars.add_banking_days(deposit.expected_on, 3),
    )


def _card_batch(batch: CardBatch) -> AwaitingBank:
    agreement = batch.agreement
    fee_rate = None
    if agreement is not None:
        fixed = Money(agreement.fee_fixed_minor, batch.currency)
        fee_rate = FeeRate(agreement.fee_basis_points, fixed, batch.sales or 0)
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
        fee_rate=fee_rate,
        payer=agreement.merchant_id if agreement is not None else "",
        terminal=batch.terminal_id,
        batch=str(batch.number),
    )


def _transfer(tender: Tender) -> AwaitingBank:
    payment = tender.payment
    expected_on = calendars.add_banking_days(payment.business_on, 1)
    return AwaitingBank(
        kind="payment",
        public_id=payment.public_id,
        facility_id=payment.facility_id,
        amount=Money(tender.amount_minor, tender.currency),
        clearing_role="transfer.clearing",
        reference=payment.public_id,
        references=[reference for reference in (tender.reference, payment.receipt_number) if reference],
        expected_on=expected_on,
        earliest_on=calendars.add_banking_days(payment.business_on, -2),
        latest_on=calendars.add_banking_days(expected_on, 3),
    )


def _refunds() -> QuerySet:
    """Sent by the bank."""
    return Refund.objects.filter(state="SENT", session=None)


def _refund(refund) -> AwaitingBank:
    """Money that the bank pays out: by the number under which it was sent."""
    again = f".{refund.sending}" if refund.sending > 1 else ""
    expected_on = calendars.add_banking_days(refund.sent_on, 2)
    return AwaitingBank(
        kind="refund",
        public_id=refund.public_id + again,
        facility_id=refund.facility_id,
        amount=Money(-refund.amount_minor, refund.currency),
        clearing_role="refund.clearing",
        reference=refund.public_id,
        references=[text for text in (refund.reference, refund.batch) if text],
        batch=refund.batch,
        expected_on=expected_on,
        earliest_on=refund.sent_on,
        latest_on=calendars.add_banking_days(expected_on, 10),
    )


def _returns() -> QuerySet:
    """Cheques that were on their way to the bank, or there, when they came back."""
    rows = ChequeReturn.objects.filter(
        state="CONFIRMED", bank_confirmed_on=None, tender__deposit__isnull=False
    )
    return rows.select_related("tender", "payment")


def _cheque_return(row: ChequeReturn) -> AwaitingBank:
    """What the bank takes from our account again, quoting the cheque or its own reference."""
    return AwaitingBank(
        kind="cheque_return",
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(-row.amount_minor, row.currency),
        clearing_role="deposit.in_transit",
        reference=row.public_id,
        references=[text for text in (row.bank_reference, row.tender.reference) if text],
        expected_on=row.returned_on,
        earliest_on=calendars.add_banking_days(row.returned_on, -2),
        latest_on=calendars.add_banking_days(row.returned_on, 5),
    )


def _payment_returns() -> QuerySet:
    """Transfers taken back and chargebacks that the bank has not shown yet."""
    rows = PaymentReturn.objects.filter(state="CONFIRMED", bank_confirmed_on=None)
    return rows.select_related("tender__card_batch__agreement", "payment")


def _payment_return(row: PaymentReturn) -> AwaitingBank:
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


def _lockbox(row: LockboxDeposit) -> AwaitingBank:
    """All cheques that a bank took out of one box on one day, as one sum."""
    return AwaitingBank(
        kind="lockbox",
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(row.total_minor, row.currency),
        clearing_role="transfer.clearing",
        reference=row.public_id,
        references=[row.lockbox],
        expected_on=row.deposited_on,
        earliest_on=calendars.add_banking_days(row.deposited_on, -1),
        latest_on=calendars.add_banking_days(row.deposited_on, 3),
        payer=row.lockbox,
    )


def _advices() -> QuerySet:
    """What comes back of a refund is awaited once the bank has paid it out."""
    sent = Refund.objects.filter(state="SENT").values("public_id")
    return Advice.objects.filter(STATES["AWAITING"]).exclude(original__in=sent)


def _advice(row: Advice) -> AwaitingBank:
    """What was announced: an insurer's payment, an ACH batch, an entry that comes back.

    A refund that comes back is owed again under its own name.
    """
    window = window_of(row.kind, row.expected_on, method=row.method)
    return AwaitingBank(
        kind=row.kind.lower(),
        public_id=row.public_id,
        facility_id=row.facility_id,
        amount=Money(row.amount_minor, row.currency),
        clearing_role=clearing_role(row.kind, row.amount_minor),
        reference=row.original or row.public_id,
        references=row.references or [row.reference],
        expected_on=row.expected_on,
        earliest_on=window.earliest_on,
        latest_on=window.latest_on,
        payer=row.payer_id or row.payer_name,
        batch=row.batch,
    )
