"""Money in and out of a drawer: sales, voids, refunds, what is paid in and out, false notes."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cashiering import commands as till
from cashiering.commands.refund_cash import CashNotInDrawer
from cashiering.rules.tenders import TenderGiven
from hms_ach.money import Money
from tests.invariants.till_machine.figures import Figures
from tests.invariants.till_machine.place import (
    AMOUNTS,
    NOTES,
    PICK,
    SMALLEST_NOTE,
    Drawer,
    Sale,
    worth_of_notes,
)
from tests.make import cashiering as make

HEAP = st.integers(1, 20)


def is_cash_alone(sale: Sale) -> bool:
    return sale.tenders == 1 and not sale.card and not sale.paper


class Selling(Figures):
    """What patients bring and get back, in both currencies."""

    @precondition(lambda self: self.has("OPEN"))
    @rule(
        pick=PICK,
        cash=AMOUNTS,
        card=st.integers(0, 99_99),
        paper=st.integers(0, 99_99),
        change=st.integers(0, 20_00),
    )
    def sell(self, pick: int, cash: int, card: int, paper: int, change: int) -> None:
        """One to three tenders; the cash gives change."""
        drawer = self.some(pick, "OPEN")
        place = drawer.place
        tenders = [make.card(card, place.currency)] if card else []
        tenders += [make.cheque(paper, currency=place.currency)] if paper else []
        change = min(change, cash - 1)
        tenders.append(make.cash(cash, place.currency))
        due = cash - change + card + paper
        payment = till.take_payment(
            session=drawer.session,
            patient=place.given.patient,
            allocations=[(place.bill, self.money(place, due))],
            tenders=tenders,
            key=self.key(),
            actor=drawer.session.cashier,
        )
        self._sold(drawer, Sale(payment, cash - change, card, paper, 0, len(tenders)))

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, heap=HEAP, cash=st.integers(0, 20_00), change=st.integers(0, 40_00))
    def sell_for_notes(self, pick: int, heap: int, cash: int, change: int) -> None:
        """Foreign notes, perhaps with local cash after them, which then gives the change."""
        drawer = self.some(pick, "OPEN")
        place, notes = drawer.place, heap * 5_00
        worth = worth_of_notes(notes)
        tenders = [TenderGiven("CASH", self.money(place, 0), foreign=Money(notes, NOTES))]
        tenders += [make.cash(cash, place.currency)] if cash else []
        change = min(change, (cash or worth) - 1)
        payment = till.take_payment(
            session=drawer.session,
            patient=place.given.patient,
            allocations=[(place.bill, self.money(place, worth + cash - change))],
            tenders=tenders,
            key=self.key(),
            actor=drawer.session.cashier,
        )
        drawer.saw_notes = True
        self._sold(drawer, Sale(payment, cash - change, 0, 0, notes, len(tenders)))

    def _sold(self, drawer: Drawer, sale: Sale) -> None:
        drawer.live.append(sale)
        self._tendered(drawer, 1, sale)

    def _tendered(self, drawer: Drawer, sign: int, sale: Sale) -> None:
        drawer.held += sign * sale.cash
        drawer.notes += sign * sale.notes
        drawer.card += sign * sale.card
        drawer.paper += sign * sale.paper
        self.agree(drawer)

    @precondition(lambda self: any(one.live for one in self.drawers if one.state == "OPEN"))
    @rule(pick=PICK)
    def void(self, pick: int) -> None:
        """Undo a payment, alone or with a second person."""
        choices = [one for one in self.drawers if one.state == "OPEN" and one.live]
        drawer = choices[pick % len(choices)]
        sale = drawer.live.pop(pick % len(drawer.live))
        payment = sale.payment
        if payment.total_minor <= 100_00:
            till.void_payment(payment=payment, reason="Wrong", actor=drawer.session.cashier)
        else:
            till.request_void(payment=payment, reason="Wrong", actor=drawer.session.cashier)
            till.approve_void(payment=payment, actor=drawer.place.given.cora)
        self._tendered(drawer, -1, sale)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, which=PICK)
    def refund(self, pick: int, which: int) -> None:
        """All of a receipt that was paid in cash, of this drawer or of another that may be closed."""
        drawer = self.some(pick, "OPEN")
        here = [one for one in self.drawers if one.place is drawer.place]
        sales = [(one, sale) for one in here for sale in one.live if is_cash_alone(sale)]
        if not sales:
            return
        seller, sale = sales[which % len(sales)]
        amount, notes = sale.payment.total_minor, sale.notes
        while worth_of_notes(notes) > amount:
            notes -= SMALLEST_NOTE
        own = amount - worth_of_notes(notes)
        if notes > drawer.notes or own > drawer.held:
            with pytest.raises(CashNotInDrawer), transaction.atomic():
                self._give_back(drawer, sale)
            return
        self._give_back(drawer, sale)
        seller.live.remove(sale)
        drawer.held -= own
        drawer.notes -= notes
        drawer.saw_notes = drawer.saw_notes or notes > 0
        self.agree(drawer)

    def _give_back(self, drawer: Drawer, sale: Sale) -> None:
        refund = till.request_refund(
            payment=sale.payment,
            tender=None,
            amount=self.money(drawer.place, sale.payment.total_minor),
            reason="Twice",
            key=self.key(),
            actor=drawer.session.cashier,
        )
        if refund.state == "REQUESTED":
            till.approve_refund(refund=refund, actor=drawer.place.chief)
        till.pay_refund(refund=refund, session=drawer.session, actor=drawer.session.cashier)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=AMOUNTS, kind=st.sampled_from(["PAID_IN", "PAID_OUT"]))
    def move(self, pick: int, minor: int, kind: str) -> None:
        drawer = self.some(pick, "OPEN")
        till.record_movement(
            session=drawer.session,
            kind=kind,
            amount=self.money(drawer.place, minor),
            reason="Stamps",
            key=self.key(),
            actor=drawer.session.cashier,
        )
        drawer.held += minor if kind == "PAID_IN" else -minor
        self.agree(drawer)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK)
    def suspect(self, pick: int) -> None:
        drawer = self.some(pick, "OPEN")
        number = self.key()
        till.take_suspect_note(
            session=drawer.session,
            face_minor=20_00,
            serial=number,
            handed_to="Officer",
            key=number,
            actor=drawer.session.cashier,
        )
        drawer.held -= 20_00
        self.agree(drawer)
