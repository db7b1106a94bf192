"""A bank account's reconciliation as rows for a file, to be kept with the period's close."""

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.sheets import Column, Kind, StatementTable
from reconciliation.queries import BankReconciliation

DEFINITION = (
    "The closing balance of the last statement up to the day, less what the account held before its first "
    "statement here, with every item that only the bank or only the book has, is the balance in the book. "
    "Money on its way is in the book's clearing accounts and not in this balance."
)


def bank_reconciliation_table(found: BankReconciliation, *, actor: User) -> StatementTable:
    """The balance at the bank, every item between, the balance in the book, and what is left unexplained."""
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
            ("Prepared", f"{clock.now():%b %d, %Y %H:%M} UTC"),
            ("Prepared by", f"{actor.get_full_name()} ({actor.get_username()})"),
            ("Certified by", "another person, who signs here and keeps it with the period's close"),
            ("Definition", DEFINITION),
        ),
        columns=(Column("What"), Column("Day", Kind.DAY), Column("Text"), Column("Amount", Kind.MONEY)),
        rows=rows,
    )
