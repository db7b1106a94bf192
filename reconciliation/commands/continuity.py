"""What a statement's balances say beside those of its neighbours."""

from django.db.models import Sum

from reconciliation.commands.opening import close_discrepancies, open_discrepancy
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Discrepancy, Statement
from reconciliation.queries.statement import last_in_chain, pages_of

Kind = Discrepancy.Kind
# Formats that list transactions and know no opening balance.
LISTINGS = ("ofx", "csv", "xlsx")


def is_proved(account: BankAccount, said: ReadStatement) -> bool:
    """Whether the balances prove that a statement repeats nothing of those before it.

    It opens with what the last one closed with, adds up, and its lines move the balance: then lines
    that look like earlier ones are new money. One query.
    """
    if said.to_on is None or said.difference_minor != 0 or not said.booked_minor:
        return False
    last = last_in_chain(account)
    return last is not None and last.closing_minor == said.opening_minor and last.to_on <= said.to_on


def check_continuity(statement: Statement, before: Statement | None, after: Statement | None) -> None:
    """Open what does not add up or join; close what this statement puts right.

    opening + booked = closing, and closing(n) = opening(n+1).
    """
    if statement.format in LISTINGS and statement.opening_minor is None:
        _check_listing(before, statement)
    else:
        _check_sum(statement)
    if statement.page == 1:
        _check_join(before, statement)
    if after is not None and statement.is_last_page:
        _check_join(statement, after)
    missing = Discrepancy.objects.filter(
        kind=Kind.STATEMENT_MISSING,
        account_id=statement.account_id,
        due_on__range=(statement.from_on, statement.to_on),
    )
    close_discrepancies(missing)


def _check_sum(statement: Statement) -> None:
    opening, closing, booked = statement.opening_minor, statement.closing_minor, statement.booked_minor
    if statement.page > 1 or not statement.is_last_page:
        pages = pages_of(statement)
        is_whole = pages[-1].is_last_page and [page.page for page in pages] == list(range(1, len(pages) + 1))
        if not is_whole:
            return
        opening, closing = pages[0].opening_minor, pages[-1].closing_minor
        booked = sum(page.booked_minor for page in pages)
    if opening is None or closing is None:
        reasons = ["The bank left out the opening or the closing balance."]
        _open(Kind.STATEMENT_BALANCE, statement, 0, reasons)
    elif difference := closing - opening - booked:
        _open(
            Kind.STATEMENT_BALANCE, statement, difference, ["Opening and booked lines do not make closing."]
        )


def _check_listing(before: Statement | None, statement: Statement) -> None:
    """A list has no opening balance: the last closing and the lines since must make its closing."""
    if before is None or before.closing_minor is None or statement.closing_minor is None:
        return
    new = statement.lines.aggregate(total=Sum("amount_minor"))["total"] or 0
    difference = statement.closing_minor - before.closing_minor - new
    if difference:
        reasons = [f"The lines since {before.statement_id} do not make the closing balance."]
        _open(Kind.STATEMENT_GAP, statement, difference, reasons)


def _check_join(before: Statement | None, after: Statement) -> None:
    if before is None or before.closing_minor is None or after.opening_minor is None:
        return
    difference = after.opening_minor - before.closing_minor
    is_skipped = (
        before.sequence is not None
        and after.sequence is not None
        and before.year == after.year
        and after.sequence != before.sequence + 1
    )
    if difference or is_skipped:
        reasons = []
        if difference:
            reasons.append(f"Statement {before.statement_id} closed with another balance.")
        if is_skipped:
            reasons.append(f"Its number is {after.sequence}, the one before has {before.sequence}.")
        _open(Kind.STATEMENT_GAP, after, difference, reasons)
    else:
        close_discrepancies(Discrepancy.objects.filter(kind=Kind.STATEMENT_GAP, statement=after))


def _open(kind: str, statement: Statement, amount_minor: int, reasons: list[str]) -> None:
    open_discrepancy(
        kind=kind,
        facility_id=statement.account.facility_id,
        account_id=statement.account_id,
        statement_id=statement.pk,
        due_on=statement.to_on,
        amount_minor=amount_minor,
        currency=statement.currency,
        reasons=reasons,
    )
