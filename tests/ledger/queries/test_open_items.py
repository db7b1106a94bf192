"""Open items: by reference, since they were last at zero, as of any day and as known at any moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.money import Money
from ledger.queries import clearing_items, open_items
from tests.make import ledger as make

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 1)


def post(facility, day, minor, reference, role="card.clearing"):
    """So much comes to the item, or leaves it when below zero."""
    other = "receivable.patient"
    debit, credit = (role, other) if minor > 0 else (other, role)
    postings = make.lines(abs(minor), debit=debit, credit=credit, reference=reference)
    return make.entry(facility, day=day, postings=postings)


def test_an_item_paid_in_part_says_what_came_and_what_is_settled():
    facility = make.book()
    post(facility, FIRST, 100_00, "cba_1")
    post(facility, FIRST + timedelta(days=2), -40_00, "cba_1")

    (item,) = open_items("card.clearing", legal_entity=facility.legal_entity, today=date(2026, 3, 9))

    assert (item.came, item.settled, item.balance) == tuple(
        Money(minor, "USD") for minor in (100_00, 40_00, 60_00)
    )
    assert (item.age_days, item.bucket, item.is_past_zero) == (8, "8-30", False)


def test_an_item_settled_beyond_zero_is_open_and_says_so():
    facility = make.book()
    post(facility, FIRST, 100_00, "cba_1")
    post(facility, FIRST, -130_00, "cba_1")

    (item,) = open_items("card.clearing", legal_entity=facility.legal_entity, today=FIRST)

    assert item.balance == Money(-30_00, "USD")
    assert item.is_past_zero


def test_an_item_that_opens_again_is_as_old_as_its_new_beginning():
    facility = make.book()
    for day, minor in [(1, 100_00), (2, -100_00), (20, 5_00)]:
        post(facility, date(2026, 3, day), minor, "cba_1")

    (item,) = open_items("card.clearing", legal_entity=facility.legal_entity, today=date(2026, 3, 21))

    assert (item.since, item.age_days, item.came) == (date(2026, 3, 20), 1, Money(5_00, "USD"))


def test_equal_amounts_of_two_items_never_cancel_out():
    facility = make.book()
    post(facility, FIRST, 100_00, "cba_1")
    post(facility, FIRST, -100_00, "cba_2")

    items = open_items("card.clearing", legal_entity=facility.legal_entity, today=FIRST)

    assert [(item.reference, item.balance.minor) for item in items] == [("cba_1", 100_00), ("cba_2", -100_00)]


def test_an_item_is_as_it_was_on_a_day_and_as_it_was_known_at_a_moment():
    facility = make.book()
    with clock.at(datetime(2026, 3, 5, tzinfo=UTC)):
        post(facility, date(2026, 3, 2), 100_00, "cba_1")
    with clock.at(datetime(2026, 3, 9, tzinfo=UTC)):
        post(facility, date(2026, 3, 4), -100_00, "cba_1")
    asked = {"legal_entity": facility.legal_entity}

    assert len(clearing_items(as_of=date(2026, 3, 3), **asked)) == 1
    assert clearing_items(as_of=date(2026, 3, 4), **asked) == []
    known_before = datetime(2026, 3, 8, tzinfo=UTC)
    assert len(clearing_items(as_of=date(2026, 3, 4), known_at=known_before, **asked)) == 1


movements = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([-2, -1, 1, 2, 3]), st.sampled_from(["cba_1", "cba_2", ""])),
    max_size=14,
)


@given(movements)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_items_are_what_a_walk_over_their_postings_finds(moved):
    with transaction.atomic():
        facility = make.book()
        for day, minor, reference in moved:
            post(facility, FIRST + timedelta(days=day), minor, reference)
        last = FIRST + timedelta(days=9)

        found = clearing_items(legal_entity=facility.legal_entity, as_of=last)

        walked = {}
        for reference in {reference for *_, reference in moved}:
            left, since = 0, None
            for day, minor, _ in sorted(
                (each for each in moved if each[2] == reference), key=lambda each: each[0]
            ):
                since = FIRST + timedelta(days=day) if left == 0 else since
                left += minor
            if left:
                walked[reference] = (left, since)
        assert {item.reference: (item.balance.minor, item.since) for item in found} == walked
        transaction.set_rollback(True)
