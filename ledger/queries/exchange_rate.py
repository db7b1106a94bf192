"""Rates of exchange as they count."""

from datetime import date

from django.db.models import QuerySet

from ledger.models import ExchangeRate


def exchange_rates(
    *, base: str = "", quote: str = "", since: date | None = None, until: date | None = None
) -> "QuerySet[ExchangeRate]":
    """Recorded rates, the latest day first and within a day the latest recorded. One query a page."""
    wanted = {"base": base, "quote": quote, "on__gte": since, "on__lte": until}
    rows = ExchangeRate.objects.filter(**{name: value for name, value in wanted.items() if value})
    return rows.order_by("-on", "base", "quote", "-id")
