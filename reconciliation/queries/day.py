"""The day's board."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from cashiering.queries import day_state
from hms_ach import calendars, clock
from hms_ach.access.models import Facility
from reconciliation.models import (
    BankAccount,
    DayClose,
    Discrepancy,
    Expectation,
    Match,
    MatchItem,
    MatchLine,
    OpenLine,
    Statement,
    StatementLine,
)

# How far back the board of all days reaches.
SHOWN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be done before the day closes: how many of how many, and where to go."""

    name: str
    done: int
    total: int
    where: str
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True, slots=True)
class Board:
    """A facility's business day as it stands."""

    facility: Facility
    business_on: date
    checks: list[Check]
    closed: DayClose | None

    @property
    def is_ready(self) -> bool:
        """Whether it may be closed: everything matched or approved, and not closed already."""
        return self.closed is None and all(check.is_done for check in self.checks)

    def as_json(self) -> list[dict]:
        return [
            {"name": each.name, "done": each.done, "total": each.total, "where": each.where}
            for each in self.checks
        ]


def day_board(*, facility: Facility, business_on: date) -> Board:
    """Sessions, deposits, card batches, statements, lines, expected items, discrepancies, entries.

    What lies on or before the day counts; an expected item counts once its window is over. At most
    sixteen queries, whatever the volume.
    """
    closed = (
        DayClose.objects.filter(facility=facility, business_on=business_on)
        .select_related("closed_by")
        .first()
    )
    if closed is not None:
        saved = [
            Check(row["name"], row["done"], row["total"], row.get("where") or _place_of(row["name"]))
            for row in closed.board
        ]
        return Board(facility, business_on, saved, closed)
    accounts = accounts_of_day(facility, business_on)
    missing = without_statement(accounts, business_on)
    checks = [
        *_till(facility, business_on),
        *(_statement(account, business_on, is_there=account.pk not in missing) for account in accounts),
        _lines(accounts, business_on),
        *_items(facility, business_on),
        _discrepancies(facility, business_on),
        _posted(accounts, business_on),
    ]
    return Board(facility, business_on, checks, None)


def _place_of(name: str) -> str:
    """Where a check of a day that was closed before boards said so belongs: by its first word."""
    places = {"Sessions": "session", "Deposits": "deposit", "Card": "card_batch", "Statement": "statements"}
    more = {"Bank": "lines", "Expected": "items", "Discrepancies": "discrepancies", "Matches": "matches"}
    return (places | more).get(name.partition(" ")[0], "")


def closed_days(facility_ids: Collection[int], since: date) -> dict[tuple[int, date], DayClose]:
    """The closed days since one, by facility and day. One query."""
    rows = DayClose.objects.filter(facility_id__in=facility_ids, business_on__gte=since)
    found = rows.select_related("closed_by").order_by("business_on", "id")
    return {(row.facility_id, row.business_on): row for row in found}


def days_to_close(facility_ids: Collection[int]) -> list[date]:
    """The days that are over and not closed, oldest first, once for each facility; of the last fourteen.

    They begin with a facility's first bank account. Three queries.
    """
    accounts = BankAccount.objects.filter(facility_id__in=facility_ids, closed_on=None, is_in_force=True)
    accounts = accounts.order_by()
    opened = dict(accounts.values_list("facility_id").annotate(Min("opened_on")))
    found = []
    closed = closed_days(facility_ids, clock.now().date() - timedelta(days=SHOWN_DAYS + 1))
    for facility in Facility.objects.filter(pk__in=opened).order_by("pk"):
        running = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
        days = (running - timedelta(days=n) for n in range(1, SHOWN_DAYS))
        found += [day for day in days if day >= opened[facility.pk] and (facility.pk, day) not in closed]
    return sorted(found)


def _till(facility: Facility, business_on: date) -> list[Check]:
    state = day_state(facility, business_on)
    names = (("session", "Sessions approved"), ("deposit", "Deposits handed over"))
    rows = [*names, ("card_batch", "Card batches closed")]
    return [
        Check(
            name,
            sum(item.is_done for item in state.items if item.kind == kind),
            sum(item.kind == kind for item in state.items),
            kind,
        )
        for kind, name in rows
    ]


def accounts_of_day(facility: Facility, day: date) -> list[BankAccount]:
    """The accounts in force whose statements the day awaits. One query."""
    rows = BankAccount.objects.filter(facility=facility, opened_on__lte=day, closed_on=None, is_in_force=True)
    return list(rows.order_by("code", "id"))


def without_statement(accounts: list[BankAccount], day: date) -> set[int]:
    """The ids of those whose bank works on the day and sent no statement of it, unless people approved that.

    Two queries.
    """
    working = [each for each in accounts if calendars.is_banking_day(day, country=each.country)]
    sent = Statement.objects.filter(account__in=working, from_on__lte=day, to_on__gte=day)
    accepted = Discrepancy.objects.filter(
        account__in=working, kind="STATEMENT_MISSING", due_on=day, state="APPROVED"
    )
    done = [rows.order_by().values_list("account_id", flat=True) for rows in (sent, accepted)]
    return {each.pk for each in working}.difference(*done)


def _statement(account: BankAccount, day: date, *, is_there: bool) -> Check:
    """The bank's word for the day is there. Days on which banks rest are covered by the next one."""
    name = f"Statement of {account.code}"
    if not calendars.is_banking_day(day, country=account.country):
        return Check(name, 1, 1, "statements", "The bank rests on this day.")
    return Check(name, int(is_there), 1, "statements")


def _lines(accounts: list[BankAccount], day: date) -> Check:
    rows = StatementLine.objects.filter(account__in=accounts, booked_on=day)
    before = OpenLine.objects.filter(account__in=accounts, line__booked_on__lt=day)
    is_matched = Exists(MatchLine.objects.filter(line=OuterRef("pk"), undo__isnull=True))
    total = rows.count() + before.count()
    return Check("Bank lines matched", rows.filter(is_matched).count(), total, "lines")


def _items(facility: Facility, day: date) -> list[Check]:
    """What is due at the bank by the day's end; what insurers announced by itself, once any did."""
    is_matched = Exists(MatchItem.objects.filter(expectation=OuterRef("pk"), undo__isnull=True))
    due = Expectation.objects.filter(facility=facility, withdrawn_at=None, latest_on__lte=day)
    due = due.annotate(is_matched=is_matched).filter(Q(is_matched=False) | Q(latest_on=day)).order_by()
    counts = {True: [0, 0], False: [0, 0]}
    for kind, matched, count in due.values_list("kind", "is_matched").annotate(count=Count("id")):
        counts[kind == "remittance"][matched] += count
    checks = [Check("Expected items at the bank", counts[False][1], sum(counts[False]), "items")]
    if Expectation.objects.filter(facility=facility, kind="remittance").exists():
        checks.append(Check("Remittances paid", counts[True][1], sum(counts[True]), "remittance"))
    return checks


def _discrepancies(facility: Facility, day: date) -> Check:
    rows = Discrepancy.objects.filter(facility=facility, due_on__lte=day)
    waiting = rows.exclude(state="APPROVED").count()
    done = rows.filter(due_on=day, state="APPROVED").count()
    return Check("Discrepancies approved", done, done + waiting, "discrepancies")


def _posted(accounts: list[BankAccount], day: date) -> Check:
    rows = Match.objects.filter(account__in=accounts, undo__isnull=True, effective_on__lte=day)
    waiting = rows.filter(posting__isnull=True).count()
    done = rows.filter(effective_on=day, posting__isnull=False).count()
    return Check("Matches posted", done, done + waiting, "matches")
