"""A bank account's reconciliation as rows for a file, to be kept with the period's close."""

from collections.abc import Sequence
from datetime import datetime

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.sheets import Column, Kind, StatementTable
from reconciliation.models import PreparedReconciliation
from reconciliation.queries import BankReconciliation

DEFINITION = (
    "The closing balance of the last statement up to the day, less what the account held before its first "
    "statement here, with every item that only the bank or only the book has, is the balance in the book. "
    "Money on its way is in the book's clearing accounts and not in this balance."
)


def bank_reconciliation_table(
    found: BankReconciliation,
    prepared: Sequence[tuple[PreparedReconciliation, Sequence[str]]],
    *,
    actor: User,
) -> StatementTable:
    """The balance at the bank, every item between, the balance in the book, and what is left unexplained.

    prepared  what people prepared of the day, the newest first, each with what is otherwise now; the first
              is told of on the paper
    """
    account = found.account
    zero = Money.zero(account.currency)
    statement = found.statement.statement_id if found.statement else "none with a balance"
    totals: list[tuple[str, Money | None]] = [
        ("Must be in the book", found.expected),
        ("Is in the book", found.in_book),
        ("Not explained", found.difference),
    ]
    rows: list[list] = [[f"At the bank, statement {statement}", found.on, "", found.at_bank]]
    if found.before:
        rows.append(["Held before the first statement here", None, "", zero - found.before])
    rows += [[each.what, each.on, each.text, each.amount] for each in found.between]
    rows += [[words, found.on, "", amount] for words, amount in totals]
    rows += [
        [f"On its way: {kind.lower()}", None, f"{count} items", sum_]
        for kind, count, sum_ in found.on_the_way
    ]
    return StatementTable(
        title=f"Bank reconciliation of {account.code}",
        name=f"bank-reconciliation-{account.code}-{found.on.isoformat()}",
        facts=(
            ("Account", f"{account}, {account.facility.name}, {account.currency}"),
            ("At the end of", clock.in_words(found.on)),
            ("Bank and book", "agree" if found.agrees else "do not agree"),
            ("No statement yet for", clock.in_words(found.missing) if found.missing else "no day"),
            ("Taken", f"{_at(clock.now())}, by {_who(actor)}"),
            *_signed(prepared),
            ("Definition", DEFINITION),
        ),
        columns=(Column("What"), Column("Day", Kind.DAY), Column("Text"), Column("Amount", Kind.MONEY)),
        rows=rows,
    )


def _signed(
    prepared: Sequence[tuple[PreparedReconciliation, Sequence[str]]],
) -> tuple[tuple[str, str], ...]:
    if not prepared:
        return (("Prepared by", "nobody yet"), ("Reviewed by", "nobody yet"))
    row, changes = prepared[0]
    review = getattr(row, "review", None)
    said = f"{_at(review.reviewed_at)}, by {_who(review.reviewed_by)}" if review else "nobody yet"
    which = "Signed figures" if review else "Prepared figures"
    return (
        ("Prepared by", f"{_at(row.prepared_at)}, by {_who(row.prepared_by)}{_noted(row.note)}"),
        ("Reviewed by", said + _noted(review.note if review else "")),
        (which, f"differ from today's: {'; '.join(changes)}" if changes else "are these"),
        ("Digest", row.digest),
    )


def _noted(note: str) -> str:
    return f": {note}" if note else ""


def _at(moment: datetime) -> str:
    return f"{moment:%b %d, %Y %H:%M} UTC"


def _who(person: User) -> str:
    return f"{person.get_full_name()} ({person.get_username()})"
