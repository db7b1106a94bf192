"""What stands behind one cashier's figures in the control room, document by document."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from cashiering.models import (
    CashMovement,
    OverShort,
    PaymentVoid,
    ReceiptMail,
    ReceiptPrint,
    ReceiptText,
    Refund,
    Reprint,
)

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CashierRecord:
    """One cashier's voids, refunds, openings without a sale and closing differences, newest first."""

    voids: list[PaymentVoid]
    refunds: list[Refund]
    no_sales: list[CashMovement]
    differences: list[OverShort]


def cashier_record(
    facility_ids: Collection[int], first: date, last: date, *, cashier_id: int
) -> CashierRecord:
    """The documents of these days, 200 of a kind at most. Four SQL queries.

    Differences are those of drawers that were counted; nobody is told what an open one should hold.
    """
    days, here = (first, last), list(facility_ids)
    voids = voids_at_desk(facility_ids, first, last).filter(payment__taken_by=cashier_id)
    refunds = Refund.objects.filter(
        facility__in=here, payment__business_on__range=days, requested_by=cashier_id
    ).exclude(state__in=["REJECTED", "CANCELLED"])
    of_session = {
        "session__facility__in": here,
        "session__business_on__range": days,
        "session__cashier": cashier_id,
    }
    no_sales = CashMovement.objects.filter(kind="NO_SALE", **of_session)
    differences = OverShort.objects.filter(kind="CLOSING", **of_session).exclude(difference_minor=0)
    return CashierRecord(
        voids=_newest(voids, "payment__facility", "approved_by"),
        refunds=_newest(refunds, "payment", "tender", "facility", "approved_by"),
        no_sales=_newest(no_sales, "session__facility"),
        differences=_newest(differences, "session"),
    )


def voids_at_desk(facility_ids: Collection[int], first: date, last: date) -> QuerySet:
    """Voids of payments that registers took in these days, in no order.

    is_handed_out  whether the receipt had left the desk before: on paper, as a duplicate, as a message
    """
    payment = OuterRef("payment")
    printed = ReceiptPrint.objects.filter(
        payment=payment, state__in=["PRINTED", "SENDING"], asked_at__lte=OuterRef("voided_at")
    )
    again = Reprint.objects.filter(payment=payment, printed_at__lte=OuterRef("voided_at"))
    mailed, texted = (
        model.objects.filter(payment=payment, sent_at__lte=OuterRef("voided_at"))
        for model in (ReceiptMail, ReceiptText)
    )
    rows = PaymentVoid.objects.filter(
        payment__facility__in=list(facility_ids),
        payment__business_on__range=(first, last),
        payment__session__isnull=False,
    )
    return rows.annotate(is_handed_out=Exists(printed) | Exists(again) | Exists(mailed) | Exists(texted))


def _newest(rows: QuerySet, *related: str) -> list:
    return list(rows.select_related(*related).order_by("-id")[:MOST_SHOWN])
