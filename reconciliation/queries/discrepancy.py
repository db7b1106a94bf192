"""Questions about discrepancies: the queue, and everything about one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import Abs

from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.web.names import name_of, names_of
from ledger.queries import role_name
from reconciliation.models import (
    Discrepancy,
    Expectation,
    MatchItem,
    MatchLine,
    Note,
    Proposal,
    StatementLine,
    Suggestion,
)

MAX_CANDIDATES = 9
MAX_QUEUE = 200


@dataclass(frozen=True, slots=True)
class Group:
    """The waiting discrepancies of one kind and currency: how many, how much if known, since when."""

    kind: str
    label: str
    count: int
    amount: Money | None
    oldest_on: date
    rows: list[Discrepancy] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Side:
    """One side as a card: rows of (label, value, whether it differs from the other side)."""

    title: str
    rows: list[tuple[str, Any, bool]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expected item that could be the one, with why and why not."""

    number: int
    item: Expectation
    amount: Money
    difference: Money
    score: int
    reasons: list[str]
    against: str


@dataclass(frozen=True, slots=True)
class DiscrepancyDetail:
    """All that the screen shows of one discrepancy."""

    row: Discrepancy
    amount: Money | None
    bank: Side
    book: Side
    candidates: list[Candidate]
    other_lines: list[StatementLine]
    proposal: Proposal | None
    journal: list[dict[str, Any]]
    notes: list[Note]
    past: list[Proposal]


def discrepancies_of(facility_ids: Collection[int]) -> QuerySet[Discrepancy]:
    rows = Discrepancy.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "account", "line", "expectation", "statement", "owner")


def queue(
    facility_ids: Collection[int],
    *,
    kind: str = "",
    state: str = "",
    text: str = "",
    mine: User | None = None,
) -> list[Group]:
    """What waits, grouped by kind; in each group what is largest and oldest first. Two queries.

    At most two hundred rows are listed; the groups count all of them.
    """
    rows = discrepancies_of(facility_ids).exclude(state="APPROVED")
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if mine is not None:
        rows = rows.filter(owner=mine)
    if text:
        rows = rows.filter(public_id__icontains=text) | rows.filter(line__bank_reference__icontains=text)
    totals = rows.values("kind", "currency").annotate(
        count=Count("id"), total=Sum(Abs("amount_minor")), oldest_on=Min("due_on")
    )
    listed: dict[tuple[str, str], list[Discrepancy]] = {}
    for row in rows.order_by("due_on", "-amount_minor", "id")[:MAX_QUEUE]:
        listed.setdefault((row.kind, row.currency), []).append(row)
    groups = [
        Group(
            kind=total["kind"],
            label=Discrepancy.Kind(total["kind"]).label,
            count=total["count"],
            amount=None if total["total"] is None else Money(int(total["total"]), total["currency"]),
            oldest_on=total["oldest_on"],
            rows=sorted(
                listed.get((total["kind"], total["currency"]), []),
                key=lambda row: (row.due_on, -abs(row.amount_minor or 0), row.pk),
            ),
        )
        for total in totals.order_by("kind", "currency")
    ]
    return sorted(groups, key=lambda group: (group.oldest_on, group.kind))


def discrepancy_detail(row: Discrepancy) -> DiscrepancyDetail:
    """One discrepancy with both sides, candidates, proposal, notes. At most seven queries, and one for
    each kind of document that is named.
    """
    line, item = row.line, row.expectation
    proposals = list(
        Proposal.objects.filter(discrepancy=row)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_at", "-id")
    )
    proposal = next((each for each in proposals if each.verdict is None), None)
    return DiscrepancyDetail(
        row=row,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        bank=_bank_side(row, line, item),
        book=_book_side(line, item),
        candidates=_candidates(row, line),
        other_lines=_other_lines(row),
        proposal=proposal,
        journal=_with_money(proposal.journal, row.currency) if proposal else [],
        notes=list(Note.objects.filter(discrepancy=row).select_related("written_by").order_by("id")),
        past=[each for each in proposals if each.verdict is not None],
    )


