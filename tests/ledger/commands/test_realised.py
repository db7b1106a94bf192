"""Settling a foreign item: it leaves at what it was carried at, and the rest is gain or loss."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach.money import Money
from ledger.commands import Posting, post_entry, record_rate, reverse_entry
from ledger.models import Posting as Line
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
BILLED, PAID = date(2026, 3, 2), date(2026, 3, 20)


def rate(value, on, base="EUR"):
    gil = make.User.objects.filter(username="gil").first() or make.person("gil")
    record_rate(base=base, quote="USD", on=on, rate=Decimal(value), source="ECB", actor=gil)


def posted(facility, day, minor, *, debit, credit, currency="EUR", reference="inv_1", key=""):
    amount = Money(minor, currency)
    postings = [
        Posting(debit, amount, reference=reference if debit.startswith("receivable") else ""),
        Posting(credit, -amount, reference=reference if credit.startswith("receivable") else ""),
    ]
    return make.entry(facility, day=day, postings=postings, key=key)


def billed(facility, minor, **more):
    return posted(facility, BILLED, minor, debit="receivable.patient", credit="income.other", **more)


def paid(facility, minor, **more):
    return posted(facility, PAID, minor, debit="cash.safe", credit="receivable.patient", **more)


def item(reference="inv_1"):
    sums = Line.objects.filter(role="receivable.patient", reference=reference).aggregate(
        amount=Sum("amount_minor"), functional=Sum("functional_minor")
    )
    return sums["amount"], sums["functional"]


def gain() -> int:
    """What was won, in cents; a loss is negative."""
    return -(Line.objects.filter(role="fx.gain_loss").aggregate(sum=Sum("functional_minor"))["sum"] or 0)


@pytest.mark.parametrize("later, expected", [("1.20", 10_00), ("1.05", -5_00), ("1.10", 0)])
def test_a_receivable_paid_at_another_rate_shows_gain_or_loss_in_the_same_entry(later, expected):
    facility = make.book()
    rate("1.10", BILLED)
    rate(later, PAID)
    billed(facility, 100_00)

    entry = paid(facility, 100_00)

    assert item() == (0, 0)
    assert gain() == expected
    assert entry.n_postings == entry.postings.count() == (4 if expected else 2)


def test_a_part_is_relieved_in_proportion_and_the_last_takes_the_rest():
    facility = make.book()
    rate("1.3333333333", BILLED)
    rate("1.5", PAID)
    billed(facility, 1_00)

    paid(facility, 33)
    assert item() == (67, 89)
    paid(facility, 33)
    paid(facility, 34)

    assert item() == (0, 0)


def test_what_is_paid_beyond_the_item_stands_at_todays_rate():
    facility = make.book()
    rate("1.10", BILLED)
    rate("1.20", PAID)
    billed(facility, 100_00)

    paid(facility, 150_00)

    assert item() == (-50_00, -60_00)
    assert gain() == 10_00


@pytest.mark.parametrize(
    "currency, first, then, minor", [("JPY", "0.0067", "0.0070", 15_000), ("KWD", "3.25", "3.10", 12_345)]
)
def test_yen_and_dinar_settle_to_nothing_too(currency, first, then, minor):
    facility = make.book()
    rate(first, BILLED, currency)
    rate(then, PAID, currency)
    billed(facility, minor, currency=currency)

    paid(facility, minor, currency=currency)

    assert item() == (0, 0)
    assert gain() != 0


def test_the_same_key_answers_the_same_entry_though_the_item_is_settled_now():
    facility = make.book()
    rate("1.10", BILLED)
    rate("1.20", PAID)
    billed(facility, 100_00)

    first = paid(facility, 100_00, key="pay")
    again = paid(facility, 100_00, key="pay")

    assert (again.pk, again.n_postings) == (first.pk, 4)


def test_taking_a_settlement_back_takes_its_gain_back():
    facility = make.book()
    rate("1.10", BILLED)
    rate("1.20", PAID)
    billed(facility, 100_00)
    entry = paid(facility, 100_00)

    reverse_entry(
        original=entry, key="back", effective_on=PAID, memo="", source=("payment", "pay_1"), actor=None
    )

    assert item() == (100_00, 110_00)
    assert gain() == 0


def test_nothing_is_asked_nor_added_where_nothing_foreign_is_settled(django_assert_num_queries):
    facility = make.book()

    with django_assert_num_queries(0):
        post_entry(
            key="home",
            facility=facility,
            effective_on=make.DAY,
            source=("payment", "pay_1"),
            memo="",
            postings=make.lines(reference="inv_1"),
        )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.integers(1, 50_00), min_size=1, max_size=5),
    first=st.decimals("0.5", "2", places=6),
    then=st.decimals("0.5", "2", places=6),
)
def test_whatever_the_parts_and_rates_an_item_ends_at_nothing_in_both_currencies(db, parts, first, then):
    facility = make.book()
    rate(first, BILLED)
    rate(then, PAID)
    reference = f"inv_{facility.pk}"
    billed(facility, sum(parts), reference=reference)

    for part in parts:
        paid(facility, part, reference=reference)

    assert item(reference) == (0, 0)
