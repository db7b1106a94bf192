"""Ages, buckets and limits of items on clearing accounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.clearing import (
    BUCKETS,
    STANDARD_LIMITS,
    Limit,
    bucket_of,
    is_past_zero,
    limits_in_force,
    passed,
)
from ledger.rules.roles import CLEARING_ROLES


@given(st.integers(min_value=-3, max_value=4000))
def test_every_age_falls_in_one_bucket(age):
    code = bucket_of(age)

    inside = [
        each.code for each in BUCKETS if each.first <= max(age, 0) and (each.last is None or age <= each.last)
    ]
    assert inside == [code]


def test_every_clearing_account_has_a_limit_with_an_owner():
    assert {limit.role for limit in STANDARD_LIMITS} == set(CLEARING_ROLES)
    assert all(limit.owner_role for limit in STANDARD_LIMITS)


def test_an_item_is_past_a_limit_the_day_after_it():
    limits = limits_in_force([])

    assert passed(limits, role="card.clearing", age_days=3) == ()
    assert [limit.age_days for limit in passed(limits, role="card.clearing", age_days=4)] == [3]
    assert [limit.age_days for limit in passed(limits, role="card.clearing", age_days=11)] == [3, 10]


def test_an_entitys_latest_word_counts_and_may_take_a_limit_away():
    own = [
        Limit("card.clearing", 3, "CONTROLLER"),
        Limit("card.clearing", 3, "FINANCE_APPROVER"),
        Limit("card.clearing", 10, ""),
        Limit("card.clearing", 5, "CONTROLLER"),
    ]

    of_cards = [limit for limit in limits_in_force(own) if limit.role == "card.clearing"]

    assert of_cards == [own[1], own[3]]


@pytest.mark.parametrize(
    ("role", "minor", "past"),
    [("card.clearing", -1, True), ("card.clearing", 1, False), ("suspense.unidentified", 1, True)],
)
def test_an_item_is_past_zero_on_the_side_where_its_account_does_not_stand(role, minor, past):
    assert is_past_zero(role, minor) is past
