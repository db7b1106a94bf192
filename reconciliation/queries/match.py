"""Questions about matches."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from reconciliation.models import BankAccount, Expectation, Match, StatementLine
from reconciliation.rules.plan import Adjustment, Part, Plan


def matches_of(facility_ids: Collection[int]) -> QuerySet[Match]:
    """The facilities' matches, the newest first, with their undoing and posting if any."""
    rows = Match.objects.filter(account__facility_id__in=facility_ids)
    return rows.select_related("account", "account__facility", "made_by", "undo", "posting").order_by("-id")


def unposted_matches(account_id: int) -> QuerySet[Match]:
    """Matches that are still owed to the book."""
    rows = Match.objects.filter(account_id=account_id, posting__isnull=True, undo__isnull=True)
    return rows.select_related("account", "account__facility", "made_by").order_by("id")


def line_parts(account: BankAccount, lines: Sequence[StatementLine]) -> tuple[Part, ...]:
    return tuple(Part(line.pk, line.amount_minor, account.ledger_role) for line in lines)


def item_parts(items: Sequence[Expectation]) -> tuple[Part, ...]:
    return tuple(Part(item.pk, item.amount_minor, item.clearing_role, item.reference) for item in items)


def plan_of(match: Match) -> Plan:
    """What a match is made of. Three queries."""
    lines = [part.line for part in match.lines.select_related("line").order_by("id")]
    items = [part.expectation for part in match.items.select_related("expectation").order_by("id")]
    adjustments = match.adjustments.order_by("id")
    return Plan(
        line_parts(match.account, lines),
        item_parts(items),
        tuple(Adjustment(row.role, row.amount_minor, row.reference) for row in adjustments),
    )
