"""Everything about one discrepancy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cashiering.queries import (
    BaggedSession,
    BankedCheque,
    LostChargeback,
    PaidTender,
    banked_cheques,
    lost_chargebacks,
    paid_tenders,
    sessions_in_bag,
)
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.web.names import names_of
from ledger.queries import role_name
from reconciliation.models import (
    Discrepancy,
    DiscrepancyFile,
    DiscrepancyHold,
    Expectation,
    Note,
    OpenItem,
    OpenLine,
    Proposal,
    StatementLine,
    Suggestion,
    SuggestionRejection,
    SuspenseClearing,
)
from reconciliation.queries.open_part import MAX_OTHERS, items_near, lines_near
from reconciliation.queries.original import Original, original_of
from reconciliation.queries.proposal import in_suspense, waiting_elsewhere
from reconciliation.queries.queue import Waits, waits_of
from reconciliation.queries.repeated import Repeated, repeated_by
from reconciliation.queries.review import hold_of, rejections_of
from reconciliation.queries.side import Sides, sides_of_discrepancy
from reconciliation.queries.sweep import Fitting, Pair, sweeps_of

MAX_CANDIDATES = 9
MAX_BAGS = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose: how it ends, and the lines and items besides the discrepancy's own."""

    action: str = ""
    line_ids: Sequence[int] = ()
    item_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could be the other side: an expected item for a line, a line for an item; why and why not.

    field  "item" or "line": where a form chooses it; is_in: whether it is chosen
    """

    number: int
    id: int
    field: str
    amount: Money
    difference: Money
    day: Any
    says: str
    score: int
    reasons: list[str]
    against: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class OtherSide:
    """A line of another own account that fits as well as others; number: its key on the screen."""

    number: int
    line: StatementLine
    reasons: list[str]
    is_in: bool


@dataclass(frozen=True, slots=True)
class Bag:
    """A deposit on one side, and the sessions whose money it holds."""

    item: Expectation
    sessions: list[BaggedSession]


@dataclass(frozen=True, slots=True)
class DiscrepancyDetail:
    """All that the screen shows of one discrepancy. other_lines and other_items end at most_others each."""

    row: Discrepancy
    waits: Waits
    amount: Money | None
    sides: Sides
    candidates: list[Candidate]
    other_lines: list[StatementLine]
    other_items: list[Expectation]
    proposal: Proposal | None
    journal: list[dict[str, Any]]
    notes: list[Note]
    files: list[DiscrepancyFile]
    past: list[Proposal]
    hold: DiscrepancyHold | None
    rejections: list[SuggestionRejection]
    cheques: list[BankedCheque]
    paid: list[PaidTender]
    lost: list[LostChargeback]
    bags: list[Bag]
    original: Original | None
    sweep: Pair | None
    sweep_line: StatementLine | None
    transfers: list[OtherSide]
    repeated: Repeated | None
    elsewhere: Proposal | None
    in_suspense: SuspenseClearing | None
    most_others: int = MAX_OTHERS


def discrepancy_detail(row: Discrepancy, chosen: Chosen) -> DiscrepancyDetail:
    """One discrepancy with both sides as chosen or proposed, candidates, notes, files. At most twenty-five
    queries, one for each kind of document that is named, and five for each bag.
    """
    proposals = list(
        Proposal.objects.filter(discrepancy=row)
        .select_related("proposed_by", "decided_by", "match")
        .order_by("-proposed_at", "-id")
    )
    # What was closed while a proposal waited needs nobody's decision any more.
    undecided = (each for each in proposals if each.verdict is None and row.state == "PROPOSED")
    proposal = next(undecided, None)
    is_open = proposal is None and row.state != "APPROVED"
    # What is waiting to be approved, or was, is shown as it was proposed.
    approved = (each for each in proposals if each.verdict == "APPROVED")
    shown = proposal or (None if is_open else next(approved, None))
    lines, items = _proposed(shown) if shown else _chosen(row, chosen)
    is_of_line = bool(is_open and row.line and not row.expectation_id)
    fitting = sweeps_of(row.line) if is_of_line and row.line else Fitting([], None)
    sweep, candidates = fitting.only, _candidates(row, chosen) if is_open else []
    attached = DiscrepancyFile.objects.filter(discrepancy=row).select_related("file", "attached_by")
    return DiscrepancyDetail(
        row=row,
        waits=waits_of(row),
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        sides=sides_of_discrepancy(row, lines, items),
        candidates=candidates,
        other_lines=lines_near(row) if is_open else [],
        other_items=items_near(row) if is_open else [],
        proposal=proposal,
        journal=_with_money(shown.journal, row.currency) if shown else [],
        notes=list(Note.objects.filter(discrepancy=row).select_related("written_by").order_by("id")),
        files=list(attached.order_by("id")),
        past=[each for each in proposals if each is not proposal],
        hold=hold_of(row, now=clock.now()),
        rejections=list(rejections_of(row)[:MAX_OTHERS]) if is_open else [],
        cheques=_cheques(row) if is_open else [],
        paid=_paid(row) if is_open else [],
        lost=_lost(row) if is_open else [],
        bags=_bags(items),
        sweep=sweep,
        sweep_line=sweep.other_of(row.line.pk) if sweep and row.line else None,
        transfers=[] if sweep else _transfers(row, fitting, chosen, after=len(candidates)),
        original=original_of(row.line) if is_of_line and row.line else None,
        repeated=repeated_by(row.line) if row.kind == "DUPLICATE" and row.line else None,
        elsewhere=waiting_elsewhere(row) if is_open else None,
        in_suspense=in_suspense(row) if is_open else None,
    )


def _transfers(row: Discrepancy, fitting: Fitting, chosen: Chosen, *, after: int) -> list[OtherSide]:
    """Between equals a person chooses: numbered on from the candidates."""
    line_id = row.line_id or 0
    return [
        OtherSide(number, other := pair.other_of(line_id), pair.reasons, is_in=other.pk in chosen.line_ids)
        for number, pair in enumerate(fitting.pairs[: MAX_CANDIDATES - after], start=after + 1)
    ]


def _cheques(row: Discrepancy) -> list[BankedCheque]:
    """The cheques that the bank may have returned by this debit; none for any other discrepancy."""
    asked = _moved(row, sign=-1)
    return banked_cheques(**asked) if asked else []


def _paid(row: Discrepancy) -> list[PaidTender]:
    """The transfers and card sales that this debit may take back; none for any other discrepancy."""
    asked = _moved(row, sign=-1)
    return paid_tenders(**asked) if asked else []


def _lost(row: Discrepancy) -> list[LostChargeback]:
    """The chargebacks that this credit may give back; none for any other discrepancy."""
    asked = _moved(row, sign=1)
    return lost_chargebacks(**asked) if asked else []


def _moved(row: Discrepancy, *, sign: int) -> dict[str, Any] | None:
    """What the bank took (sign -1) or gave (1), as the till is asked about it; None for all else."""
    line = row.line
    if line is None or line.amount_minor * sign <= 0 or row.expectation_id is not None:
        return None
    words = " ".join([*line.references, line.description, line.bank_reference])
    amount = Money(abs(line.amount_minor), line.currency)
    return {"facility_id": row.facility_id, "amount": amount, "on": line.booked_on, "words": words}


def _bags(items: Sequence[Expectation]) -> list[Bag]:
    """Where the bank counted other than the bag declared, the answer is with those who filled it."""
    deposits = [item for item in items if item.kind == "deposit"][:MAX_BAGS]
    bags = [Bag(item, sessions_in_bag(item.source_id)) for item in deposits]
    return [bag for bag in bags if bag.sessions]


def _proposed(proposal: Proposal) -> tuple[list[StatementLine], list[Expectation]]:
    said = proposal.plan
    lines = StatementLine.objects.filter(pk__in=said["lines"]).order_by("booked_on", "pk")
    return list(lines), list(Expectation.objects.filter(pk__in=said["items"]).order_by("expected_on", "pk"))


def _chosen(row: Discrepancy, chosen: Chosen) -> tuple[list[StatementLine], list[Expectation]]:
    """The discrepancy's own rows with the chosen ones, as `commands.plan_for` would take them."""
    lines = [row.line] if row.line else []
    items = [row.expectation] if row.expectation and not (row.line and chosen.item_ids) else []
    if chosen.line_ids:
        more = StatementLine.objects.filter(pk__in=chosen.line_ids, account_id=row.account_id)
        lines += list(more.exclude(pk__in=[each.pk for each in lines]).order_by("booked_on", "pk"))
    if chosen.item_ids:
        wanted = Expectation.objects.filter(pk__in=chosen.item_ids, account_id=row.account_id)
        items += list(wanted.exclude(pk__in=[each.pk for each in items]).order_by("expected_on", "pk"))
    return lines, items


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


