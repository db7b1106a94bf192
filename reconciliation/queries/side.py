"""The two sides of a discrepancy beside each other, row by row, with what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hms_ach import calendars
from hms_ach.money import Money
from hms_ach.web.names import Name, names_of
from reconciliation.models import Discrepancy, Expectation, Statement, StatementLine
from reconciliation.queries.statement import neighbours

MAX_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One field on both sides: values as templates show them; says why they differ, "" where they don't."""

    label: str
    bank: Any
    book: Any
    says: str = ""
    is_same: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.says) and not self.is_same


@dataclass(frozen=True, slots=True)
class Sides:
    """What is chosen on each side. difference: the bank's sum less the book's, None where a side is empty."""

    rows: list[Row]
    bank_title: str
    difference: Money | None = None
    book_title: str = "In the book"

    @property
    def distance(self) -> Money | None:
        """The difference without its sign."""
        return None if self.difference is None else max(self.difference, -self.difference)


def sides_of_discrepancy(
    row: Discrepancy, lines: Sequence[StatementLine], items: Sequence[Expectation]
) -> Sides:
    """The chosen lines and items, or what a statement says of itself. A query for each kind of document."""
    if row.kind == "STATEMENT_MISSING":
        rows = [Row("Statement", "did not come", [row.due_on], "missing")]
        return Sides(rows, "At the bank", book_title="Due")
    if row.statement is not None and not lines and not items:
        return _of_statement(row)
    country = row.account.country if row.account else "US"
    return sides_of(row.currency, lines, items, country=country)


def sides_of(
    currency: str, lines: Sequence[StatementLine], items: Sequence[Expectation], *, country: str
) -> Sides:
    """The sums, days, references and names of lines and items. A query for each kind of document."""
    bank = Money(sum(line.amount_minor for line in lines), currency) if lines else None
    book = Money(sum(item.amount_minor for item in items), currency) if items else None
    rows = [
        _amounts(bank, book, Money(sum(item.fee_minor for item in items), currency)),
        _days(lines, items, country),
        _references(lines, items),
        Row("From", _joined(line.counterparty for line in lines), _joined(item.payer for item in items)),
        _documents(lines, items),
    ]
    difference = bank - book if bank is not None and book is not None else None
    return Sides(rows, "At the bank" if len(lines) < 2 else f"At the bank: {len(lines)} lines", difference)


def _amounts(bank: Money | None, book: Money | None, fee: Money) -> Row:
    if bank is None or book is None:
        return Row("Amount", bank, book)
    if bank == book:
        return Row("Amount", bank, book, "equal", is_same=True)
    if fee and bank == book - fee:
        return Row("Amount", bank, book, "less the contracted fee", is_same=True)
    return Row("Amount", bank, book, "more" if bank > book else "less")


def _days(lines: Sequence[StatementLine], items: Sequence[Expectation], country: str) -> Row:
    booked = sorted({line.booked_on for line in lines})
    expected = sorted({item.expected_on for item in items})
    if not booked or not expected:
        return Row("Day", booked, expected)
    days = calendars.banking_days_between(expected[-1], booked[-1], country=country)
    first, last = min(item.earliest_on for item in items), max(item.latest_on for item in items)
    is_within = first <= booked[0] and booked[-1] <= last
    return Row("Day", booked, expected, _distance(days, expected[-1], booked[-1]), is_same=is_within)


def _distance(days: int, expected_on: date, booked_on: date) -> str:
    if expected_on == booked_on:
        return "the same day"
    if not days:
        return "the next banking day" if booked_on > expected_on else "before it"
    return f"{abs(days)} banking day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"


def _references(lines: Sequence[StatementLine], items: Sequence[Expectation]) -> Row:
    bank = [reference for line in lines for reference in line.references]
    book = [reference for item in items for reference in item.references]
    keys = {key for line in lines for key in line.keys}
    row = Row("References", _joined(bank), _joined(book))
    if not lines or not items or not book:
        return row
    named = sum(bool(keys.intersection(item.keys)) for item in items)
    says = "named by the bank" if named == len(items) else "nothing in common"
    if 0 < named < len(items):
        says = f"{named} of {len(items)} named"
    return Row(row.label, row.bank, row.book, says, is_same=named == len(items))


def _documents(lines: Sequence[StatementLine], items: Sequence[Expectation]) -> Row:
    names: dict[str, Name] = names_of([item.source_id for item in items[:MAX_SHOWN]])
    texts = [line.description for line in lines if line.description]
    numbers = [line.bank_reference for line in lines if line.bank_reference[:1] != "~"]
    return Row("Text, document", _joined([*texts, *numbers])[:300], list(names.values()))


def _joined(words: Any) -> str:
    each = [word for word in dict.fromkeys(words) if word]
    more = f" and {len(each) - MAX_SHOWN} more" if len(each) > MAX_SHOWN else ""
    return ", ".join(each[:MAX_SHOWN]) + more


def _of_statement(row: Discrepancy) -> Sides:
    said = row.statement
    assert said is not None

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, said.currency)

    opening, closing = money(said.opening_minor), money(said.closing_minor)
    booked = Money(said.booked_minor, said.currency)
    should = opening + booked if opening is not None else None
    before = neighbours(said)[0] if row.kind == "STATEMENT_GAP" else None
    joins = money(before.closing_minor) if before else None
    rows = [
        *([_numbers(said, before)] if before else []),
        Row("Opening", opening, joins, _same(opening == joins) if joins else "", opening == joins),
        Row("Booked", booked, None),
        Row("Closing", closing, should, _same(closing == should), closing == should),
        Row("To", [said.to_on], []),
    ]
    return Sides(rows, f"Statement {said.statement_id}", book_title="As it should be")


def _numbers(said: Statement, before: Statement) -> Row:
    """Its number beside the one that would follow the statement before it."""
    if said.sequence is None or before.sequence is None:
        return Row("Statement", said.statement_id, f"after {before.statement_id}")
    due = before.sequence + 1
    is_next = said.sequence == due or said.year != before.year
    told = "the next" if is_next else "skips numbers"
    return Row("Number", f"{said.sequence}", f"{due} after {before.statement_id}", told, is_next)


def _same(is_same: bool) -> str:
    return "equal" if is_same else "differs"
