"""What entries of a load are resolved by: periods, roles, accounts and rates, each asked for once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F

from hms_ach.access.models import Facility
from ledger.commands.entry_refusal import AccountInactive, PeriodClosed, RateMissing, RoleUnassigned
from ledger.models import Account, AccountRole, ExchangeRate, Period
from ledger.rules.calendar import is_within
from ledger.rules.exchange_rate import converted
from ledger.rules.posting import NewEntry, Posting


class Resolved(NamedTuple):
    """What an entry's lines lead to, line by line: account, functional amount, rate (row id) if foreign."""

    period_id: int
    account_ids: list[int]
    functional_minors: list[int]
    rate_ids: list[int | None]
    is_foreign: bool


@dataclass
class DayBook:
    """A facility's book on one day. The role of a line leads to its account as post_entry.sql leads it."""

    facility: Facility
    day: date
    functional: str
    period: Period | None
    assignments: "Assignments"
    _period_ids: dict[str, int] = field(default_factory=dict)
    _accounts: dict[tuple[str, str], int] = field(default_factory=dict)
    _rates: dict[str, tuple[int, Decimal]] = field(default_factory=dict)

    def resolved(self, entry: NewEntry) -> Resolved:
        """Raises PeriodClosed, RoleUnassigned, AccountInactive or RateMissing."""
        kind = entry.source[0]
        period_id = self._period_ids.get(kind) or self._period_id(kind)
        account_ids, minors, is_foreign = [], [], False
        for posting in entry.postings:
            amount = posting.amount
            known = None if posting.account else self._accounts.get((posting.role, amount.currency))
            account_ids.append(known or self._account_id(posting))
            minors.append(amount.minor)
            is_foreign = is_foreign or amount.currency != self.functional or posting.difference is not None
        rate_ids: list[int | None] = [None] * len(minors)
        if is_foreign:
            self._convert(entry.postings, minors, rate_ids)
        return Resolved(period_id, account_ids, minors, rate_ids, is_foreign)

    def _period_id(self, kind: str) -> int:
        state = self.period.state if self.period else ""
        if self.period and (state == "OPEN" or (state == "SOFT" and kind == "adjustment")):
            self._period_ids[kind] = self.period.pk
            return self.period.pk
        said = {"SOFT": "soft closed", "HARD": "closed"}.get(state, "not opened yet")
        entity = self.facility.legal_entity.name
        raise PeriodClosed(day=self.day.isoformat(), entity=entity, state=said)

    def _account_id(self, posting: Posting) -> int:
        currency = posting.amount.currency
        if posting.account:
            return self._usable(posting.account, currency)
        found = self._usable(self._of_role(posting.role), currency)
        self._accounts[posting.role, currency] = found
        return found

    def _convert(self, postings: Sequence[Posting], minors: list[int], rate_ids: list[int | None]) -> None:
        """Put what foreign lines and differences are worth in the place of their amounts."""
        foreign: dict[str, list[int]] = {}
        for n, posting in enumerate(postings):
            if posting.difference:
                minors[n] = posting.difference.minor
            elif posting.amount.currency != self.functional:
                foreign.setdefault(posting.amount.currency, []).append(n)
        for currency, places in foreign.items():
            rate_id, minor_rate = self._rate(currency)
            values = converted([minors[n] for n in places], minor_rate)
            for n, value in zip(places, values, strict=True):
                minors[n], rate_ids[n] = value, rate_id

    def _usable(self, account: Account, currency: str) -> int:
        is_in_use = is_within(self.day, account.active_from, account.active_until)
        if is_in_use and account.currency in (None, currency):
            return account.pk
        entity = self.facility.legal_entity.name
        raise AccountInactive(accounts=account.number, entity=entity, day=self.day.isoformat())

    def _of_role(self, role: str) -> Account:
        for row in self.assignments.of(self.facility.legal_entity_id, role):
            is_valid = is_within(self.day, row.valid_from, row.valid_until)
            if is_valid and row.facility_id in (self.facility.pk, None):
                return row.account
        entity = self.facility.legal_entity.name
        raise RoleUnassigned(entity=entity, roles=role, day=self.day.isoformat())

    def _rate(self, currency: str) -> tuple[int, Decimal]:
        if currency not in self._rates:
            rows = ExchangeRate.objects.filter(base=currency, quote=self.functional, on__lte=self.day)
            rate = rows.order_by("-on", "-id").values_list("id", "minor_rate").first()
            if rate is None:
                day = self.day.isoformat()
                raise RateMissing(currencies=currency, functional=self.functional, day=day)
            self._rates[currency] = rate
        return self._rates[currency]


class Assignments:
    """Who plays a role in a legal entity: a facility's own rows first."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], list[AccountRole]] = {}

    def of(self, legal_entity_id: int, role: str) -> list[AccountRole]:
        place = (legal_entity_id, role)
        if place not in self._rows:
            rows = AccountRole.objects.filter(legal_entity=legal_entity_id, role=role)
            ordered = rows.order_by(F("facility").asc(nulls_last=True), "id")
            self._rows[place] = list(ordered.select_related("account"))
        return self._rows[place]


class DayBooks:
    """The books of every facility and day that a load meets."""

    def __init__(self) -> None:
        self._books: dict[tuple[int, date], DayBook] = {}
        self._assignments = Assignments()

    def of(self, entry: NewEntry) -> DayBook:
        """One query for each facility and day, one for each role and currency that comes up."""
        place = (entry.facility.id, entry.effective_on)
        book = self._books.get(place)
        if book is None:
            book = self._books[place] = self._opened(entry.facility, entry.effective_on)
        return book

    def _opened(self, facility: Facility, day: date) -> DayBook:
        periods = Period.objects.filter(legal_entity=facility.legal_entity_id)
        period = periods.filter(starts_on__lte=day, ends_on__gte=day).first()
        functional = facility.legal_entity.functional_currency
        return DayBook(facility, day, functional, period, self._assignments)
