"""The table of posting rules, and whether what was posted agrees with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse

from hms_ach.web import Request, page, screen
from ledger.queries import role_name, rule_uses
from ledger.rules.entry_source import document_name
from ledger.rules.posting_rules import RULES, PostingRule
from ledger.screens.filters import BookFilter


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A rule in words. is_posted says whether an app follows it today."""

    event: str
    debit: list[str]
    credit: list[str]
    document: str
    is_posted: bool


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
    shown = [(_in_words(rule), count) for rule, count in counted.items()]
    return page(
        request,
        full="ledger/posting_rule/list.html",
        fragment="ledger/posting_rule/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "rules": [(rule, count) for rule, count in shown if rule.is_posted],
            "not_posted_yet": [rule for rule, _count in shown if not rule.is_posted],
            "strays": [(use, _words(use.debits), _words(use.credits)) for use in uses if use.rule is None],
        },
    )


def _in_words(rule: PostingRule) -> RuleShown:
    return RuleShown(
        rule.event, _words(rule.debit), _words(rule.credit), document_name(rule.source), bool(rule.command)
    )


def _words(roles: Iterable[str]) -> list[str]:
    return [role_name(role) for role in roles]
