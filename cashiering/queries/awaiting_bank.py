"""What the bank still has to pay or confirm."""

from collections.abc import Iterable

from django.db.models import QuerySet

from cashiering.models import (
    Advice,
    ChequeReturn,
    Deposit,
    LockboxDeposit,
    Payout,
    Refund,
    Tender,
)
from cashiering.queries.advice import STATES
from cashiering.queries.awaiting_cards import (
    batch_awaited,
    payout_awaited,
    return_awaited,
    unconfirmed_returns,
    unconfirmed_wins,
    unpaid_batches,
    win_awaited,
)
from cashiering.rules.advice import clearing_role, window_of
from cashiering.rules.awaiting_bank import AwaitingBank
from hms_ach import calendars
from hms_ach.money import Money


def awaiting_bank(
    *, facility_ids: Iterable[int] | None = None, since_id: str | None = None
) -> list[AwaitingBank]:
    """Deposits in transit, closed card batches, transfers, refunds, and what was announced: all that the
    bank has not confirmed.

    facility_ids  only these facilities; all when None
    since_id      only documents made after the one with this public id (ids sort by time)

    Ordered by expected day, then public id. Ten SQL queries.
    """
    items = [
        *map(_deposit, _of(Deposit.objects.filter(state="IN_TRANSIT"), facility_ids)),
        *map(batch_awaited, _of(unpaid_batches(), facility_ids)),
        *map(payout_awaited, _of(Payout.objects.filter(state="AWAITED"), facility_ids)),
        *map(_transfer, _transfers(facility_ids)),
        *map(_cheque_return, _of(_returns(), facility_ids)),
        *map(_lockbox, _of(LockboxDeposit.objects.filter(bank_confirmed_on=None), facility_ids)),
        *map(return_awaited, _of(unconfirmed_returns(), facility_ids)),
        *map(win_awaited, _of(unconfirmed_wins(), facility_ids)),
        *map(_refund, _of(_refunds(), facility_ids)),
        *map(_advice, _of(_advices(), facility_ids)),
    ]
    if since_id is not None:
        made_after = since_id.rpartition("_")[2]
        items = [item for item in items if item.public_id.rpartition("_")[2] > made_after]
    return sorted(items, key=lambda item: (item.expected_on, item.public_id))


def _of(rows: QuerySet, facility_ids: Iterable[int] | None) -> QuerySet:
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
        payer=(row.payer_id or row.payer_name)[:80],
        payer_name=row.payer_name,
        batch=row.batch,
    )
