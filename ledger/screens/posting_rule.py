"""The table of posting rules, and whether what was posted agrees with it."""

from datetime import timedelta

from django.http import HttpResponse

from hms_ach.web import Request, page, screen
from ledger.queries import rule_uses
from ledger.rules.posting_rules import RULES
from ledger.screens.filters import BookFilter


@screen("ledger.view_account")
def posting_rule_list(request: Request) -> HttpResponse:
    """Each rule with how often it was used, and the entries that no rule explains; the last 31 days."""
    filters = BookFilter(request)
    scope = filters.scope()
    uses = []
    if scope:
        since = scope.since or scope.until - timedelta(days=31)
        uses = rule_uses(since=since, until=scope.until, facility_ids=scope.facility_ids)
    counted = {rule: sum(use.n_entries for use in uses if use.rule == rule) for rule in RULES}
    return page(
        request,
        full="ledger/posting_rule/list.html",
        fragment="ledger/posting_rule/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "rules": list(counted.items()),
            "strays": [use for use in uses if use.rule is None],
        },
    )
