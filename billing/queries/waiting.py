"""What awaits a person at the bill."""

from collections.abc import Collection

from django.db.models import Count, DateTimeField, Min, Sum
from django.urls import reverse

from billing.models import Invoice
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.web.waiting import Waiting


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Drafts to issue in these facilities. One SQL query."""
    drafts = Invoice.objects.filter(state=Invoice.State.DRAFT, facility_id__in=facility_ids)
    found = drafts.aggregate(
        count=Count("id"),
        oldest_at=Min("drafted_at", output_field=DateTimeField()),
        minor=Sum("total_minor"),
        currencies=Count("currency", distinct=True),
        of_currency=Min("currency"),
    )
    is_one_currency = found["currencies"] == 1
    return [
        Waiting(
            title="Draft invoices to issue",
            count=found["count"],
            url=f"{reverse('billing:invoice-list')}?state=DRAFT",
            permission="billing.issue_invoice",
            amount=Money(int(found["minor"]), found["of_currency"]) if is_one_currency else None,
            oldest_on=found["oldest_at"].date() if found["oldest_at"] else None,
        )
    ]
