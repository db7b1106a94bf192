"""One account's statement, with the way down to entries and their documents."""

from dataclasses import replace

from django.http import Http404, HttpResponse

from hms_ach.access.queries import facilities_of
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, screen
from hms_ach.web.names import names_of
from ledger.models import Account
from ledger.queries import Scope, account_by_number
from ledger.reports.account_statement import account_statement_of, account_table
from ledger.screens.filters import StatementFilter
from ledger.screens.foot import foot_of


@screen("ledger.view_entry")
def account_detail(request: Request, entity_code: str, number: str) -> HttpResponse:
    """The account's postings in the person's facilities, oldest first, with a running balance."""
    account = _account_or_404(request, entity_code, number)
    filters = StatementFilter(request)
    scope = filters.scope()
    scope = _of_entity(request, scope, account) if scope else None
    statement = account_statement_of(scope, account, page=asked_page(request)) if scope else None
    found = statement.page if statement else []
    names = names_of(name for row in found for name in (row.source_id, row.reference))
    return page(
        request,
        full="ledger/account/detail.html",
        fragment="ledger/account/_table.html",
        context={
            "account": account,
            "filters": filters,
            "foot": foot_of("account", request, of=entity_code, account=number),
            "scope": scope,
            "statement": statement,
            "page": found,
            "rows": [(row, names[row.source_id], names[row.reference]) for row in found],
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file; `of` names the entity, `account` the account."""
    account = _account_or_404(request, request.GET.get("of", ""), request.GET.get("account", ""))
    scope = StatementFilter(request).scope_or_refuse()
    return account_table(_of_entity(request, scope, account), account, actor=request.user)


def _account_or_404(request: Request, entity_code: str, number: str) -> Account:
    own = any(f.legal_entity.code == entity_code for f in facilities_of(request.user))
    account = account_by_number(entity_code=entity_code, number=number) if own else None
    if account is None:
        raise Http404
    return account


def _of_entity(request: Request, scope: Scope, account: Account) -> Scope:
    """The scope within the account's entity: its facilities that were chosen, else all of the person's."""
    own = [f for f in facilities_of(request.user) if f.legal_entity_id == account.legal_entity_id]
    chosen = [facility for facility in scope.facilities if facility in own] or own
    return replace(scope, legal_entity=account.legal_entity, facilities=chosen)
