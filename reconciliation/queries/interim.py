"""Questions about what banks have announced and not stated."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max, Min, QuerySet

from hms_ach import calendars, clock
from hms_ach.money import Money
from reconciliation.models import BankAccount, Discrepancy, InterimEntry, InterimReport, Statement

# How long back what was announced is asked after, in days, and how long a bank may leave an entry pending.
LOOKED_AT_DAYS = 90
PENDING_BANKING_DAYS = 5
# Until they had a kind of their own, what does not join told of them too; two people settled some of these.
TOLD_BY = ("STATEMENT_ANNOUNCED", "STATEMENT_GAP")

# An entry came when as many lines as there are equal entries bear its amount with its reference, from three
# days before it on; within ten days its amount is enough where the bank gives one of the two no reference of
# its own (a digest, "~"). What is for information only (INFO) announces nothing.
_NEVER_CAME = """
    SELECT entry.id,
           (SELECT covering.id FROM reconciliation_statement covering
             WHERE covering.account_id = entry.account_id AND covering.to_on >= entry.seen_on
             ORDER BY covering.to_on, covering.page, covering.id LIMIT 1)
      FROM reconciliation_interimentry entry
     WHERE entry.account_id = %(account)s AND entry.status <> 'INFO' AND entry.seen_on >= %(since)s
       AND entry.ordinal > (
        SELECT count(*) FROM reconciliation_statementline line
         WHERE line.account_id = entry.account_id AND line.amount_minor = entry.amount_minor
           AND line.booked_on >= entry.seen_on - 3
           AND (line.bank_reference = entry.bank_reference OR line."references" && entry."references"
                OR (entry.bank_reference LIKE '~%%' OR line.bank_reference LIKE '~%%')
                   AND line.booked_on <= entry.seen_on + 10))
     ORDER BY entry.seen_on, entry.id
"""


@dataclass(frozen=True, slots=True)
class Announced:
    """One entry that no statement has brought.

    statement_id  of the statement that should have brought it; None before one covers its day
    is_overdue    a final statement covers its day, or for a pending one five banking days more
    discrepancy   public id of the one that tells of it; empty while none does
    is_settled    two people closed that one
    """

    entry: InterimEntry
    statement_id: int | None
    is_overdue: bool
    discrepancy: str = ""
    is_settled: bool = False

    @property
    def sentence(self) -> str:
        return told(self.entry)


def told(entry: InterimEntry) -> str:
    """How a discrepancy tells of it, and by which it is known again."""
    amount = Money(entry.amount_minor, entry.currency).in_words()
    named = entry.bank_reference if entry.bank_reference[:1] != "~" else ", ".join(entry.references)
    name = f", {named}," if named else ""
    by = f" by {entry.report.report_id}" if entry.report.report_id else ""
    return f"{amount}{name} was announced for {clock.in_words(entry.seen_on)}{by} and is on no statement."


def reports_of(account: BankAccount) -> QuerySet[InterimReport]:
    """The account's reports, the newest day first."""
    return InterimReport.objects.filter(account=account).select_related("file").order_by("-to_on", "-id")


def announced(account: BankAccount) -> list[Announced]:
    """What was announced and no statement has brought, the oldest day first. Five queries.

    From ninety days before the last statement on; what a discrepancy still tells of is in it, however old.
    """
    last_on = Statement.objects.filter(account=account).aggregate(last=Max("to_on"))["last"]
    open_rows = Discrepancy.objects.filter(account=account, kind="STATEMENT_ANNOUNCED").exclude(
        state="APPROVED"
    )
    first_on = open_rows.aggregate(first=Min("statement__from_on"))["first"]
    known = [day for day in (last_on, first_on) if day is not None]
    since = min(known) - timedelta(LOOKED_AT_DAYS) if known else date.min
    with connection.cursor() as cursor:
        cursor.execute(_NEVER_CAME, {"account": account.pk, "since": since})
        covering: dict[int, int | None] = dict(cursor.fetchall())
    entries = InterimEntry.objects.filter(pk__in=covering).select_related("report").order_by("seen_on", "id")
    matters = _told_of(account, {each for each in covering.values() if each})
    found = []
    for entry in entries:
        statement_id = covering[entry.pk]
        row = next((each for each in matters.get(statement_id, ()) if told(entry) in each.reasons), None)
        found.append(
            Announced(
                entry,
                statement_id,
                _is_overdue(entry, last_on, account),
                row.public_id if row else "",
                row is not None and row.state == "APPROVED",
            )
        )
    return found


def _told_of(account: BankAccount, statement_ids: Collection[int]) -> dict[int | None, list[Discrepancy]]:
    """What tells of announcements, by statement, the newest first."""
    rows = Discrepancy.objects.filter(account=account, kind__in=TOLD_BY, statement__in=statement_ids)
    found: dict[int | None, list[Discrepancy]] = {}
    for row in rows.order_by("-id"):
        found.setdefault(row.statement_id, []).append(row)
    return found


def _is_overdue(entry: InterimEntry, last_on: date | None, account: BankAccount) -> bool:
    if last_on is None:
        return False
    if entry.status == "BOOK":
        return entry.seen_on <= last_on
    due_on = calendars.add_banking_days(entry.seen_on, PENDING_BANKING_DAYS, country=account.country)
    return due_on <= last_on
