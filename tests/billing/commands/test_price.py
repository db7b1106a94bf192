"""Prices from a day on, and which one applies."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing.commands import record_charge, set_price
from billing.commands.price import PriceOverlaps
from billing.models import Price
from billing.queries import ServiceUnpriced, price_of
from hms_ach.money import Money
from tests.make import billing as make

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 1)


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def dan(north):
    return make.clerk(north)


@pytest.fixture
def visit(dan):
    return make.service(dan, code="99213")


def put(price_list, service, minor, starts_on, dan, **more) -> Price:
    amount = Money(minor, price_list.currency)
    return set_price(
        price_list_id=price_list.pk,
        service_id=service.pk,
        amount=amount,
        starts_on=starts_on,
        actor=dan,
        **more,
    )


def test_the_price_of_the_service_date_applies(north, dan, visit):
    everybody = make.price_list(dan)
    put(everybody, visit, 100_00, date(2026, 1, 1), dan)
    put(everybody, visit, 110_00, JULY, dan)
    asked = {"facility": north, "payer_class": "SELF_PAY", "currency": "USD"}

    before = price_of(visit, on=JULY - timedelta(days=1), **asked)
    after = price_of(visit, on=JULY, **asked)

    assert (before.amount, after.amount) == (Money(100_00, "USD"), Money(110_00, "USD"))


def test_the_narrowest_list_wins_and_the_trace_tells_the_way(north, dan, visit):
    put(make.price_list(dan), visit, 100_00, date(2026, 1, 1), dan)
    make.price_list(dan, name="North", facility=north)
    put(make.price_list(dan, name="Medicare", payer_class="MEDICARE"), visit, 80_00, JULY, dan)

    found = price_of(visit, facility=north, payer_class="MEDICARE", on=make.DAY, currency="USD")

    assert found.amount == Money(100_00, "USD")
    assert [(step["list"], step["result"]) for step in found.trace] == [
        ("North", "no price on 2026-03-12"),
        ("Medicare", "no price on 2026-03-12"),
        ("Everybody", "$100.00, valid since 2026-01-01"),
    ]


def test_a_service_without_a_price_is_refused_and_never_free(north, dan, visit):
    make.price_list(dan)

    with pytest.raises(ServiceUnpriced, match="99213 has no price in USD on Mar 12, 2026"):
        record_charge(
            patient_id=make.patient(north, dan).pk,
            facility=north,
            service_code="99213",
            quantity=1,
            service_on=make.DAY,
            on=make.DAY,
            actor=dan,
        )


def test_a_price_before_a_later_one_needs_an_end(dan, visit):
    everybody = make.price_list(dan)
    put(everybody, visit, 110_00, JULY, dan)

    with pytest.raises(PriceOverlaps):
        put(everybody, visit, 100_00, date(2026, 1, 1), dan)
    assert put(everybody, visit, 100_00, date(2026, 1, 1), dan, ends_on=JULY - timedelta(days=1))


def test_the_database_refuses_two_prices_on_one_day(dan, visit):
    price = put(make.price_list(dan), visit, 100_00, date(2026, 1, 1), dan)

    with pytest.raises(IntegrityError, match="billing_price_no_overlap"), transaction.atomic():
        Price.objects.create(
            list=price.list,
            service=visit,
            amount_minor=1,
            starts_on=JULY,
            set_by=dan,
            set_at=price.set_at,
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_price SET amount_minor = 1",
        "UPDATE billing_price SET starts_on = '2025-01-01'",
        "DELETE FROM billing_price",
        "UPDATE billing_historicalprice SET amount_minor = 1",
    ],
)
def test_the_database_never_changes_a_price(dan, visit, statement):
    put(make.price_list(dan), visit, 100_00, date(2026, 1, 1), dan)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(("currency", "minor", "shown"), [("JPY", 1500, "1500"), ("KWD", 1500, "1.500")])
def test_currencies_of_any_digits_are_priced(north, dan, visit, currency, minor, shown):
    put(make.price_list(dan, currency=currency), visit, minor, date(2026, 1, 1), dan)

    found = price_of(visit, facility=north, payer_class="SELF_PAY", on=make.DAY, currency=currency)

    assert str(found.amount) == shown
