"""The one formula, against the counter and against the book, over random days."""

import random

import pytest

from cashiering.commands import record_movement, void_payment
from cashiering.queries import expected_cash
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_formula_the_counter_and_the_book_agree_after_every_step(seed):
    """Random payments, voids and movements; takes a second, since each step is real."""
    chance = random.Random(seed)
    given = make.till()
    session = make.opened(given)
    live = []

    for step in range(14):
        kind = chance.choice(["pay", "pay", "pay", "void", "PAID_IN", "PAID_OUT", "DROP"])
        minor = chance.randrange(1, 90_00)
        if kind == "pay":
            live.append(make.paid(session, given, make.cash(minor + chance.randrange(minor)), minor=minor))
        elif kind == "void" and live:
            void_payment(payment=live.pop(), reason="Wrong", actor=given.ana)
        elif kind.isupper():
            if kind == "DROP":
                make.dropped(session, given.cora, minor)
            else:
                record_movement(
                    session=session,
                    kind=kind,
                    amount=Money(minor, "USD"),
                    reason="Change",
                    key=f"{seed}:{step}",
                    actor=given.ana,
                )

        session.refresh_from_db()
        book = make.balance(given, "cash.drawer", session.public_id)
        assert expected_cash(session) == Money(session.cash_minor, "USD") == book
