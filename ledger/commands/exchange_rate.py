"""Rates of exchange."""

from datetime import date
from decimal import Decimal

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import digits
from ledger.models import ExchangeRate


def record_rate(*, base: str, quote: str, on: date, rate: Decimal, source: str, actor: User) -> ExchangeRate:
    """Say how many units of quote one unit of base buys from a day on, and where that is known from.

    A rate is never changed: a better one for the same day is recorded anew and counts from then on.
    """
    recorded = ExchangeRate.objects.create(
        base=base,
        quote=quote,
        on=on,
        rate=rate,
        minor_rate=rate.scaleb(digits(quote) - digits(base)),
        source=source,
        recorded_at=clock.now(),
    )
    audit.record("ledger.record_rate", actor=actor, subject=recorded)
    return recorded
