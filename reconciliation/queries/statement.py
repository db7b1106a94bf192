"""Questions about statements."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F, Q, QuerySet

from hms_ach.refusal import Refusal
from reconciliation.models import BankAccount, Discrepancy, Statement, StatementLine

MATTERS = ("STATEMENT_BALANCE", "STATEMENT_GAP")


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
    found = rows.select_related("account", "account__facility", "file").order_by("-year", "page").first()
    if found is None:
        raise StatementUnknown(statement=statement_id, account=account.code)
    return found


def is_original_open(statement: Statement, facility_ids: Collection[int]) -> bool:
    """Whether every statement that came in the same file is of these facilities. One query."""
    same = Statement.objects.filter(sha256=statement.sha256)
    return not same.exclude(account__facility_id__in=facility_ids).exists()


def lines_of(statement: Statement) -> QuerySet[StatementLine]:
    """The lines that this statement brought first, in file order."""
    return StatementLine.objects.filter(statement=statement).order_by("position", "id")


def neighbours(statement: Statement) -> tuple[Statement | None, Statement | None]:
    """The account's statements just before and just after, of one day by number. Two queries."""
    rows = Statement.objects.filter(account_id=statement.account_id).exclude(
        statement_id=statement.statement_id, year=statement.year
    )
    earlier, later = Q(to_on__lt=statement.to_on), Q(to_on__gt=statement.to_on)
    if statement.sequence is not None:
        same_day = Q(to_on=statement.to_on)
        earlier |= same_day & Q(sequence__lt=statement.sequence)
        later |= same_day & Q(sequence__gt=statement.sequence)
    before = rows.filter(earlier, is_last_page=True).order_by("-to_on", "-sequence", "-id").first()
    after = rows.filter(later, page=1).order_by("to_on", "sequence", "id").first()
    return before, after


def statement_matters(account_ids: Collection[int], *, since: datetime) -> QuerySet[Discrepancy]:
    """What waits on the accounts because their statements do not add up or join, opened since a moment."""
    rows = Discrepancy.objects.filter(account_id__in=account_ids, kind__in=MATTERS, opened_at__gte=since)
    return rows.exclude(state="APPROVED").select_related("statement").order_by("id")


def pages_of(statement: Statement) -> list[Statement]:
    """The pages of a statement that are here, in order. One query."""
    rows = Statement.objects.filter(
        account_id=statement.account_id, statement_id=statement.statement_id, year=statement.year
    )
    return list(rows.order_by("page"))


def last_in_chain(account: BankAccount) -> Statement | None:
    """The account's last statement by day and number. One query."""
    rows = Statement.objects.filter(account=account, is_last_page=True)
    return rows.order_by("-to_on", F("sequence").desc(nulls_last=True), "-id").first()


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
