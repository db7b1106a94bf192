"""The trial balance, on screen and as CSV."""

from django.http import Http404, HttpResponse

from hms_ach.web import Request, page, screen
from ledger.formats.trial_balance import write_csv
from ledger.queries import TrialBalance, trial_balance
from ledger.screens.filters import BookFilter, Scope


def _asked(scope: Scope) -> TrialBalance:
    return trial_balance(
        legal_entity=scope.legal_entity,
        as_of=scope.until,
        since=scope.since,
        facility_ids=scope.facility_ids,
    )


@screen("ledger.view_entry")
def trial_balance_screen(request: Request) -> HttpResponse:
    """Every account with its debits, credits and balance; each leads to its statement."""
    filters = BookFilter(request)
    scope = filters.scope()
    return page(
        request,
        full="ledger/trial_balance/list.html",
        fragment="ledger/trial_balance/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "balance": _asked(scope) if scope else None,
            "query": request.GET.urlencode(),
        },
    )


@screen("ledger.view_entry")
def trial_balance_csv(request: Request) -> HttpResponse:
    """The same as a file."""
    scope = BookFilter(request).scope()
    if scope is None:
        raise Http404
    content = write_csv(
        (r.number, r.name, r.natural_class, str(r.debit), str(r.credit), str(r.balance))
        for r in _asked(scope).rows
    )
    name = f"trial-balance-{scope.legal_entity.code}-{scope.until:%Y-%m-%d}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
