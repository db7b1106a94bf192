"""The roll-forward of receivables by payer."""

from datetime import timedelta

from django.http import HttpResponse

from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, screen
from ledger.queries import RollForwardRow, receivables_roll_forward
from ledger.reports.receivables import month_of, receivables_table
from ledger.rules.movements import MOVEMENTS, RECEIVABLE_ROLES
from ledger.screens.filters import StatementFilter
from ledger.screens.foot import foot_of


@screen("ledger.view_entry")
def receivable_list(request: Request) -> HttpResponse:
    """Each payer from opening to closing balance; every figure leads to its postings."""
    filters = StatementFilter(request)
    scope = filters.scope()
    scope = month_of(scope) if scope else None
    rolled = receivables_roll_forward(scope) if scope else None
    shown = rolled.movements if rolled else []
    return page(
        request,
        full="ledger/receivable/list.html",
        fragment="ledger/receivable/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("receivables", request),
            "scope": scope,
            "rolled": rolled,
            "movements": [(code, *MOVEMENTS[code]) for code in shown],
            "rows": [(row, _cells(row, shown), _asked(row)) for row in rolled.rows] if rolled else [],
            "totals": _cells(rolled.totals, shown) if rolled else [],
            "everywhere": "&".join(f"role={role}" for role in RECEIVABLE_ROLES),
            "base": _base(request, scope.legal_entity.code) if scope else "",
            "opening_until": scope.since - timedelta(days=1) if scope and scope.since else None,
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    return receivables_table(StatementFilter(request).scope_or_refuse(), actor=request.user)


def _cells(row: RollForwardRow, shown: list[str]) -> list:
    return [(code, row.moved[code]) for code in shown]


def _asked(row: RollForwardRow) -> str:
    """The query that leads to the row's postings: "none" stands for no payer, no class."""
    return f"role={row.role}&payer={row.payer or 'none'}&payer_class={row.payer_class or 'none'}"


def _base(request: Request, entity_code: str) -> str:
    query = request.GET.copy()
    for name in ("since", "until", "page"):
        query.pop(name, None)
    query["entity"] = entity_code
    return query.urlencode()
