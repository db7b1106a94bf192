"""The sessions behind a bag."""

import pytest

from cashiering.commands import prepare_deposit
from cashiering.queries import sessions_in_bag
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_bag_awaited_anew_has_the_same_sessions_and_an_unknown_one_none(django_assert_num_queries):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))
    make.approved(session, given, 240_00)
    bag = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(40_00, "USD"),
        declared_cheques=Money(0, "USD"),
        bag_number="B1",
        slip_number="S1",
        actor=given.cora,
    )

    with django_assert_num_queries(5):
        found = sessions_in_bag(f"{bag.public_id}.2")

    assert [(one.number, one.cash, one.cheques.minor) for one in found] == [
        (session.number, Money(40_00, "USD"), 0)
    ]
    assert sessions_in_bag("dep_none") == []
