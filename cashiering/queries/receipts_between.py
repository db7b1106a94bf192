"""Receipts of some days, each with the document under which the bank shows its money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from cashiering.models import Deposit, DepositPart, Tender
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class ReceiptMade:
    """One tender of a receipt that stands.

    item  public id of the bag, card batch or payment that the bank shows; empty while it is in none
    """

    payment: str
    number: str
    facility_code: str
    business_on: date
    tender: str
    amount: Money
    item: str


def receipts_between(*, facility_ids: Collection[int], since: date, until: date) -> list[ReceiptMade]:
    """What was received on these business days, by day and number, without voids. One SQL query.

    Money that a patient had on account came on another day and is left out.
    """
    bag = DepositPart.objects.filter(session=OuterRef("payment__session"), deposit__state__in=Deposit.LIVE)
    rows = (
        Tender.objects.filter(
            payment__facility_id__in=facility_ids,
            payment__business_on__range=(since, until),
            payment__void=None,
        )
        .exclude(kind="ACCOUNT")
        .select_related("payment__facility", "card_batch", "deposit")
        .annotate(bag=Subquery(bag.values("deposit__public_id")[:1]))
        .order_by("payment__business_on", "payment__receipt_number", "id")
    )
    return [
        ReceiptMade(
            payment=row.payment.public_id,
            number=row.payment.receipt_number,
            facility_code=row.payment.facility.code,
            business_on=row.payment.business_on,
            tender=row.get_kind_display(),
            amount=Money(row.amount_minor, row.currency),
            item=_item(row),
        )
        for row in rows
    ]


def _item(tender: Tender) -> str:
    if tender.kind == "CARD":
        return tender.card_batch.public_id if tender.card_batch else ""
    if tender.kind == "CHEQUE":
        return tender.deposit.public_id if tender.deposit else ""
    if tender.kind == "CASH":
        return getattr(tender, "bag", None) or ""
    return tender.payment.public_id
