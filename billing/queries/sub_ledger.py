"""What the bill says is owed, and what is still to be billed, for the book's tie-out."""

from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Charge, Invoice, InvoiceLine
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import Figure


def sub_ledger_figures(legal_entity: LegalEntity, on: date) -> list[Figure]:
    """Invoices issued by a day and not cancelled by it, less what settled them by it. One SQL query."""
    by_then = Q(settlements__settled_on__lte=on)
    stands = Q(cancellation__isnull=True) | Q(cancellation__cancelled_on__gt=on)
    rows = (
        Invoice.objects.filter(stands, facility__legal_entity=legal_entity, issued_on__lte=on)
        .annotate(left=F("total_minor") - Coalesce(Sum("settlements__amount_minor", filter=by_then), 0))
        .values_list("kind", "currency", "left")
    )
    sums: dict[tuple[str, str], int] = {}
    for kind, currency, left in rows.order_by("id"):
        key = (f"receivable.{kind.lower()}", currency)
        sums[key] = sums.get(key, 0) + int(left)
    return [Figure(role, Money(minor, currency)) for (role, currency), minor in sorted(sums.items())]


def unbilled_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """What was done and stands on no issued invoice, as it is now. Drafts are not posted. Two SQL queries."""
    to_bill = Charge.objects.filter(facility__legal_entity=legal_entity, state=Charge.State.BILLABLE)
    drafted = InvoiceLine.objects.filter(
        invoice__facility__legal_entity=legal_entity, invoice__state=Invoice.State.DRAFT
    )
    rows = [
        *to_bill.values_list("currency").annotate(left=Sum(F("amount_minor") - F("invoiced_minor"))),
        *drafted.values_list("invoice__currency").annotate(left=Sum("amount_minor")),
    ]
    return [Figure("receivable.unbilled", Money(int(left), currency)) for currency, left in rows]