def _with_money(journal: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    names = names_of(each["reference"] for each in journal)
    return [
        {
            **each,
            "account": role_name(each["role"]),
            "document": names[each["reference"]],
            "amount": Money(each["amount_minor"], currency),
            "credit": Money(-each["amount_minor"], currency),
        }
        for each in journal
    ]


def journal_of(plan: Any, currency: str) -> list[dict[str, Any]]:
    """A plan's journal lines with money, account and document in words. A query for each kind of document."""
    return _with_money(plan.journal(), currency)


def _bank_side(row: Discrepancy, line: StatementLine | None, item: Expectation | None) -> Side:
    if line is None:
        said = row.statement
        if said is None:
            return Side("At the bank", [("Line", "none", item is not None)])
        opening = None if said.opening_minor is None else Money(said.opening_minor, said.currency)
        closing = None if said.closing_minor is None else Money(said.closing_minor, said.currency)
        return Side(
            f"Statement {said.statement_id}",
            [
                ("Opening", opening, False),
                ("Booked", Money(said.booked_minor, said.currency), False),
                ("Closing", closing, bool(row.amount_minor)),
                ("To", said.to_on, False),
            ],
        )
    differs = item is not None and item.amount_minor != line.amount_minor
    return Side(
        "At the bank",
        [
            ("Amount", Money(line.amount_minor, line.currency), differs),
            ("Booked on", line.booked_on, item is not None and line.booked_on > item.latest_on),
            ("Bank reference", "none" if line.bank_reference[:1] == "~" else line.bank_reference, False),
            ("References", ", ".join(line.references[:6]) or "none", False),
            ("Counterparty", line.counterparty or "unknown", False),
            ("Text", line.description[:300] or "none", False),
        ],
    )


def _book_side(line: StatementLine | None, item: Expectation | None) -> Side:
    if item is None:
        return Side("In the book", [("Expected item", "none chosen", line is not None)])
    differs = line is not None and item.amount_minor != line.amount_minor
    return Side(
        "In the book",
        [
            ("Amount", Money(item.amount_minor, item.currency), differs),
            ("Expected on", item.expected_on, False),
            ("At the latest", item.latest_on, False),
            ("Document", name_of(item.source_id), False),
            ("References", ", ".join(item.references) or "none", False),
            ("Contracted fee", Money(item.fee_minor, item.currency), False),
        ],
    )


def _candidates(row: Discrepancy, line: StatementLine | None) -> list[Candidate]:
    """The run's suggestions that are still free; for a line no run has seen, none."""
    if line is None:
        return []
    free = Suggestion.objects.filter(line=line, expectation__withdrawn_at=None)
    free = free.exclude(expectation__matched__in=_active_items())
    rows = free.select_related("expectation").order_by("-score", "id")[:MAX_CANDIDATES]
    return [
        Candidate(
            number=number,
            item=each.expectation,
            amount=Money(each.expectation.amount_minor, each.expectation.currency),
            difference=Money(line.amount_minor - each.expectation.amount_minor, line.currency),
            score=each.score,
            reasons=each.reasons,
            against=each.against,
        )
        for number, each in enumerate(rows, start=1)
    ]


def _active_items() -> QuerySet:
    return MatchItem.objects.filter(undo__isnull=True)


def _other_lines(row: Discrepancy) -> list[StatementLine]:
    """Unmatched lines of the account that could be merged in: for an item, those near its date."""
    if row.account_id is None or row.statement_id is not None:
        return []
    rows = StatementLine.objects.filter(account_id=row.account_id)
    rows = rows.exclude(matched__in=_active_lines())
    if row.line_id is not None:
        rows = rows.exclude(pk=row.line_id)
    return list(rows.order_by("-booked_on", "-id")[:20])


def _active_lines() -> QuerySet:
    return MatchLine.objects.filter(undo__isnull=True)


def unmatched_items(account_id: int | None) -> list[Expectation]:
    """Expected items of the account that are free, the oldest first; at most forty. One query."""
    rows = Expectation.objects.filter(account_id=account_id, withdrawn_at=None)
    return list(rows.exclude(matched__in=_active_items()).order_by("expected_on", "id")[:40])
