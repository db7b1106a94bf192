"""A payout that is compared while the bank, or a person, says something about the same money."""

from threading import Event

import pytest
from django.db import transaction

from cashiering.commands import confirm_bank_receipt, withdraw_payout
from cashiering.models import CardBatch, Payout
from tests.cashiering.commands.test_payout import charged_back, merchant, row, take
from tests.cashiering.commands.test_races import together, until_somebody_waits
from tests.make import reconciliation as bank

pytestmark = pytest.mark.usefixtures("own_database")


def test_a_chargeback_that_the_bank_shows_while_its_payout_is_taken_in_is_not_in_both():
    till = merchant()
    taken = charged_back(till)
    is_held = Event()

    def show():
        with transaction.atomic():
            confirm_bank_receipt(kind="chargeback", public_id=taken.public_id, on=bank.DAY, actor=till.gil)
            is_held.set()
            until_somebody_waits()

    def take_in():
        is_held.wait()
        part = row(till, "60.00", "1.50", "33.50", case="CB-2201", chargebacks="25.00")
        return take(till, part).state

    assert together(show, take_in) == [None, "DIFFERS"]
    taken.refresh_from_db()
    assert taken.payout is None


def test_a_payout_that_is_withdrawn_while_the_bank_shows_it_never_waits_in_a_ring():
    till = merchant()
    payout = take(till, row(till, "60.00", "1.50", "58.50"))
    is_held = Event()

    def withdraw():
        with transaction.atomic():
            Payout.objects.select_for_update().get(pk=payout.pk)
            is_held.set()
            until_somebody_waits()
            return withdraw_payout(payout=payout, reason="Wrong", actor=till.gil).state

    def show():
        is_held.wait()
        return confirm_bank_receipt(
            kind="card_payout", public_id=payout.public_id, on=bank.DAY, actor=till.gil
        )

    assert together(withdraw, show) == ["WITHDRAWN", "not_awaiting_bank"]
    assert CardBatch.objects.get().state == "CLOSED"
