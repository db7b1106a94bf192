"""Transfers and card sales that were taken back, and those that a bank's line may be about."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, FilteredRelation, Q, QuerySet

from cashiering.models import ChargebackWin, PaymentReturn, Tender
from hms_ach.money import Money

# Debits that a payer did not authorise come back for sixty days, chargebacks for a hundred and twenty.
RETURN_DAYS = 120
MOST_PAID = 5


@dataclass(frozen=True, slots=True)
class PaidTender:
    """A transfer or card sale that the bank paid, which a debit of the bank may take back.

    is_named  whether the bank's words name its reference or receipt
    returned  public id of its return where somebody reported one, else empty
    """

    tender: int
    payment: str
    receipt_number: str
    words: str
    paid_on: date
    is_named: bool
    returned: str


def payment_returns_of(facility_ids: Collection[int]) -> QuerySet[PaymentReturn]:
    """Those of the facilities, newest first. One SQL query."""
    rows = PaymentReturn.objects.filter(facility_id__in=facility_ids)
    parts = ("facility", "tender", "payment__patient", "reported_by", "decided_by")
    return rows.select_related(*parts).order_by("-id")


def paid_tenders(*, facility_id: int, amount: Money, on: date, words: str) -> list[PaidTender]:
    """Transfers and card sales that a debit of this amount may take back: those that are named, else all.

    on     the bank's day; the payment is at most RETURN_DAYS older
    words  all that the bank's line says

    Newest first, MOST_PAID at most; never one whose return the bank has confirmed. One SQL query.
    """
    paid = Q(kind="TRANSFER", bank_confirmed_on__lte=on) | Q(kind="CARD", card_batch__state="SETTLED")
    rows = Tender.objects.filter(paid, amount_minor=amount.minor, currency=amount.currency)
    rows = rows.filter(payment__facility_id=facility_id, payment__void__isnull=True)
    rows = rows.filter(payment__business_on__range=(on - timedelta(days=RETURN_DAYS), on))
    live = FilteredRelation(
        "takebacks", condition=~Q(takebacks__state="REJECTED") & Q(takebacks__won_on=None)
    )
    rows = rows.annotate(live=live, returned=F("live__public_id")).filter(live__bank_confirmed_on=None)
    said = {word.lstrip("0") for word in re.findall(r"[\w-]+", words.upper())}
    found = [_paid(row, said) for row in rows.select_related("payment").order_by("-id")[:200]]
    return ([one for one in found if one.is_named] or found)[:MOST_PAID]


@dataclass(frozen=True, slots=True)
class LostChargeback:
    """A confirmed chargeback that a credit of the bank may give back. Fields as PaidTender's.

    amount  what the credit gives back of it
    win     public id of the report that it was won, where somebody made one, else empty
    """

    chargeback: str
    receipt_number: str
    case: str
    amount: Money
    returned_on: date
    is_named: bool
    win: str


def lost_chargebacks(*, facility_id: int, amount: Money, on: date, words: str) -> list[LostChargeback]:
    """Chargebacks that a credit of this amount may give back: those that are named, else all of the amount.

    Newest first, MOST_PAID at most; never one whose return the bank has shown. One SQL query.
    """
    rows = PaymentReturn.objects.filter(
        facility_id=facility_id, tender__kind="CARD", state="CONFIRMED", currency=amount.currency,
        amount_minor__gte=amount.minor, returned_on__range=(on - timedelta(days=RETURN_DAYS), on),
    )  # fmt: skip
    live = FilteredRelation("wins", condition=~Q(wins__state="REJECTED"))
    rows = rows.annotate(live=live, win=F("live__public_id")).filter(live__bank_confirmed_on=None)
    said = {word.lstrip("0") for word in re.findall(r"[\w-]+", words.upper())}
    found = []
    for row in rows.select_related("payment").order_by("-id")[:200]:
        is_named = bool(row.bank_reference) and row.bank_reference.upper().lstrip("0") in said
        if is_named or row.amount_minor == amount.minor:
            case, receipt = row.bank_reference, row.payment.receipt_number
            win = row.win or ""
            found.append(LostChargeback(row.public_id, receipt, case, amount, row.returned_on, is_named, win))
    return ([one for one in found if one.is_named] or found)[:MOST_PAID]


def wins_of(facility_ids: Collection[int]) -> QuerySet[ChargebackWin]:
    """Reports that chargebacks were won in the facilities, newest first. One SQL query."""
    rows = ChargebackWin.objects.filter(facility_id__in=facility_ids)
    parts = ("facility", "chargeback", "payment__patient", "payout", "reported_by", "decided_by")
    return rows.select_related(*parts).order_by("-id")


def _paid(row: Tender, said: set[str]) -> PaidTender:
    names = (row.reference, row.payment.receipt_number, row.auth_code)
    card = f"{row.card_brand} {row.card_last4}".strip()
    return PaidTender(
        tender=row.pk,
        payment=row.payment.public_id,
        receipt_number=row.payment.receipt_number,
        words=f"Transfer {row.reference}" if row.kind == "TRANSFER" else f"Card {card}",
        paid_on=row.bank_confirmed_on or row.payment.business_on,
        is_named=any(name and name.upper().lstrip("0") in said for name in names),
        returned=row.returned or "",  # type: ignore[attr-defined]
    )
