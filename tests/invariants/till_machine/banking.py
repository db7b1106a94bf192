"""Bags on their way to the bank: sealed, opened again, or handed to the courier."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cashiering import commands as till
from cashiering.commands.deposit import DepositIncomplete
from cashiering.models import Deposit
from hms_ach.money import Money
from tests.invariants.till_machine.figures import Bag, Figures
from tests.invariants.till_machine.place import NOTES, PICK, Drawer

YES_OR_NO = st.booleans()


class Banking(Figures):
    """What approved sessions took goes to the bank, a currency a bag; what they lacked is made up for."""

    @precondition(lambda self: any(one.to_bank for one in self.drawers))
    @rule(pick=PICK, is_foreign=YES_OR_NO, is_part=YES_OR_NO, is_opened_again=YES_OR_NO)
    def deposit(self, pick: int, is_foreign: bool, is_part: bool, is_opened_again: bool) -> None:
        place = self.places[pick % len(self.places)]
        currency = NOTES if is_foreign else place.currency
        here = [one for one in self.drawers if one.place is place and currency in one.to_bank]
        chosen = here[pick % len(here) :] if here and is_part else here
        cash = Money(sum(one.to_bank[currency] for one in chosen), currency)
        if cash.minor <= 0:
            with pytest.raises(DepositIncomplete), transaction.atomic():
                self._seal(chosen, cash, pick)
            return
        bag = Bag(self._seal(chosen, cash, pick), place, cash)
        if is_opened_again:
            till.cancel_deposit(deposit=bag.deposit, reason="Torn", actor=place.given.gil)
            return
        for one in chosen:
            del one.to_bank[currency]
        self.bags.append(bag)

    def _seal(self, chosen: list[Drawer], cash: Money, pick: int) -> Deposit:
        place = chosen[0].place if chosen else self.places[pick % len(self.places)]
        number = self.key()
        return till.prepare_deposit(
            facility=place.given.facility,
            sessions=[one.session.pk for one in chosen],
            cheques=[],
            declared_cash=cash,
            bag_number=number,
            slip_number=number,
            actor=place.given.cora,
        )

    @precondition(lambda self: any(not bag.has_left for bag in self.bags))
    @rule(pick=PICK)
    def hand_to_courier(self, pick: int) -> None:
        here = [bag for bag in self.bags if not bag.has_left]
        bag = here[pick % len(here)]
        till.verify_deposit(deposit=bag.deposit, actor=bag.place.given.gil)
        till.hand_over_deposit(deposit=bag.deposit, courier="Van", actor=bag.place.given.cora)
        bag.has_left = True
        safes = self.notes_in_safes if bag.cash.currency == NOTES else self.safes
        safes[bag.place.currency] -= bag.cash.minor
