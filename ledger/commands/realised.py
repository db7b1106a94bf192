"""Gain or loss of exchange where a foreign item is settled: posted in the entry that settles it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from hms_ach.access.models import Facility
from hms_ach.money import Money
from ledger.rules.exchange_rate import converted, relieved
from ledger.rules.posting import Posting
from ledger.rules.roles import MONETARY_ROLES

_CARRIED = """
    SELECT item.role, item.reference, item.currency, sum(posting.amount_minor), sum(posting.functional_minor)
    FROM unnest(%(roles)s::text[], %(references)s::text[], %(currencies)s::text[])
        AS item (role, reference, currency)
    JOIN ledger_posting posting ON posting.role = item.role AND posting.reference = item.reference
        AND posting.currency = item.currency AND posting.reference <> ''
    WHERE posting.facility_id = %(facility)s
    GROUP BY item.role, item.reference, item.currency
"""
_RATES = """
    SELECT currency, rate.minor_rate FROM unnest(%(currencies)s::text[]) currency
    CROSS JOIN LATERAL (
        SELECT minor_rate FROM ledger_exchangerate
        WHERE base = currency AND quote = %(functional)s AND "on" <= %(day)s
        ORDER BY "on" DESC, id DESC LIMIT 1
    ) rate
"""
_Item = tuple[str, str, str]


def realised_differences(
    *, facility: Facility, effective_on: date, postings: Sequence[Posting]
) -> list[Posting]:
    """The lines to add to an entry that settles foreign items: their difference, and the gain or loss.

    An item is what one role carries for one reference in one currency. The part that is settled
    leaves at the value it was carried at; what it is worth today beside that is gain or loss. Nothing
    is added where nothing foreign is settled. Two SQL queries when a foreign item is touched, else none.
    """
    functional = facility.legal_entity.functional_currency
    touched = [posting for posting in postings if _is_foreign_item(posting, functional)]
    if not touched:
        return []
    today = _values_today(postings, functional, effective_on)
    settled: dict[_Item, int] = defaultdict(int)
    worth: dict[_Item, int] = defaultdict(int)
    first: dict[_Item, Posting] = {}
    for posting, value in zip(postings, today, strict=True):
        if _is_foreign_item(posting, functional):
            item = (posting.role, posting.reference, posting.amount.currency)
            settled[item] += posting.amount.minor
            worth[item] += value
            first.setdefault(item, posting)
    lines: list[Posting] = []
    gains: dict[str, int] = defaultdict(int)
    for item, (amount, carried) in _carried(list(settled), facility.pk).items():
        part, value = relieved(amount=amount, functional=carried, settled=settled[item])
        if not part:
            continue
        at_today = worth[item]
        if part != -settled[item]:
            # Of a settlement beyond the item only the part that closes it is compared.
            at_today = converted([-part], Decimal(worth[item]) / settled[item])[0]
        difference = -value - at_today
        if difference:
            lines.append(_difference(first[item], Money(difference, functional)))
            gains[item[2]] -= difference
    return lines + [
        Posting("fx.gain_loss", Money.zero(currency), difference=Money(gain, functional))
        for currency, gain in gains.items()
        if gain
    ]


def settles_foreign_items(postings: Sequence[Posting], functional: str) -> bool:
    """Whether an entry touches what is carried in another currency, so that its rate of today matters."""
    return any(_is_foreign_item(posting, functional) for posting in postings)


def _is_foreign_item(posting: Posting, functional: str) -> bool:
    return bool(
        posting.reference and posting.amount.currency != functional and posting.role in MONETARY_ROLES
    )


def _difference(posting: Posting, difference: Money) -> Posting:
    return Posting(
        posting.role,
        Money.zero(posting.amount.currency),
        reference=posting.reference,
        payer_class=posting.payer_class,
        payer=posting.payer,
        account=posting.account,
        difference=difference,
    )


def _values_today(postings: Sequence[Posting], functional: str, day: date) -> list[int]:
    """What each posting will be worth in the functional currency; zero where a rate is missing."""
    currencies = sorted({posting.amount.currency for posting in postings} - {functional})
    with connection.cursor() as cursor:
        cursor.execute(_RATES, {"currencies": currencies, "functional": functional, "day": day})
        rates: dict[str, Decimal] = dict(cursor.fetchall())
    values = [0] * len(postings)
    for currency, rate in rates.items():
        places = [n for n, posting in enumerate(postings) if posting.amount.currency == currency]
        amounts = [postings[n].amount.minor for n in places]
        for n, value in zip(places, converted(amounts, rate), strict=True):
            values[n] = value
    return values


def _carried(items: Sequence[_Item], facility_id: int) -> dict[_Item, tuple[int, int]]:
    roles, references, currencies = zip(*items, strict=True)
    params: dict[str, Any] = {
        "roles": list(roles),
        "references": list(references),
        "currencies": list(currencies),
        "facility": facility_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED, params)
        return {
            (role, reference, currency): (int(amount), int(functional))
            for role, reference, currency, amount, functional in cursor.fetchall()
        }
