"""A bank account's balance at the bank beside the one in the book, and every item that lies between."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, Sum

from hms_ach.money import Money
from ledger.queries import Scope, balances, postings_of, role_name
from reconciliation.models import (
    BankAccount,
    Discrepancy,
    Expectation,
    Match,
    MatchItem,
    MatchLine,
    Statement,
    StatementLine,
)
from reconciliation.queries.account_profile import profile_of
from reconciliation.rules.statement_calendar import due_days

MOST_SHOWN = 500
# Lines of one match lie no further apart.
LONGEST_MATCH_DAYS = 62


@dataclass(frozen=True, slots=True)
class Between:
    """One item that the bank or the book has alone. amount: what the book has more than the bank.

    subject  public id of its page, or empty
    """

    what: str
    on: date
    text: str
    amount: Money
    subject: str = ""


@dataclass(frozen=True, slots=True)
class BankReconciliation:
    """The account at the end of a day.

    statement   the last that ends by then; None where there is none with a balance
    at_bank     its closing balance, and the lines of later statements up to the day
    before      what the account held before its first statement here, which is in no line
    between     all that lies between, by kind and day
    in_book     the account's balance in the book
    on_the_way  what the book's clearing accounts await from the bank: (kind, how many, how much)
    matters     open discrepancies of its statements: where a difference comes from
    missing     the first day up to the day that no statement covers, where the account's calendar has one due
    """

    account: BankAccount
    on: date
    statement: Statement | None
    at_bank: Money | None
    before: Money
    in_book: Money
    between: list[Between] = field(default_factory=list)
    on_the_way: list[tuple[str, int, Money]] = field(default_factory=list)
    matters: list[Discrepancy] = field(default_factory=list)
    missing: date | None = None

    @property
    def book_account(self) -> str:
        """What the book calls it."""
        return role_name(self.account.ledger_role)

    @property
    def total_between(self) -> Money:
        return Money(sum(each.amount.minor for each in self.between), self.account.currency)

    @property
    def expected(self) -> Money | None:
        """What the book must show: the bank's balance, less what stood there before, with all between."""
        return None if self.at_bank is None else self.at_bank - self.before + self.total_between

    @property
    def difference(self) -> Money | None:
        """What nothing explains; zero where bank and book agree. None where the bank's balance is unknown."""
        return None if self.expected is None else self.in_book - self.expected

    @property
    def agrees(self) -> bool:
        return self.difference is not None and not self.difference


def bank_reconciliation(account: BankAccount, *, on: date) -> BankReconciliation:
    """The account at the end of a day in its facility's zone, as things are known now. Fifteen queries.

    Entries by hand on the account are looked for among all of its postings: their number tells the time.
    """
    statement, at_bank = _at_bank(account, on)
    opened = Statement.objects.filter(account=account, opening_minor__isnull=False)
    first = opened.order_by("from_on", F("sequence").asc(nulls_last=True), "page", "id").first()
    scope = Scope(account.facility.legal_entity, [account.facility], None, on)
    between = [*_open_lines(account, on), *_of_other_days(account, scope), *_by_hand(account, scope)]
    waiting = Discrepancy.objects.filter(account=account, kind__startswith="STATEMENT_", due_on__lte=on)
    return BankReconciliation(
        account=account,
        on=on,
        statement=statement,
        at_bank=at_bank,
        before=Money(first.opening_minor or 0 if first else 0, account.currency),
        in_book=_in_book(account, on),
        between=between,
        on_the_way=_on_the_way(account, on),
        missing=_missing(account, statement, on),
        matters=list(waiting.exclude(state="APPROVED").order_by("due_on", "id")),
    )


def _at_bank(account: BankAccount, on: date) -> tuple[Statement | None, Money | None]:
    rows = Statement.objects.filter(account=account, is_last_page=True, closing_minor__isnull=False)
    last = rows.filter(to_on__lte=on)
    last_one = last.order_by("-to_on", F("sequence").desc(nulls_last=True), "-id").first()
    if last_one is None:
        return None, None
    later = StatementLine.objects.filter(account=account, statement__to_on__gt=on, booked_on__lte=on)
    minor = later.aggregate(total=Sum("amount_minor"))["total"] or 0
    return last_one, Money((last_one.closing_minor or 0) + minor, account.currency)


def _missing(account: BankAccount, last: Statement | None, on: date) -> date | None:
    if last is None:
        return None
    calendar, after = profile_of(account).calendar, last.to_on + timedelta(days=1)
    covering = Statement.objects.filter(account=account, from_on__lte=on, to_on__gt=on).exists()
    due = due_days(calendar, first=after, before=on + timedelta(days=1), country=account.country)
    return None if covering else next(iter(due), None)


