"""One account's statement, with the way down to entries and their documents."""

from datetime import date

from django.http import Http404, HttpResponse

from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, page, screen
from hms_ach.web.names import names_of
from ledger.queries import account_by_number, account_statement
from ledger.screens.filters import BookFilter

_BEGINNING = date(1900, 1, 1)


@screen("ledger.view_entry")
def account_detail(request: Request, entity_code: str, number: str) -> HttpResponse:
    """The account's postings in the person's facilities, oldest first, with a running balance."""
    own = [f for f in facilities_of(request.user) if f.legal_entity.code == entity_code]
    account = account_by_number(entity_code=entity_code, number=number) if own else None
    filters = BookFilter(request)
    scope = filters.scope()
    if account is None or scope is None:
        raise Http404
    chosen = [f.pk for f in scope.facilities if f in own] or [f.pk for f in own]
    statement = account_statement(
        account=account,
        since=scope.since or _BEGINNING,
        until=scope.until,
        facility_ids=chosen,
        page=request.GET.get("page", 1),
    )
    ids = [(row.source_id, row.reference) for row in statement.page]
    names = names_of(name for pair in ids for name in pair)
    return page(
        request,
        full="ledger/account/detail.html",
        fragment="ledger/account/_table.html",
        context={
            "account": account,
            "filters": filters,
            "scope": scope,
            "statement": statement,
            "page": statement.page,
            "rows": [(row, names[row.source_id], names[row.reference]) for row in statement.page],
        },
    )
