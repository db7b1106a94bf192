"""A bank that states again what it stated before: what is different, said once and clearly."""

from datetime import date

from django.db import connection

from hms_ach.refusal import Finding, Refusal
from reconciliation.commands.opening import open_discrepancy
from reconciliation.formats.statement import Statement as ReadStatement
from reconciliation.models import BankAccount, Discrepancy, Statement

_COMPARE = """
    WITH told AS (
        SELECT booked_on, amount_minor, bank_reference,
               row_number() OVER (PARTITION BY booked_on, amount_minor, bank_reference) AS ordinal
          FROM bank_staging WHERE statement_no = %(number)s AND status = 'BOOK'
    ), kept AS (
        SELECT booked_on, amount_minor, bank_reference, ordinal
          FROM reconciliation_statementline
         WHERE account_id = %(account)s AND booked_on BETWEEN %(from_on)s AND %(to_on)s
    )
    SELECT (SELECT count(*) FROM (TABLE told EXCEPT TABLE kept) added), count(*),
           coalesce(sum(amount_minor), 0)::bigint
      FROM (TABLE kept EXCEPT TABLE told) gone
"""


class StatementContradicts(Refusal):
    code = "statement_contradicts"
    sentence = (
        "Statement {statement} of {year} is here already with other bytes (SHA-256 {known}…): {difference}. "
        "Nothing was changed; ask the bank which one is right."
    )


def refuse_contradiction(number: int, account: BankAccount, said: ReadStatement, before: Statement) -> None:
    """Another statement under a known number. Always raises StatementContradicts."""
    raise StatementContradicts(
        statement=before.statement_id,
        year=before.year,
        known=before.sha256[:12],
        difference=_difference(number, account, said, before),
    )


def restated(number: int, account: BankAccount, said: ReadStatement) -> list[Finding]:
    """A warning where the bank states days again that another statement covers already. Two queries."""
    if said.from_on is None or said.to_on is None:
        return []
    if said.opening_minor is None:
        return _gone(number, account, said)
    before = _stated_before(account, said)
    if before is None:
        return []
    problem = (
        f"states again what statement {before.statement_id} stated: "
        f"{_difference(number, account, said, before)}; what is here stays, settle what is gone"
    )
    return [Finding(said.source_line, "statement", said.statement_id[:60], "restatement", problem, False)]


def check_restated(number: int, statement: Statement, said: ReadStatement) -> None:
    """Open what a restatement left behind: lines that are kept and that the bank states no more.

    Its amount is what the bank books more than before; of a list, whose other lines are news, what is gone.
    """
    if said.opening_minor is None:
        before, first, last = None, statement.from_on, statement.to_on
    else:
        before = _stated_before(statement.account, said)
        if before is None:
            return
        first, last = before.from_on, before.to_on
    _added, gone, gone_minor = _compared(number, statement.account, first, last)
    if not gone:
        return
    told = f"what statement {before.statement_id} stated" if before else "days that earlier files stated"
    open_discrepancy(
        kind=Discrepancy.Kind.STATEMENT_GAP,
        facility_id=statement.account.facility_id,
        account_id=statement.account_id,
        statement_id=statement.pk,
        due_on=statement.to_on,
        amount_minor=statement.booked_minor - before.booked_minor if before else -gone_minor,
        currency=statement.currency,
        reasons=[f"States again {told}, without {gone} of its lines. Settle what is gone."],
    )


def _stated_before(account: BankAccount, said: ReadStatement) -> Statement | None:
    """The statement of the same days and opening balance under another number; only a first page has one."""
    if said.page != 1:
        return None
    assert said.from_on is not None
    assert said.to_on is not None
    same = Statement.objects.filter(
        account=account, from_on=said.from_on, to_on=said.to_on, opening_minor=said.opening_minor, page=1
    )
    return same.exclude(statement_id=said.statement_id).order_by("-id").first()


def _gone(number: int, account: BankAccount, said: ReadStatement) -> list[Finding]:
    """A list without opening balance may overlap earlier ones; what they had in its days must stand in it."""
    assert said.from_on is not None
    assert said.to_on is not None
    added, gone, _gone_minor = _compared(number, account, said.from_on, said.to_on)
    if not gone:
        return []
    problem = (
        f"lacks what earlier files had in its days: {_more_and_fewer(added, gone)}; "
        "what is here stays, settle what is gone"
    )
    return [Finding(said.source_line, "statement", said.statement_id[:60], "restatement", problem, False)]


def _difference(number: int, account: BankAccount, said: ReadStatement, before: Statement) -> str:
    added, gone, _gone_minor = _compared(number, account, before.from_on, before.to_on)
    closing = "the same" if said.closing_minor == before.closing_minor else "another"
    return f"{_more_and_fewer(added, gone)}, {closing} closing balance"


def _more_and_fewer(added: int, gone: int) -> str:
    more, fewer = (f"{count} line{'' if count == 1 else 's'}" for count in (added, gone))
    return f"{more} more, {fewer} fewer"


def _compared(number: int, account: BankAccount, from_on: date, to_on: date) -> tuple[int, int, int]:
    """How many booked lines the file has more than is kept of these days; how many fewer, and their sum."""
    with connection.cursor() as cursor:
        place: dict[str, int | date] = {"number": number, "account": account.pk}
        cursor.execute(_COMPARE, place | {"from_on": from_on, "to_on": to_on})
        return cursor.fetchone()
