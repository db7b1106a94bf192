"""The queue of discrepancies: what waits, in which order, how late, and how far today's work is."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Abs

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import CURRENCIES, Money, digits
from reconciliation.models import BankAccount, Discrepancy, Proposal
from reconciliation.queries.review import is_held, zones_of
from reconciliation.rules.service_level import LEVEL_HOURS, due_at, overdue_before

MAX_QUEUE = 200
# Whose banking days count for what no account takes.
NOWHERE = "US"
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,4}))?")
_BY_DIGITS = {
    count: sorted(currency for currency in CURRENCIES if digits(currency) == count)
    for count in sorted({digits(currency) for currency in CURRENCIES})
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is asked for; empty for all that waits.

    text     a part of an id, reference or name, or an exact amount
    is_held  what is put aside, and only that; otherwise nothing of it
    """

    kind: str = ""
    state: str = ""
    text: str = ""
    is_mine: bool = False
    is_overdue: bool = False
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """One row of the queue: its age in days, when it is due, whether the reader proposed its ending."""

    row: Discrepancy
    age_days: int
    due_at: datetime
    is_overdue: bool
    is_own: bool

    @property
    def title(self) -> str:
        """Where it is and the day it is due: "NORTH-OPER, Nov 27"."""
        place = self.row.account or self.row.facility
        return f"{place.code}, {self.row.due_on:%b} {self.row.due_on.day}"


@dataclass(frozen=True, slots=True)
class Group:
    """The waiting discrepancies of one kind and currency: how many, how much if known, since when."""

    kind: str
    label: str
    count: int
    amount: Money | None
    oldest_on: date
    rows: list[Waits] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Amount by age. What nobody knows the amount of may hide anything, and comes first."""
        return sum(_weight(each) for each in self.rows)


@dataclass(frozen=True, slots=True)
class Progress:
    """Today's work: done is closed or proposed today; left is what nobody has proposed an ending for.

    held  of these, what is put aside
    """

    done: int
    total: int
    overdue: int
    left: list[Money]
    unknown: int
    held: int


def queue(facility_ids: Collection[int], *, reader: User, asked: Asked | None = None) -> list[Group]:
    """What waits, grouped by kind; the groups, and the rows in each, by amount × age. Four queries.

    At most two hundred rows are listed, the oldest; the groups count all of them.
    """
    now = clock.now()
    rows = _asked_for(facility_ids, asked or Asked(), reader, now)
    totals = rows.values("kind", "currency").annotate(
        count=Count("id"), total=Sum(Abs("amount_minor")), oldest_on=Min("due_on")
    )
    own = Proposal.objects.filter(discrepancy=OuterRef("pk"), verdict=None, proposed_by=reader)
    listed: dict[tuple[str, str], list[Waits]] = {}
    for row in rows.annotate(is_own=Exists(own)).order_by("due_on", "-amount_minor", "id")[:MAX_QUEUE]:
        listed.setdefault((row.kind, row.currency), []).append(_waits(row, now, is_own=row.is_own))
    groups = [
        Group(
            kind=total["kind"],
            label=Discrepancy.Kind(total["kind"]).label,
            count=total["count"],
            amount=None if total["total"] is None else Money(int(total["total"]), total["currency"]),
            oldest_on=total["oldest_on"],
            rows=sorted(
                listed.get((total["kind"], total["currency"]), []),
                key=lambda each: (-_weight(each), each.row.due_on, each.row.pk),
            ),
        )
        for total in totals.order_by("kind", "currency")
    ]
    return sorted(groups, key=lambda group: (group.amount is not None, -group.weight, group.kind))


def totals_of_queue(groups: Collection[Group]) -> list[Money]:
    """What the groups add up to, by currency; what is of unknown amount is in none."""
    sums: dict[str, int] = {}
    for group in groups:
        if group.amount is not None:
            sums[group.amount.currency] = sums.get(group.amount.currency, 0) + group.amount.minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def waiting_rows(facility_ids: Collection[int], *, reader: User, asked: Asked | None = None) -> list[Waits]:
    """All of the queue under its filter, the oldest first. One query, and one to find what is late."""
    now = clock.now()
    rows = _asked_for(facility_ids, asked or Asked(), reader, now).distinct()
    return [_waits(row, now, is_own=False) for row in rows.order_by("due_on", "id")]


def progress(facility_ids: Collection[int], groups: list[Group]) -> Progress:
    """How far today's work in these facilities is, whatever the filter. Six queries; groups: the queue."""
    rows = Discrepancy.objects.filter(facility_id__in=facility_ids)
    waiting = rows.filter(state__in=("OPEN", "REJECTED"))
    done = rows.filter(_done_today(facility_ids, clock.now())).distinct().count()
    sums = waiting.values("currency").annotate(
        count=Count("id"), total=Sum(Abs("amount_minor")), known=Count("amount_minor")
    )
    figures = list(sums.order_by("currency"))
    return Progress(
        done=done,
        total=done + sum(each["count"] for each in figures),
        overdue=sum(each.is_overdue for group in groups for each in group.rows),
        left=[Money(int(each["total"]), each["currency"]) for each in figures if each["total"]],
        unknown=sum(each["count"] - each["known"] for each in figures),
        held=waiting.filter(is_held(facility_ids, clock.now())).count(),
    )