def _candidates(row: Discrepancy, chosen: Chosen) -> list[Candidate]:
    """The run's suggestions that are still free: items for a line, lines for an item. One query."""
    if row.line is not None:
        free = Suggestion.objects.filter(line=row.line)
        free = free.filter(expectation__in=OpenItem.objects.values("pk"))
    elif row.expectation is not None:
        free = Suggestion.objects.filter(expectation=row.expectation)
        free = free.filter(line__in=OpenLine.objects.values("pk"))
    else:
        return []
    rows = free.select_related("expectation", "line").order_by("-score", "id")[:MAX_CANDIDATES]
    return [
        _candidate(number, each, chosen, is_item=row.line is not None)
        for number, each in enumerate(rows, start=1)
    ]


def _candidate(number: int, found: Suggestion, chosen: Chosen, *, is_item: bool) -> Candidate:
    item, line = found.expectation, found.line
    words = item.references or [item.source_id] if is_item else line.references or [line.bank_reference]
    return Candidate(
        number=number,
        id=item.pk if is_item else line.pk,
        field="item" if is_item else "line",
        amount=Money(item.amount_minor if is_item else line.amount_minor, line.currency),
        difference=Money(line.amount_minor - item.amount_minor, line.currency),
        day=item.expected_on if is_item else line.booked_on,
        says=", ".join(words[:3]),
        score=found.score,
        reasons=found.reasons,
        against=found.against,
        is_in=(item.pk in chosen.item_ids) if is_item else (line.pk in chosen.line_ids),
    )
