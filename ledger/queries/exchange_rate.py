"""Rates of exchange as they count."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from hms_ach import clock
from ledger.models import ExchangeRate, Period, Posting
from ledger.rules.exchange_rate import NEAR_DAYS, Quoted, doubts


@dataclass(frozen=True, slots=True)
class RateKnown:
    """A rate as it counts on a day: `on` is the day it was said for, minor_rate is between minor units."""

    id: int
    on: date
    rate: Decimal
    minor_rate: Decimal
    source: str


def rates_on(*, bases: Collection[str], quote: str, on: date) -> dict[str, RateKnown]:
    """The rate of each currency into quote that an entry of the day is converted at; without one, none.

    One SQL query.
    """
    rows = ExchangeRate.objects.filter(base__in=list(bases), quote=quote, on__lte=on)
    newest = rows.order_by("base", "-on", "-id").distinct("base")
    return {row.base: RateKnown(row.pk, row.on, row.rate, row.minor_rate, row.source) for row in newest}


def exchange_rates(
    *, base: str = "", quote: str = "", since: date | None = None, until: date | None = None
) -> "QuerySet[ExchangeRate]":
    """Recorded rates, the latest day first and within a day the latest recorded. One query a page."""
    wanted = {"base": base, "quote": quote, "on__gte": since, "on__lte": until}
    rows = ExchangeRate.objects.filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("-on", "base", "quote", "-id")


def doubted(quoted: Sequence[Quoted]) -> list[tuple[Quoted, str]]:
    """What of it no source would say, each with why, beside the rates that stand. One SQL query."""
    if not quoted:
        return []
    days, reach = [each.on for each in quoted], timedelta(days=NEAR_DAYS)
    pairs = {(each.base, each.quote) for each in quoted}
    rows = ExchangeRate.objects.filter(
        base__in={base for base, _ in pairs},
        quote__in={quote for _, quote in pairs},
        on__gte=max(min(days), date.min + reach) - reach,
        on__lte=max(days),
    )
    known = [Quoted(0, row.on, row.base, row.quote, row.rate) for row in rows.order_by("on", "id")]
    return doubts(quoted, known, today=clock.now().date())


def foreign_postings(period: Period) -> "QuerySet[Posting]":
    """What a revaluation at the period's end looks at: foreign assets and liabilities up to its last day."""
    rows = Posting.objects.filter(
        legal_entity_id=period.legal_entity_id,
        effective_on__lte=period.ends_on,
        account__natural_class__in=["ASSET", "LIABILITY"],
    )
    return rows.exclude(currency=period.legal_entity.functional_currency)
