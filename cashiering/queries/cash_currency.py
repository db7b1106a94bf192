"""Foreign currencies that a facility takes in cash, with the day's rate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from cashiering.models import CashCurrency, Payment
from cashiering.rules.foreign_cash import CashRate
from hms_ach.access.models import Facility
from ledger.queries import rates_on


@dataclass(frozen=True, slots=True)
class CashCurrencyShown:
    """A currency taken here; without a usable rate `problem` says why and what to do."""

    currency: str
    rate: CashRate | None
    problem: str


@dataclass(frozen=True, slots=True)
class CashCurrencyLine:
    """A currency's rule that counts now, and the one that awaits approval."""

    currency: str
    in_force: CashCurrency | None
    awaiting: CashCurrency | None


def rules_in_force(facility_id: int) -> dict[str, CashCurrency]:
    """The rule of each foreign currency that is taken in cash. One SQL query."""
    rows = CashCurrency.objects.filter(facility_id=facility_id, approved_by__isnull=False)
    newest = {row.currency: row for row in rows.order_by("id")}
    return {currency: row for currency, row in sorted(newest.items()) if row.is_taken}


def cash_currencies(facility: Facility, *, quote: str, on: date) -> list[CashCurrencyShown]:
    """What the register offers besides its own currency, by code; two SQL queries, one where there is none.

    quote  the register's currency
    on     the session's business day
    """
    rules = rules_in_force(facility.pk)
    rules.pop(quote, None)
    if not rules:
        return []
    rates = rates_on(bases=list(rules), quote=quote, on=on)
    return [_shown(rule, rates.get(currency), quote, on) for currency, rule in rules.items()]


def _shown(rule: CashCurrency, known, quote: str, on: date) -> CashCurrencyShown:
    currency = rule.currency
    if known is None:
        said = f"No rate from {currency} to {quote} is known. Ask finance to record today's rate."
        return CashCurrencyShown(currency, None, said)
    if (on - known.on).days > rule.rate_days:
        limit = "today's" if not rule.rate_days else f"one of the last {rule.rate_days} days"
        said = (
            f"The newest rate from {currency} to {quote} is of {known.on:%b %d, %Y} and only {limit} is used "
            "here. Ask finance to record today's rate."
        )
        return CashCurrencyShown(currency, None, said)
    rate = CashRate(
        id=known.id,
        base=currency,
        quote=quote,
        rate=known.rate,
        minor_rate=known.minor_rate,
        on=known.on,
        source=known.source,
        smallest=rule.smallest_minor,
        gives_back=rule.gives_back,
    )
    return CashCurrencyShown(currency, rate, "")


def rates_taken(payment: Payment) -> dict[str, CashCurrencyShown]:
    """The rates at which a payment's foreign cash was taken: its payer was told these. One SQL query."""
    found = {}
    for one in payment.tenders.exclude(foreign_currency="").select_related("exchange_rate"):
        known, currency = one.exchange_rate, one.foreign_currency
        assert known is not None
        rate = CashRate(
            id=known.pk,
            base=currency,
            quote=payment.currency,
            rate=known.rate,
            minor_rate=known.minor_rate,
            on=known.on,
            source=known.source,
            smallest=1,
            gives_back=CashCurrency.GivesBack.LOCAL,
        )
        found[currency] = CashCurrencyShown(currency, rate, "")
    return found


def cash_currency_lines(facility: Facility) -> list[CashCurrencyLine]:
    """Each currency that was ever asked for, with what counts and what awaits. One SQL query."""
    rows = CashCurrency.objects.filter(facility=facility).select_related("asked_by", "approved_by")
    counting: dict[str, CashCurrency] = {}
    asked: dict[str, CashCurrency] = {}
    for row in rows.order_by("id"):
        asked[row.currency] = row
        if row.approved_by_id is not None:
            counting[row.currency] = row
    return [
        CashCurrencyLine(currency, counting.get(currency), newest if newest.approved_by_id is None else None)
        for currency, newest in sorted(asked.items())
    ]


def cash_currencies_awaiting(facility_ids: Collection[int]) -> QuerySet[CashCurrency]:
    """Rules that somebody asked for, nobody approved, and no newer one took the place of. One SQL query."""
    same = {"facility": OuterRef("facility"), "currency": OuterRef("currency")}
    newer = CashCurrency.objects.filter(**same, pk__gt=OuterRef("pk"))
    rows = CashCurrency.objects.filter(~Exists(newer), facility_id__in=facility_ids, approved_by=None)
    return rows.select_related("facility", "asked_by").order_by("id")