def _done_today(facility_ids: Collection[int], now: datetime) -> Q:
    """What was closed or proposed since midnight; every zone has its own. One query."""
    found = Q(pk=None)
    for zone in zones_of(facility_ids):
        since = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
        is_proposed = Q(state="PROPOSED", proposals__verdict=None, proposals__proposed_at__gte=since)
        found |= Q(facility__timezone=zone) & (Q(state="APPROVED", closed_at__gte=since) | is_proposed)
    return found


def scores_to_approve(
    discrepancy_ids: Collection[int], *, reader: User, thresholds: Collection[int]
) -> list[tuple[int, int]]:
    """How many of others' proposals for these score at least so much; only where there are any. One query."""
    rows = Proposal.objects.filter(discrepancy_id__in=discrepancy_ids, verdict=None, score__isnull=False)
    scores = [each.score or 0 for each in rows.exclude(proposed_by=reader).order_by("pk")]
    counts = [(least, sum(score >= least for score in scores)) for least in thresholds]
    return [(least, count) for least, count in counts if count]


def _weight(each: Waits) -> int:
    return abs(each.row.amount_minor or 0) * (each.age_days + 1)


def _waits(row: Discrepancy, now: datetime, *, is_own: bool) -> Waits:
    country = row.account.country if row.account else NOWHERE
    due = due_at(row.opened_at, kind=row.kind, timezone=row.facility.timezone, country=country)
    age = (clock.today(row.facility.timezone) - row.due_on).days
    return Waits(row, max(age, 0), due, due < now, is_own)


def waits_of(row: Discrepancy) -> Waits:
    """How late one discrepancy is, outside of the queue."""
    return _waits(row, clock.now(), is_own=False)


def _asked_for(
    facility_ids: Collection[int], asked: Asked, reader: User, now: datetime
) -> QuerySet[Discrepancy]:
    rows = Discrepancy.objects.filter(facility_id__in=facility_ids).exclude(state="APPROVED")
    rows = rows.select_related("facility", "account", "owner")
    held = is_held(facility_ids, now)
    rows = rows.filter(held) if asked.is_held else rows.exclude(held)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.is_mine:
        rows = rows.filter(owner=reader)
    if asked.is_overdue:
        rows = rows.filter(_overdue(facility_ids, now))
    return rows.filter(_says(asked.text)) if asked.text else rows


def _says(text: str) -> Q:
    """Id, bank reference, reference, counterparty or exact amount."""
    found = Q(public_id__icontains=text) | Q(line__bank_reference__icontains=text)
    found |= Q(line__references__icontains=text) | Q(expectation__references__icontains=text)
    return found | Q(line__counterparty__icontains=text) | _of_amount(text)


def _of_amount(text: str) -> Q:
    """Exactly this amount, either way, in the digits of each currency; whole units may go without them."""
    said = _AMOUNT.fullmatch(text.replace(",", "").lstrip("$-−"))
    found = Q(pk=None)
    if said is None:
        return found
    for count, currencies in _BY_DIGITS.items():
        if len(fraction := said[2] or "") <= count:
            minor = int(said[1] + fraction.ljust(count, "0"))
            amounts = Q(amount_minor__in=(minor, -minor)) | Q(line__amount_minor__in=(minor, -minor))
            found |= Q(currency__in=currencies) & amounts
    return found


def _overdue(facility_ids: Collection[int], now: datetime) -> Q:
    """Every kind has its own hours, every zone and country its own days."""
    found = Q(pk=None)
    accounts = BankAccount.objects.filter(facility_id__in=facility_ids).order_by()
    places = {
        (country, zone, Q(account__country=country))
        for country, zone in accounts.values_list("country", "facility__timezone")
    }
    places |= {(NOWHERE, zone, Q(account=None)) for zone in zones_of(facility_ids)}
    for country, zone, is_there in places:
        for kind in LEVEL_HOURS:
            before = overdue_before(now, kind=kind, timezone=zone, country=country)
            found |= is_there & Q(facility__timezone=zone, kind=kind, opened_at__lt=before)
    return found
