"""What the system sees by itself of a bank account's checklist."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F, Q, QuerySet

from hms_ach.money import Money
from reconciliation.models import BankAccount, BankDelivery, MatchItem, Statement, StatementLine
from reconciliation.rules.certification import CYCLES, STATEMENTS_LOOKED_AT, Cycle, cycles_in_row
from reconciliation.rules.references import keys_of


@dataclass(frozen=True, slots=True)
class Proof:
    """What was seen, in words with its figure, and where.

    is_enough  whether it proves the item; "2 of 5 in a row" does not yet
    """

    words: str
    is_enough: bool
    statement: Statement | None = None
    delivery: BankDelivery | None = None


def proof_of(
    account: BankAccount, item: str, *, details: dict[str, str] | None = None, since: date | None = None
) -> Proof | None:
    """What the system sees of an item; None where it has nothing to look at. Four queries at most.

    details, since  of a penny test: its amount and reference, and the day it was sent
    """
    if item == "penny_test":
        return _penny(account, details, since) if details and since else None
    look = _LOOKS.get(item)
    return look(account) if look else None


def _test_file(account: BankAccount) -> Proof:
    last = _newest(account).first()
    if last is None:
        return Proof("No file of this account was taken in yet.", is_enough=False)
    count = last.line_count
    words = f"Statement {last.statement_id} was read: {count} entr{'y' if count == 1 else 'ies'}, none fatal."
    return Proof(words, is_enough=True, statement=last)


def _cycles(account: BankAccount) -> Proof:
    rows = list(_newest(account)[:STATEMENTS_LOOKED_AT])
    count = cycles_in_row(_cycles_of(rows[::-1]))
    last = rows[0] if rows else None
    words = f"{count} statement{'' if count == 1 else 's'} in a row with continuous balances"
    if count and last is not None:
        words += f", up to {last.statement_id}"
    words += "." if count >= CYCLES else f"; {CYCLES} are needed."
    return Proof(words, is_enough=count >= CYCLES, statement=last)


def _cycles_of(rows: list[Statement]) -> list[Cycle]:
    """Whole statements, oldest first; one whose pages are not all here has unknown balances."""
    cycles = []
    for _, group in groupby(rows, key=lambda row: (row.year, row.statement_id)):
        pages = sorted(group, key=lambda row: row.page)
        is_whole = pages[-1].is_last_page and [each.page for each in pages] == list(range(1, len(pages) + 1))
        cycles.append(
            Cycle(
                opening_minor=pages[0].opening_minor if is_whole else None,
                closing_minor=pages[-1].closing_minor if is_whole else None,
                booked_minor=sum(each.booked_minor for each in pages),
                year=pages[0].year,
                sequence=pages[0].sequence,
            )
        )
    return cycles


def _delivery(account: BankAccount) -> Proof:
    """By the file that a connection brought and a statement of this account came out of."""
    came = BankDelivery.objects.filter(
        result__in=[BankDelivery.Result.TAKEN_IN, BankDelivery.Result.KNOWN],
        file__in=_newest(account).values("file")[:STATEMENTS_LOOKED_AT],
    )
    last = came.select_related("connection").order_by("-id").first()
    if last is None:
        return Proof("No connection brought a file of this account yet.", is_enough=False)
    return Proof(f"{last.connection.name} brought {last.remote_name}.", is_enough=True, delivery=last)


def _addenda(account: BankAccount) -> Proof:
    """A payment whose line names its remittance: the bank passed the addenda on."""
    named = MatchItem.objects.filter(
        expectation__kind="remittance",
        undo=None,
        match__lines__line__statement__in=_recent(account),
        match__lines__line__keys__overlap=F("expectation__keys"),
    )
    line_ids = set(named.values_list("match__lines__line", flat=True))
    if not line_ids:
        return Proof("No payment was found by its remittance's trace yet.", is_enough=False)
    count = len(line_ids)
    words = f"{count} insurer payment{'' if count == 1 else 's'} came with the trace of the remittance."
    return Proof(words, is_enough=True, statement=_statement_of_line(Q(pk__in=line_ids)))


def _returns(account: BankAccount) -> Proof:
    lines = StatementLine.objects.filter(statement__in=_recent(account), is_reversal=True)
    count = lines.count()
    if not count:
        return Proof("No return or reversal was read yet.", is_enough=False)
    words = f"{count} reversed entr{'y' if count == 1 else 'ies'} read."
    last = lines.select_related("statement").order_by("-id")[0]
    return Proof(words, is_enough=True, statement=last.statement)


def _penny(account: BankAccount, details: dict[str, str], since: date) -> Proof:
    """The line of the amount, in or out, that quotes the reference, from the day on which it was sent."""
    minor = Money.parse(details["amount"], account.currency).minor
    seen = _statement_of_line(
        Q(
            account=account,
            amount_minor__in=[minor, -minor],
            booked_on__gte=since,
            keys__overlap=keys_of([details["reference"]]),
        )
    )
    said = f"{Money(minor, account.currency).in_words()} with {details['reference']}"
    if seen is None:
        return Proof(f"No line of {said} was booked since.", is_enough=False)
    return Proof(f"{said} stands on statement {seen.statement_id}.", is_enough=True, statement=seen)


_LOOKS: dict[str, Callable[[BankAccount], Proof]] = {
    "addenda": _addenda,
    "delivery": _delivery,
    "test_file": _test_file,
    "test_cycles": _cycles,
    "returns": _returns,
}


def _newest(account: BankAccount) -> QuerySet[Statement]:
    rows = Statement.objects.filter(account=account)
    return rows.order_by("-to_on", F("sequence").desc(nulls_last=True), "-id")


def _recent(account: BankAccount) -> list[int]:
    return list(_newest(account).values_list("pk", flat=True)[:STATEMENTS_LOOKED_AT])


def _statement_of_line(which: Q) -> Statement | None:
    line = StatementLine.objects.filter(which).select_related("statement").order_by("-id").first()
    return line.statement if line else None
