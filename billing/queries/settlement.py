"""What settles invoices, by its source."""

from dataclasses import dataclass

from django.db.models import Sum

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
