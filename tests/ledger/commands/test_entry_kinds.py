"""Entries that come late, and entries that carry a difference of exchange."""

from datetime import date
from decimal import Decimal

import pytest

from hms_ach.money import Money
from ledger.commands import EntryKeyReused, EntryRefused, EntryUnbalanced, Posting, record_rate
from ledger.models import Entry
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def test_a_late_entry_says_which_day_it_belongs_to():
    facility = make.book()

    late = make.entry(facility, key="late", belongs_on=date(2026, 2, 27))

    assert Entry.objects.get().belongs_on == date(2026, 2, 27) == late.belongs_on
    with pytest.raises(EntryKeyReused):
        make.entry(facility, key="late")
    with pytest.raises(EntryRefused, match="not before its own"):
        make.entry(facility, belongs_on=make.DAY)


def test_a_difference_of_exchange_moves_functional_value_only():
    facility = make.book()
    known = {"base": "EUR", "quote": "USD", "on": date(2026, 3, 1), "rate": Decimal("1.10"), "source": "ECB"}
    record_rate(**known, actor=make.person("gil"))
    ten = Money(10_00, "USD")

    moved = make.entry(
        facility,
        postings=[
            Posting("receivable.patient", Money(0, "EUR"), difference=ten),
            Posting("fx.gain_loss", Money(0, "EUR"), difference=-ten),
        ],
    )

    rows = moved.postings.order_by("line").values_list("amount_minor", "functional_minor", "exchange_rate")
    assert list(rows) == [(0, 10_00, None), (0, -10_00, None)]


@pytest.mark.parametrize(
    "currency, role, minor",
    [
        ("EUR", "revenue.patient_services", 10_00),
        ("USD", "receivable.patient", 10_00),
    ],
)
def test_a_difference_elsewhere_is_refused_by_the_database(currency, role, minor):
    facility, ten = make.book(), Money(minor, "USD")

    with pytest.raises(EntryRefused):
        make.entry(
            facility,
            postings=[
                Posting(role, Money(0, currency), difference=ten),
                Posting("fx.gain_loss", Money(0, currency), difference=-ten),
            ],
        )


def test_differences_that_do_not_sum_to_zero_are_refused():
    facility, ten = make.book(), Money(10_00, "USD")

    with pytest.raises(EntryUnbalanced, match="add up to 1000"):
        make.entry(
            facility,
            postings=[*make.lines(), Posting("receivable.patient", Money(0, "EUR"), difference=ten)],
        )
