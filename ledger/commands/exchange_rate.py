"""Rates of exchange: one by one, or a source's day at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import LegalEntity, User
from hms_ach.money import digits
from hms_ach.refusal import FileRejected, Refusal
from ledger.formats.exchange_rates import read_rates
from ledger.models import ExchangeRate
from ledger.queries.exchange_rate import doubted
from ledger.rules.exchange_rate import Quoted, crossed


class RateUnusable(Refusal):
    code = "rate_unusable"
    status = 422
    sentence = (
        "{rate} is no rate from {base} to {quote}. Write a positive number with ten decimals at most, "
        "between two currencies."
    )


class RateDoubtful(Refusal):
    code = "rate_doubtful"
    status = 422
    sentence = (
        "{base} to {quote} cannot be {rate} on {on}: {why}. Check decimals and direction; what is right "
        "although it is far from the last rate is recorded by hand first."
    )


@dataclass(frozen=True, slots=True)
class RatesTaken:
    """What an import did: rates that are new, those crossed from them, and those known before."""

    added: int
    crossed: int
    known: int
    days: tuple[date, ...]


@transaction.atomic
def record_rate(*, base: str, quote: str, on: date, rate: Decimal, source: str, actor: User) -> ExchangeRate:
    """Say how many units of quote one unit of base buys from a day on, and where that is known from.

    A rate is never changed: a better one for the same day is recorded anew and counts from then on.
    Raises RateUnusable. Emits `rate.changed`.
    """
    recorded = _row(Quoted(0, on, base, quote, rate), source)
    recorded.save()
    audit.record("ledger.record_rate", actor=actor, subject=recorded)
    _tell([recorded], source)
    return recorded


def import_rates(*, content: bytes, source: str, actor: User) -> RatesTaken:
    """Take in a file of rates, all of it or nothing: ECB XML or CSV (formats/exchange_rates.py).

    Raises FileRejected, also for what no source would say. Emits `rate.changed` for each day.
    """
    quoted = read_rates(content)
    for each, why in doubted(quoted):
        said = f"{each.base} to {each.quote} cannot be {each.rate.normalize():f} on {each.on}: {why}"
        raise FileRejected(each.line, f"{said}. Check decimals and direction, or record it by hand first")
    return take_rates(quoted=quoted, source=source, actor=actor)


@transaction.atomic
def take_rates(*, quoted: Sequence[Quoted], source: str, actor: User) -> RatesTaken:
    """Record what a source says, and what follows from it for each legal entity's functional currency.

    A rate that stands already, of the same source, is not recorded again. Raises RateUnusable and
    RateDoubtful. Emits `rate.changed`.
    """
    for each, why in doubted(quoted):
        raise RateDoubtful(
            base=each.base, quote=each.quote, rate=f"{each.rate.normalize():f}", on=each.on, why=why
        )
    functional = set(LegalEntity.objects.values_list("functional_currency", flat=True))
    wanted = [_row(each, source) for each in (*quoted, *crossed(quoted, functional))]
    known = _known(wanted, source)
    added = [row for row in wanted if known.get((row.base, row.quote, row.on)) != row.rate]
    ExchangeRate.objects.bulk_create(added, batch_size=1000)
    days = tuple(sorted({row.on for row in added}))
    if added:
        after = {"source": source, "rates": len(added), "days": [day.isoformat() for day in days][:50]}
        audit.record("ledger.import_rates", actor=actor, subject=f"rates:{source}"[:60], after=after)
        _tell(added, source)
    n_crossed = sum(1 for row in added if row.via)
    return RatesTaken(len(added) - n_crossed, n_crossed, len(wanted) - len(added), days)


def _row(each: Quoted, source: str) -> ExchangeRate:
    is_fine = each.rate > 0 and each.base != each.quote and each.rate < 10**9
    if not is_fine or each.rate != round(each.rate, 10):
        raise RateUnusable(rate=each.rate, base=each.base, quote=each.quote)
    return ExchangeRate(
        base=each.base,
        quote=each.quote,
        on=each.on,
        rate=each.rate,
        minor_rate=each.rate.scaleb(digits(each.quote) - digits(each.base)),
        source=source,
        via=each.via,
        recorded_at=clock.now(),
    )


def _known(rows: Sequence[ExchangeRate], source: str) -> dict[tuple[str, str, date], Decimal]:
    """The latest rate that this source gave for each of these pairs and days."""
    standing = ExchangeRate.objects.filter(source=source, on__in={row.on for row in rows}).order_by("id")
    return {(row.base, row.quote, row.on): row.rate for row in standing}


def _tell(rows: Sequence[ExchangeRate], source: str) -> None:
    by_day: dict[date, list[ExchangeRate]] = {}
    for row in rows:
        by_day.setdefault(row.on, []).append(row)
    for day, found in sorted(by_day.items()):
        outbox.record(
            "rate.changed",
            subject=f"rates:{day.isoformat()}",
            facility=None,
            data={
                "on": day.isoformat(),
                "source": source,
                "rates": [
                    {"base": row.base, "quote": row.quote, "rate": f"{row.rate:f}", "via": row.via}
                    for row in found
                ],
            },
        )
