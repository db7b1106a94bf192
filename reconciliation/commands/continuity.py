"""What a statement's balances say beside those of its neighbours."""

from reconciliation.commands.opening import close_discrepancies, open_discrepancy
from reconciliation.models import Discrepancy, Statement

Kind = Discrepancy.Kind


def check_continuity(statement: Statement, before: Statement | None, after: Statement | None) -> None:
    """Open what does not add up or join; close what this statement puts right.

    opening + booked = closing, and closing(n) = opening(n+1).
    """
    _check_sum(statement)
    _check_join(before, statement)
    if after is not None:
        _check_join(statement, after)
    missing = Discrepancy.objects.filter(
        kind=Kind.STATEMENT_MISSING,
        account_id=statement.account_id,
        due_on__range=(statement.from_on, statement.to_on),
    )
    close_discrepancies(missing)


def _check_sum(statement: Statement) -> None:
    opening, closing = statement.opening_minor, statement.closing_minor
    if opening is None or closing is None:
        reasons = ["The bank left out the opening or the closing balance."]
        _open(Kind.STATEMENT_BALANCE, statement, 0, reasons)
    elif difference := closing - opening - statement.booked_minor:
        _open(
            Kind.STATEMENT_BALANCE, statement, difference, ["Opening and booked lines do not make closing."]
        )


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
