"""Where an item of suspense belongs, as far as references prove it."""

from dataclasses import dataclass
from typing import Any

from billing.queries import invoices_of
from hms_ach.money import Money
from reconciliation.models import (
    Discrepancy,
    Expectation,
    OpenItem,
    OpenLine,
    StatementLine,
    SuspenseClearing,
)
from reconciliation.rules.references import keys_of

MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """The only place that fits: purpose and document as a clearing has them, and why."""

    purpose: str
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; answer is None where nothing fits, or several do. says: in words."""

    answer: Answer | None
    says: str


def line_of(reference: str) -> StatementLine | None:
    """The bank's line that an item of suspense came from; None where it came otherwise. One query."""
    row = Discrepancy.objects.filter(public_id=reference, line__isnull=False).select_related("line").first()
    return row.line if row else None


def answer_for(line: StatementLine, held: Money, *, facility_id: int, reference: str) -> Found:
    """What the line's references prove: an expected item of exactly this amount, or an invoice that takes it.

    Only where one alone fits, no open line of the bank names it too, and nobody sent the same answer back.
    At most six queries.
    """
    refused = set(
        SuspenseClearing.objects.filter(
            facility_id=facility_id, reference=reference, verdict__in=("REJECTED", "WITHDRAWN")
        ).values_list("document", flat=True)
    )
    answers = [
        *_expected(line, held),
        *_invoices(line, held, facility_id=facility_id),
    ]
    left = [each for each in answers if each.document not in refused]
    if len(left) == 1:
        return Found(left[0], left[0].reason)
    if left:
        return Found(None, f"{len(left)} fit: a person must choose")
    return Found(None, "What fits was sent back before" if answers else _not_yet(line, held))


def _named(line: StatementLine) -> Any:
    """What is expected on the line's account under a reference that the line bears."""
    open_items = OpenItem.objects.filter(account_id=line.account_id).values("pk")
    return Expectation.objects.filter(pk__in=open_items, keys__overlap=line.keys)


def _not_yet(line: StatementLine, held: Money) -> str:
    """Why nothing fits; an item that the line names with another amount is told, never taken."""
    other = (
        _named(line).filter(currency=held.currency).exclude(amount_minor=held.minor).order_by("id").first()
    )
    if other is None:
        return "Nothing fits yet"
    expected = Money(other.amount_minor, other.currency).in_words()
    return f"The line names what was expected with another amount, {expected}: a person must say what it is"


def _expected(line: StatementLine, held: Money) -> list[Answer]:
    rows = _named(line).filter(amount_minor=held.minor, currency=held.currency)
    rivals = StatementLine.objects.filter(
        pk__in=OpenLine.objects.filter(account_id=line.account_id).values("pk"), amount_minor=held.minor
    )
    named = {key for keys in rivals.values_list("keys", flat=True) for key in keys}
    return [
        Answer("EXPECTED", row.source_id, "The bank's line names what was expected, with its amount")
        for row in rows.order_by("id")
        if not named.intersection(row.keys)
    ]


def _invoices(line: StatementLine, held: Money, *, facility_id: int) -> list[Answer]:
    """Invoices whose number the line names as it stands, and that still take the whole amount."""
    said = " ".join([*line.references, line.description]).upper().split()
    words = {word.strip(".,;:/()") for word in said[:MOST_WORDS]}
    rows = invoices_of([facility_id]).filter(number__in=words, state="ISSUED", currency=held.currency)
    return [
        Answer("INVOICE", row.public_id, f"The bank's line names invoice {row.number}")
        for row in rows.order_by("id")
        if row.total_minor - row.settled_minor >= held.minor
        and set(keys_of([row.number or ""])).intersection(line.keys)
    ]
