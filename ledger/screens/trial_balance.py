"""The trial balance, alone or beside that of other days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict

from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, screen
from ledger.queries import Scope
from ledger.reports.trial_balance import Days, compared_trial_balance, trial_balance_table
from ledger.rules.comparison import HOW, days_before, year_before
from ledger.screens.filters import StatementFilter, before_closing_field, day_field
from ledger.screens.foot import foot_of


class TrialBalanceFilter(StatementFilter):
    """The statement's filter, and the days compared with."""

    before_closing = before_closing_field()
    compare = forms.ChoiceField(label="Compare with", required=False, choices=HOW)
    compare_since = day_field("Compared from")
    compare_until = day_field("Compared until")

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        since, until = chosen.get("compare_since"), chosen.get("compare_until")
        if chosen.get("compare") == "days" and not until and "compare_until" not in self.errors:
            self.add_error("compare_until", "Choose the last day to compare with.")
        if since and until and since > until:
            self.add_error("compare_since", "This day is after the last one. Choose an earlier day.")
        return chosen

    def compared_with(self, scope: Scope) -> Days | None:
        """The days that were chosen for comparison; None for none."""
        how = self.cleaned_data.get("compare")
        if how == "previous":
            return Days(*days_before(scope.since, scope.until))
        if how == "year":
            return Days(*year_before(scope.since, scope.until))
        if how == "days":
            return Days(self.cleaned_data["compare_since"], self.cleaned_data["compare_until"])
        return None


@dataclass(frozen=True, slots=True)
class Leads:
    """The queries that lead from a figure to its rows: of these days, and of those compared with.

    carried and closing lead to everything before the days, and up to their end.
    """

    now: str
    before: str
    carried: str
    closing: str


@screen("ledger.view_entry")
def trial_balance_screen(request: Request) -> HttpResponse:
    """Every account with its debits, credits and balance; each figure leads to its rows."""
    filters = TrialBalanceFilter(request)
    scope = filters.scope()
    compared_with = filters.compared_with(scope) if scope else None
    return page(
        request,
        full="ledger/trial_balance/list.html",
        fragment="ledger/trial_balance/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("trial-balance", request),
            "scope": scope,
            "compared": compared_trial_balance(scope, compared_with=compared_with) if scope else None,
            "leads": _leads(request.GET, scope, compared_with) if scope else None,
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    filters = TrialBalanceFilter(request)
    scope = filters.scope_or_refuse()
    return trial_balance_table(scope, compared_with=filters.compared_with(scope), actor=request.user)


def _leads(asked: QueryDict, scope: Scope, compared_with: Days | None) -> Leads:
    query = asked.copy()
    query["entity"] = scope.legal_entity.code
    for name in ("compare", "compare_since", "compare_until"):
        query.pop(name, None)
    now = query.urlencode()
    query.pop("since", None)
    closing = query.urlencode()
    if scope.since:
        query["until"] = (scope.since - timedelta(days=1)).isoformat()
    query.pop("before_closing", None)
    carried = query.urlencode()
    if scope.before_closing:
        query["before_closing"] = "on"
    if compared_with:
        query["since"] = compared_with.since.isoformat() if compared_with.since else ""
        query["until"] = compared_with.until.isoformat()
    return Leads(now, query.urlencode(), carried, closing)
