"""What lists of the till add up to, for those who book it: a drawer is counted blind."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from hms_ach.access.models import User
from hms_ach.web.totals import ListTotal, totals_of


def till_totals(
    person: User, rows: "QuerySet[Any]", figures: Mapping[str, Any], *, currency: str = "currency"
) -> list[ListTotal]:
    """As totals_of; nothing for people who may not see the book, as a sum would tell them what to count."""
    if not person.has_perm("ledger.view_account"):
        return []
    return totals_of(rows, figures, currency=currency)
