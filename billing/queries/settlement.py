"""What settles invoices, by its source."""

from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.functions import Least

from billing.models import Settlement
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class Laid:
    """What one source has laid against one invoice and not taken back."""

    invoice_id: int
    public_id: str
    number: str
    amount: Money


def settled_by(source: str) -> list[Laid]:
    """What is left of a source on each invoice, by the invoices' ids. One SQL query.

    source  public id of what pays, such as `pay_…`
    """
    rows = Settlement.objects.filter(source=source).values(
        "invoice_id", "invoice__public_id", "invoice__number", "invoice__currency"
    )
    sums = rows.annotate(left=Sum("amount_minor")).filter(left__gt=0).order_by("invoice_id")
    return [
        Laid(
            invoice_id=row["invoice_id"],
            public_id=row["invoice__public_id"],
            number=row["invoice__number"] or "",
            amount=Money(int(row["left"]), row["invoice__currency"]),
        )
        for row in sums
    ]


def open_again(source: str, *, reason: str) -> list[Laid]:
    """What was taken back of a source for that reason and is owed still, invoice by invoice, by their ids.

    Never more than the invoice is open by; only invoices that take payments. One SQL query.

    source  public id of what paid, such as `pay_…`
    """
    rows = Settlement.objects.filter(source=source, invoice__state__in=["ISSUED", "PAID"])
    owed = rows.values("invoice_id", "invoice__public_id", "invoice__number", "invoice__currency")
    sums = owed.annotate(
        left=Least(
            Sum(-F("amount_minor"), filter=Q(amount_minor__lt=0, reason=reason)),
            F("invoice__total_minor") - F("invoice__settled_minor"),
        )
    )
    return [
        Laid(
            invoice_id=row["invoice_id"],
            public_id=row["invoice__public_id"],
            number=row["invoice__number"] or "",
            amount=Money(int(row["left"]), row["invoice__currency"]),
        )
        for row in sums.filter(left__gt=0).order_by("invoice_id")
    ]
