"""Drawers that are opened, locked for a break and taken up again."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cashiering import commands as till
from tests.invariants.till_machine.figures import Figures
from tests.invariants.till_machine.place import FLOAT, PICK, RUNNING, Drawer


class Opening(Figures):
    """Sessions begin with what the safe gave, whatever is counted."""

    @rule(pick=PICK, off=st.sampled_from([0, 0, -1_00, 5_00]))
    def open_another(self, pick: int, off: int) -> None:
        place = self.places[pick % len(self.places)]
        busy = {one.session.register_id for one in self.drawers if one.state in RUNNING}
        people = self.busy()
        registers = [one for one in place.registers if one.pk not in busy]
        cashiers = [one for one in place.cashiers if one.pk not in people]
        if not registers or not cashiers:
            return
        cashier = cashiers[pick % len(cashiers)]
        session = till.open_session(register=registers[0], actor=cashier)
        till.record_opening_count(
            session=session, denominations=self.pieces(place, FLOAT + off), actor=cashier
        )
        self.safes[place.currency] -= FLOAT
        self.drawers.append(Drawer(session, place, held=FLOAT + off, floated=FLOAT))
        self.agree(self.drawers[-1])

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK)
    def lock_for_a_break(self, pick: int) -> None:
        drawer = self.some(pick, "OPEN")
        till.suspend_session(session=drawer.session, actor=drawer.session.cashier)
        drawer.state = "SUSPENDED"

    @precondition(lambda self: self.has("SUSPENDED"))
    @rule(pick=PICK)
    def take_up_again(self, pick: int) -> None:
        drawer = self.some(pick, "SUSPENDED")
        till.resume_session(session=drawer.session, actor=drawer.session.cashier)
        drawer.state = "OPEN"
