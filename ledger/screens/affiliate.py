"""Due to and due from: what legal entities owe each other, pair by pair."""

from django import forms
from django.http import HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, screen
from hms_ach.web.names import names_of
from ledger.queries import affiliate_pairs, settlements
from ledger.reports.affiliates import affiliates_table
from ledger.screens.filters import StatementFilter
from ledger.screens.foot import foot_of

# The last ones; all of them are in the history.
_SETTLEMENTS = 50


class AffiliateFilter(StatementFilter):
    """Days and moment of the statement's filter; pairs are of whole entities."""

    items = forms.BooleanField(label="Item by item", required=False)


@screen("ledger.view_entry")
def affiliate_list(request: Request) -> HttpResponse:
    """Each pair of entities with both sides; where they differ, item by item shows where."""
    filters = AffiliateFilter(request)
    scope = filters.scope()
    by_item = bool(scope and filters.cleaned_data["items"])
    pairs = []
    if scope:
        pairs = affiliate_pairs(
            facility_ids=facility_ids_of(request.user),
            as_of=scope.until,
            known_at=scope.known_at,
            by_item=by_item,
        )
    asked = list(settlements(facility_ids_of(request.user))[:_SETTLEMENTS])
    references = {pair.reference for pair in pairs} | {row.reference for row in asked}
    names = names_of((references | {row.transfer for row in asked}) - {""})
    return page(
        request,
        full="ledger/affiliate/list.html",
        fragment="ledger/affiliate/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("affiliates", request),
            "scope": scope,
            "by_item": by_item,
            "pairs": [(pair, names.get(pair.reference)) for pair in pairs],
            "settlements": [(row, names[row.reference], names[row.transfer]) for row in asked],
            "n_differ": sum(1 for pair in pairs if pair.mirrors is False),
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    filters = AffiliateFilter(request)
    scope = filters.scope_or_refuse()
    own = facility_ids_of(request.user)
    by_item = filters.cleaned_data["items"]
    return affiliates_table(scope, facility_ids=own, by_item=by_item, actor=request.user)
