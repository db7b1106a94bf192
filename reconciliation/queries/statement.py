"""Questions about statements."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from hms_ach.refusal import Refusal
from reconciliation.models import BankAccount, Statement, StatementLine


class StatementUnknown(Refusal):
    code = "statement_unknown"
    status = 404
    sentence = "There is no statement {statement} of account {account}. Check its number."


def statements_of(facility_ids: Collection[int]) -> QuerySet[Statement]:
    """The statements of the facilities' accounts, the newest day first."""
    rows = Statement.objects.filter(account__facility_id__in=facility_ids)
    return rows.select_related("account", "account__facility", "file").order_by("-to_on", "-id")


def statement_of(account: BankAccount, statement_id: str) -> Statement:
    """The statement with the bank's number; of several years, the latest. Raises StatementUnknown."""
    rows = Statement.objects.filter(account=account, statement_id=statement_id)
    found = rows.select_related("account", "account__facility", "file").order_by("-year").first()
    if found is None:
        raise StatementUnknown(statement=statement_id, account=account.code)
    return found


def lines_of(statement: Statement) -> QuerySet[StatementLine]:
    """The lines that this statement brought first, in file order."""
    return StatementLine.objects.filter(statement=statement).order_by("position", "id")


def neighbours(statement: Statement) -> tuple[Statement | None, Statement | None]:
    """The statements of the account just before and just after. Two queries."""
    rows = Statement.objects.filter(account_id=statement.account_id).exclude(pk=statement.pk)
    before = rows.filter(to_on__lt=statement.to_on).order_by("-to_on", "-id").first()
    after = rows.filter(to_on__gt=statement.to_on).order_by("to_on", "id").first()
    return before, after


def sequence_problem(account: BankAccount, statement_id: str, sequence: int, to_on: date) -> str:
    """Why a sequence number cannot be right beside the year's other statements; "" when it can.

    A gap is no such reason: the statement between may still come. One query.
    """
    rows = Statement.objects.filter(account=account, year=to_on.year, sequence__isnull=False)
    others = rows.exclude(statement_id=statement_id).order_by("to_on", "id")
    for other_id, other_sequence, other_on in others.values_list("statement_id", "sequence", "to_on"):
        assert other_sequence is not None
        if other_sequence == sequence:
            return f"the same number as statement {other_id}"
        if (other_on < to_on and other_sequence > sequence) or (
            other_on > to_on and other_sequence < sequence
        ):
            return f"out of order: statement {other_id} of {other_on} has {other_sequence}"
    return ""
