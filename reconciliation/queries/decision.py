"""What was decided on an account, as rules.learning reads it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from reconciliation.models import BankAccount, Match, MatchItem, MatchLine, Proposal, StatementLine
from reconciliation.queries.known_party import known_items
from reconciliation.rules.known_items import WORDING, KnownItems
from reconciliation.rules.learning import Decided, DecidedItem, DecidedLine

MOST = 5_000


def decisions_of(account: BankAccount, *, since: datetime) -> list[Decided]:
    """What two people agreed belongs together since a moment, and still stands; named by the proposal.

    The newest five thousand. Four queries.
    """
    rows = Proposal.objects.filter(verdict="APPROVED", match__account=account, match__undo=None)
    rows = rows.filter(decided_at__gte=since).order_by("-decided_at", "-id")
    named = dict(rows.values_list("match_id", "id")[:MOST])
    return [Decided(named[each.id], each.lines, each.items) for each in decided_matches(named) if each.lines]


def decided_matches(match_ids: Collection[int]) -> list[Decided]:
    """These matches with both their sides, named by their own ids. Three queries."""
    known = known_items()
    lines: dict[int, list[DecidedLine]] = defaultdict(list)
    items: dict[int, list[DecidedItem]] = defaultdict(list)
    parts = MatchLine.objects.filter(match_id__in=match_ids).select_related("line").order_by("id")
    for part in parts:
        line = part.line
        lines[part.match_id].append(
            DecidedLine(line.pk, _named(line, known), tuple(line.keys), line.amount_minor)
        )
    others = MatchItem.objects.filter(match_id__in=match_ids).select_related("expectation").order_by("id")
    for other in others:
        item = other.expectation
        items[other.match_id].append(
            DecidedItem(item.pk, item.kind, item.payer, tuple(item.keys), item.amount_minor, item.fee_minor)
        )
    return [Decided(number, tuple(lines[number]), tuple(items[number])) for number in sorted(items)]


def _named(line: StatementLine, known: KnownItems) -> str:
    """Whom the line names; how a text is written is nobody's name."""
    who = known.who(line.counterparty, line.description)
    return "" if who.startswith(WORDING) else who


def matches_booked(account: BankAccount, *, first: date, last: date) -> QuerySet[Match]:
    """The standing matches of the account with a line booked between two days, inclusive."""
    parts = MatchLine.objects.filter(
        undo=None, line__account=account, line__booked_on__gte=first, line__booked_on__lte=last
    )
    return Match.objects.filter(pk__in=parts.values("match_id")).order_by("pk")


def sides_of_matches(decisions: Iterable[Decided]) -> dict[int, frozenset[int]]:
    """Each line's items."""
    return {line.id: frozenset(item.id for item in each.items) for each in decisions for line in each.lines}
