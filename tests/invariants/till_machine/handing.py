"""Cash from one person to another: drops, floats, top-ups, handovers, each accepted or not."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cashiering import commands as till
from cashiering.commands.session import SessionAlreadyYours
from cashiering.models import CashTransfer
from hms_ach.access.models import User
from hms_ach.money import Money
from tests.invariants.till_machine.ending import Ending
from tests.invariants.till_machine.place import NOTES, PICK, Drawer
from tests.make import cashiering as make


class Handing(Ending):
    """Money moves when the receiver accepts, and only then."""

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=st.integers(1, 400_00), heap=st.integers(0, 6))
    def offer_drop(self, pick: int, minor: int, heap: int) -> None:
        """Up to more than the drawer should hold, of its own currency or of notes."""
        drawer = self.some(pick, "OPEN")
        number = self.key()
        amount = Money(heap * 5_00, NOTES) if heap > 3 else self.money(drawer.place, minor)
        offered = till.offer_drop(
            session=drawer.session,
            amount=amount,
            bag_number=number,
            key=number,
            actor=drawer.session.cashier,
        )
        self.offers.append((offered, drawer, None))
        self.agree(drawer)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=st.integers(1, 50_00), currency=st.sampled_from(["", "", NOTES]))
    def offer_float(self, pick: int, minor: int, currency: str) -> None:
        drawer = self.some(pick, "OPEN")
        others = [
            one
            for one in self.drawers
            if one.state == "OPEN" and one.place is drawer.place and one is not drawer
        ]
        if not others:
            return
        offered = till.offer_float(
            session=drawer.session,
            to=others[0].session,
            denominations=make.pieces(minor // 5 * 5 + 5, currency or drawer.place.currency),
            key=self.key(),
            actor=drawer.session.cashier,
            currency=currency,
        )
        self.offers.append((offered, drawer, others[0]))

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=st.integers(1, 50_00), currency=st.sampled_from(["", "", NOTES]))
    def offer_top_up(self, pick: int, minor: int, currency: str) -> None:
        drawer = self.some(pick, "OPEN")
        offered = till.offer_top_up(
            session=drawer.session,
            denominations=make.pieces(minor // 5 * 5 + 5, currency or drawer.place.currency),
            key=self.key(),
            actor=drawer.place.given.cora,
            currency=currency,
        )
        self.offers.append((offered, drawer, drawer))

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, off=st.sampled_from([0, 0, -3_00, -30_00]))
    def offer_handover(self, pick: int, off: int) -> None:
        drawer = self.some(pick, "OPEN")
        busy = self.busy()
        free = [one for one in drawer.place.cashiers if one.pk not in busy]
        if not free or self.pending(drawer) or drawer.held + off <= 0:
            return
        offered = till.offer_handover(
            session=drawer.session,
            to=free[0],
            denominations=self.pieces(drawer.place, drawer.held + off),
            foreign=self.foreign(drawer, max(drawer.notes, 0)),
            key=self.key(),
            actor=drawer.session.cashier,
        )
        drawer.state = "COUNTING"
        self.offers.append((offered, drawer, None))

    @precondition(lambda self: bool(self.offers))
    @rule(pick=PICK, answer=st.sampled_from(["accept", "accept", "reject", "withdraw"]))
    def decide(self, pick: int, answer: str) -> None:
        offered, sender, receiver = self.offers[pick % len(self.offers)]
        if offered.kind in ("FLOAT", "TOP_UP") and answer == "accept":
            ends = {sender.state, receiver.state if receiver else "OPEN"}
            if ends != {"OPEN"}:
                answer = "withdraw"
        self.offers.remove((offered, sender, receiver))
        taker = offered.offered_to or sender.place.given.cora
        if offered.kind == "HANDOVER" and answer == "accept" and taker.pk in self.busy():
            with pytest.raises(SessionAlreadyYours):
                self._accept(offered, sender, receiver, taker)
            answer = "withdraw"
        if answer == "accept":
            self._accept(offered, sender, receiver, taker)
        elif answer == "reject":
            till.reject_transfer(transfer=offered, reason="Not right", actor=taker)
        else:
            till.withdraw_transfer(transfer=offered, actor=offered.offered_by)
        if offered.kind == "HANDOVER" and answer != "accept":
            sender.state = "OPEN"
        self.agree(sender)

    def _accept(self, offered: CashTransfer, sender: Drawer, receiver: Drawer | None, taker: User) -> None:
        minor, place = offered.amount_minor, sender.place
        counted = {int(face): number for face, number in offered.denominations.items()}
        if offered.kind == "HANDOVER":
            floated, notes = min(max(sender.floated, 0), minor), max(sender.notes, 0)
            notes_floated = min(max(sender.notes_floated, 0), notes)
            foreign = self.foreign(sender, notes)
            took = till.accept_handover(transfer=offered, denominations=counted, foreign=foreign, actor=taker)
            difference = minor - sender.held
            sender.held, sender.floated = -difference, sender.floated - floated
            sender.notes, sender.notes_floated = sender.notes - notes, sender.notes_floated - notes_floated
            received = Drawer(took, place, held=minor, floated=floated, saw_notes=notes > 0)
            received.notes, received.notes_floated = notes, notes_floated
            self.drawers.append(received)
            self._closed(sender, counted=0, notes=0)
            self.agree(self.drawers[-1])
            return
        till.accept_transfer(transfer=offered, denominations=counted, actor=taker)
        if offered.currency == NOTES:
            self._moved_notes(offered.kind, sender, receiver, minor)
        elif offered.kind == "DROP":
            sender.held -= minor
            sender.dropped += minor
            self.safes[place.currency] += minor
        elif receiver is not None:
            receiver.held += minor
            receiver.floated += minor
            if offered.kind == "FLOAT":
                sender.held -= minor
                sender.floated -= minor
            else:
                self.safes[place.currency] -= minor
            self.agree(receiver)

    def _moved_notes(self, kind: str, sender: Drawer, receiver: Drawer | None, minor: int) -> None:
        for drawer in (sender, receiver):
            if drawer is not None:
                drawer.saw_notes = True
        if kind == "DROP":
            sender.notes -= minor
            sender.notes_dropped += minor
            self.notes_in_safes[sender.place.currency] += minor
        elif receiver is not None:
            receiver.notes += minor
            receiver.notes_floated += minor
            if kind == "FLOAT":
                sender.notes -= minor
                sender.notes_floated -= minor
            else:
                self.notes_in_safes[sender.place.currency] -= minor
            self.agree(receiver)
