"""What a fiscal year would move to net assets, and who asked that it be closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.models import Entry, Period, YearClose, YearCloseRequest

# Entries of the closing itself count too, so that closing again moves only what came since.
_RESULTS = """
    SELECT posting.account_id, sum(posting.functional_minor)::bigint
    FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
    WHERE posting.facility_id = %(facility)s AND posting.effective_on <= %(day)s
        AND account.natural_class IN ('REVENUE', 'EXPENSE')
    GROUP BY posting.account_id
    HAVING sum(posting.functional_minor) <> 0
    ORDER BY posting.account_id
"""


def results_of(facility: Facility, *, until: date) -> dict[int, int]:
    """What each account of income and expense is worth, by the account's id; debit positive.

    In minor units of the functional currency. One SQL query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, {"facility": facility.pk, "day": until})
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class YearResult:
    """What closing the year would move at one facility; a surplus is positive here."""

    facility: Facility
    n_accounts: int
    surplus: Money


def year_result(*, legal_entity: LegalEntity, until: date) -> list[YearResult]:
    """What income less expense is worth at each facility up to a day. One SQL query a facility."""
    found = []
    for facility in legal_entity.facilities.order_by("code", "id"):
        results = results_of(facility, until=until)
        surplus = Money(-sum(results.values()), legal_entity.functional_currency)
        found.append(YearResult(facility, len(results), surplus))
    return found


def year_close_requests(*, legal_entity_ids: Collection[int]) -> "QuerySet[YearCloseRequest]":
    """Closings of years that were asked for, the latest first. One SQL query."""
    rows = YearCloseRequest.objects.filter(legal_entity_id__in=legal_entity_ids)
    return rows.select_related("legal_entity", "requested_by", "decided_by").order_by("-id")


def year_closes(*, legal_entity: LegalEntity, fiscal_year: int) -> list[YearClose]:
    """What closings of a year moved, in their order. One SQL query."""
    rows = YearClose.objects.filter(legal_entity=legal_entity, fiscal_year=fiscal_year)
    return list(rows.select_related("closed_by", "request__requested_by").order_by("id"))


def closing_entries(legal_entity: LegalEntity, *, on: date) -> "QuerySet[Entry]":
    """The entries that closed the fiscal year of a day, with what took any of them back; for a subquery.

    Those of years before stay in the book's balances: their income is net assets by then.
    """
    year = Period.objects.filter(legal_entity=legal_entity, starts_on__lte=on, ends_on__gte=on)
    closes = YearClose.objects.filter(
        legal_entity=legal_entity, fiscal_year__in=year.values("fiscal_year")
    ).values("public_id")
    own = Q(source_kind="adjustment", source_id__in=closes)
    taken_back = Q(reverses__source_kind="adjustment", reverses__source_id__in=closes)
    return Entry.objects.filter(own | taken_back, legal_entity=legal_entity)
