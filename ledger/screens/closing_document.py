"""What a close itself posts: a revaluation, the closing of a year. Each with its entries."""

from django.http import Http404, HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.web import Request, page, screen
from ledger.models import Revaluation, YearClose
from ledger.queries import entries_of


@screen("ledger.view_period")
def revaluation_detail(request: Request, public_id: str) -> HttpResponse:
    """Foreign balances of a period's end at that day's rates, and the entries that moved them."""
    rows = Revaluation.objects.select_related("period__legal_entity", "made_by")
    found = rows.filter(
        public_id=public_id, period__legal_entity__facilities__in=facility_ids_of(request.user)
    ).first()
    if found is None:
        raise Http404
    context = {
        "title": "Revaluation",
        "entity": found.period.legal_entity,
        "period": found.period,
        "facts": [("Balances revalued", found.n_balances)],
        "made_by": found.made_by,
        "made_at": found.made_at,
    }
    return _shown(request, public_id, context)


@screen("ledger.view_period")
def year_close_detail(request: Request, public_id: str) -> HttpResponse:
    """Income and expense of a fiscal year moved to net assets, and the entries that moved them."""
    rows = YearClose.objects.select_related("legal_entity", "closed_by")
    found = rows.filter(
        public_id=public_id, legal_entity__facilities__in=facility_ids_of(request.user)
    ).first()
    if found is None:
        raise Http404
    surplus = Money(-found.net_minor, found.legal_entity.functional_currency)
    context = {
        "title": f"Closing of fiscal year {found.fiscal_year}",
        "entity": found.legal_entity,
        "period": None,
        "facts": [("Accounts closed", found.n_accounts)],
        "surplus": surplus,
        "made_by": found.closed_by,
        "made_at": found.closed_at,
    }
    return _shown(request, public_id, context)


def _shown(request: Request, public_id: str, context: dict) -> HttpResponse:
    own = facility_ids_of(request.user)
    entries = entries_of(("adjustment", public_id), facility_ids=own)
    context |= {"rows": entries, "public_id": public_id}
    return page(request, full="ledger/closing_document/detail.html", context=context)
