"""What the bill says is owed and what is still to be billed, by document, for the book's tie-out."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Charge, Invoice, InvoiceLine
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import OpenDocument


def owed_documents(legal_entity: LegalEntity, on: date) -> Iterator[OpenDocument]:
    """Invoices issued by a day and not cancelled by it, less what settled them by it. One SQL query."""
    by_then = Q(settlements__settled_on__lte=on)
    stands = Q(cancellation__isnull=True) | Q(cancellation__cancelled_on__gt=on)
    rows = (
        Invoice.objects.filter(stands, facility__legal_entity=legal_entity, issued_on__lte=on)
        .annotate(left=F("total_minor") - Coalesce(Sum("settlements__amount_minor", filter=by_then), 0))
        .exclude(left=0)
        .values_list("kind", "public_id", "facility_id", "left", "currency")
    )
    for kind, public_id, facility_id, left, currency in rows.order_by("id"):
        yield OpenDocument(f"receivable.{kind.lower()}", public_id, facility_id, Money(int(left), currency))


def unbilled_documents(legal_entity: LegalEntity, _on: date) -> Iterator[OpenDocument]:
    """What was done and stands on no issued invoice, as it is now: charges and drafts. Two SQL queries.

    Drafts are not posted.
    """
    to_bill = Charge.objects.filter(facility__legal_entity=legal_entity, state=Charge.State.BILLABLE)
    drafted = InvoiceLine.objects.filter(
        invoice__facility__legal_entity=legal_entity, invoice__state=Invoice.State.DRAFT
    )
    left = F("amount_minor") - F("invoiced_minor")
    rows = [
        *to_bill.values_list("public_id", "facility_id", left, "currency").order_by("id"),
        *drafted.values_list("invoice__public_id", "invoice__facility_id")
        .annotate(left=Sum("amount_minor"))
        .values_list("invoice__public_id", "invoice__facility_id", "left", "invoice__currency")
        .order_by("invoice__public_id"),
    ]
    for public_id, facility_id, minor, currency in rows:
        yield OpenDocument("receivable.unbilled", public_id, facility_id, Money(int(minor), currency))