def _in_book(account: BankAccount, on: date) -> Money:
    found = balances(
        legal_entity=account.facility.legal_entity,
        by=("currency",),
        where={"role": account.ledger_role, "currency": account.currency},
        facility_ids=[account.facility_id],
        as_of=on,
    )
    return Money(sum(row.amount_minor for row in found), account.currency)


def _open_lines(account: BankAccount, on: date) -> list[Between]:
    """Lines of the bank up to the day that are in no match now."""
    is_matched = Exists(MatchLine.objects.filter(line=OuterRef("pk"), undo=None))
    rows = StatementLine.objects.filter(account=account, booked_on__lte=on).exclude(is_matched)
    lines = list(rows.order_by("booked_on", "id"))
    waiting = Discrepancy.objects.filter(line__in=lines).exclude(state="APPROVED").order_by("id")
    subjects = dict(waiting.values_list("line_id", "public_id"))
    return [
        Between(
            "At the bank, not in the book",
            line.booked_on,
            ", ".join(line.references[:2]) or line.counterparty or line.description[:60] or "no reference",
            Money(-line.amount_minor, account.currency),
            subjects.get(line.pk, ""),
        )
        for line in lines
    ]


def _of_other_days(account: BankAccount, scope: Scope) -> list[Between]:
    """Matches of which bank and book have different sums by the day: posted, or taken back, after it."""
    on = scope.until
    zone = ZoneInfo(account.facility.timezone)
    midnight = datetime.combine(on + timedelta(days=1), time(), zone)
    of_match = MatchLine.objects.filter(match=OuterRef("pk"))
    is_early = Exists(of_match.filter(line__booked_on__lte=on))
    is_late = Exists(of_match.filter(line__booked_on__gt=on))
    posted_later = Q(effective_on__gt=on) | Q(posting=None) | Q(posting__posted_at__gte=midnight)
    span = (on - timedelta(days=LONGEST_MATCH_DAYS), on)
    differ = Q(undo=None) & (Q(is_early) & posted_later | Q(is_late, effective_on__range=span))
    taken_back = Q(undo__undone_at__gte=midnight, effective_on__lte=on)
    named = Match.objects.filter(differ | taken_back, account=account)
    rows = list(named.order_by("effective_on", "id"))
    booked = _booked(account, scope, [row.public_id for row in rows])
    stated = MatchLine.objects.filter(match__in=rows, undo=None, line__booked_on__lte=on).values("match")
    at_bank = dict(stated.annotate(total=Sum("line__amount_minor")).values_list("match", "total"))
    found = []
    for row in rows:
        minor = booked.get(row.public_id, 0) - at_bank.get(row.pk, 0)
        if minor:
            text = "in the book after this day" if minor == -at_bank.get(row.pk, 0) else "differs on this day"
            amount = Money(minor, account.currency)
            found.append(Between("Matched on other days", row.effective_on, text, amount, row.public_id))
    return found


def _booked(account: BankAccount, scope: Scope, match_ids: Collection[str]) -> dict[str, int]:
    rows = _postings(account, scope).filter(entry__source_kind="match", entry__source_id__in=match_ids)
    sums = rows.order_by().values("entry__source_id").annotate(total=Sum("amount_minor"))
    return {row["entry__source_id"]: int(row["total"]) for row in sums}


def _by_hand(account: BankAccount, scope: Scope) -> list[Between]:
    """Entries on the account that no line of the bank made: an opening balance, a journal, a settlement."""
    rows = _postings(account, scope).exclude(entry__source_kind="match")
    return [
        Between(
            "In the book, not at the bank",
            row.effective_on,
            row.entry.memo,
            Money(row.amount_minor, account.currency),
            row.entry.public_id,
        )
        for row in rows.select_related("entry").order_by("effective_on", "id")
    ]


def _postings(account: BankAccount, scope: Scope) -> Any:
    return postings_of(scope, roles=[account.ledger_role]).filter(currency=account.currency)


def _on_the_way(account: BankAccount, on: date) -> list[tuple[str, int, Money]]:
    """Expected items whose window had opened by the day and which no match of the day or before has."""
    in_time = MatchItem.objects.filter(expectation=OuterRef("pk"), undo=None, match__effective_on__lte=on)
    rows = Expectation.objects.filter(account=account, earliest_on__lte=on, withdrawn_at=None)
    sums: dict[str, list[int]] = {}
    for kind, minor in rows.exclude(Exists(in_time)).order_by("id").values_list("kind", "amount_minor"):
        sums.setdefault(kind, []).append(minor)
    return [
        (kind.replace("_", " ").capitalize(), len(minors), Money(sum(minors), account.currency))
        for kind, minors in sorted(sums.items())
    ]
