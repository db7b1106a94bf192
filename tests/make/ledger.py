"""A legal entity with its chart and an open period, and entries in it."""

import itertools
from datetime import date

from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.money import Money
from ledger.commands import Posting, ensure_chart, open_period, post_entry
from ledger.models import Entry

DAY = date(2026, 3, 12)
_numbers = itertools.count(1)


def book(*, day: date = DAY, code: str | None = None, currency: str = "USD") -> Facility:
    """A facility whose legal entity has the seed chart and an open period around the day."""
    code = code or f"F{next(_numbers)}"
    entity = LegalEntity.objects.create(
        code=f"E{code}"[:10], name=f"Entity {code}", functional_currency=currency
    )
    facility = Facility.objects.create(
        legal_entity=entity, code=code, name=f"Facility {code}", currency=currency
    )
    ensure_chart(entity)
    open_period(legal_entity=entity, starts_on=day, actor=None)
    return facility


def person(name: str) -> User:
    return User.objects.create(username=name, name=name.title())


def lines(
    minor: int = 125_00, *, debit: str = "cash.drawer", credit: str = "receivable.patient", **dimensions
):
    """Two postings of one amount in dollars; dimensions go to both."""
    return [
        Posting(debit, Money(minor, "USD"), **dimensions),
        Posting(credit, Money(-minor, "USD"), **dimensions),
    ]


def entry(facility: Facility, *, key: str = "", day: date = DAY, postings=None, **more) -> Entry:
    """A posted entry."""
    key = key or f"test:{next(_numbers)}"
    values = {"source": ("payment", "pay_1"), "memo": "Receipt 1"} | more
    return post_entry(key=key, facility=facility, effective_on=day, postings=postings or lines(), **values)
