"""The end of a session: counted, forced, approved; its cash in the safe."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from cashiering import commands as till
from cashiering.models import Session
from cashiering.queries import cash_to_bank, till_read
from hms_ach.money import Money
from tests.invariants.till_machine.figures import Figures
from tests.invariants.till_machine.place import NOTES, PICK, Drawer


class Ending(Figures):
    """Drawers are counted right, wrong or later by another person, and then approved."""

    @precondition(lambda self: self.has("OPEN", "SUSPENDED"))
    @rule(
        pick=PICK,
        off=st.sampled_from([0, 0, 1_00, -2_00, 15_00, -45_00]),
        notes_off=st.sampled_from([0, 0, 0, -5_00, 20_00]),
    )
    def count(self, pick: int, off: int, notes_off: int) -> None:
        drawer = self.some(pick, "OPEN", "SUSPENDED")
        if self.pending(drawer):
            return
        counted, notes = max(drawer.held + off, 0), max(drawer.notes + notes_off, 0)
        cashier = drawer.session.cashier
        till.start_counting(session=drawer.session, actor=cashier)
        asked = {
            "session": drawer.session,
            "denominations": self.pieces(drawer.place, counted),
            "foreign": self.foreign(drawer, notes),
            "actor": cashier,
        }
        if till.commit_count(**asked).needs_recount:
            till.commit_count(**asked)
        self._closed(drawer, counted, notes)

    @precondition(lambda self: self.has("OPEN", "SUSPENDED", "COUNTING"))
    @rule(pick=PICK)
    def force(self, pick: int) -> None:
        drawer = self.some(pick, "OPEN", "SUSPENDED", "COUNTING")
        till.force_close(session=drawer.session, reason="Ill", actor=drawer.place.given.gil)
        drawer.state = "FORCED"
        self.offers = [one for one in self.offers if not (one[0].kind == "HANDOVER" and one[1] is drawer)]
        self.agree(drawer)

    @precondition(lambda self: self.has("FORCED"))
    @rule(pick=PICK, off=st.sampled_from([0, 0, -7_00]))
    def count_forced(self, pick: int, off: int) -> None:
        drawer = self.some(pick, "FORCED")
        if self.pending(drawer):
            return
        counted = max(drawer.held + off, 0)
        pieces, notes = self.pieces(drawer.place, counted), max(drawer.notes, 0)
        till.count_forced(
            session=drawer.session,
            denominations=pieces,
            foreign=self.foreign(drawer, notes),
            actor=drawer.place.given.gil,
        )
        self._closed(drawer, counted, notes)

    def _closed(self, drawer: Drawer, counted: int, notes: int) -> None:
        """The Z read says what the machine knows; then other people approve, and the safe has the cash."""
        session = Session.objects.get(pk=drawer.session.pk)
        read = till_read(session)
        assert read.drawers[0].expected.minor == drawer.held
        assert read.drawers[0].difference.minor == counted - drawer.held
        assert len(read.drawers) == 1 + drawer.saw_notes
        if drawer.saw_notes:
            assert read.drawers[1].expected == Money(drawer.notes, NOTES)
            assert read.drawers[1].difference == Money(notes - drawer.notes, NOTES)
        assert session.z_read.figures == read.as_json() | {"state": session.z_read.figures["state"]}
        approver = drawer.place.chief
        if session.state == "VARIANCE_PENDING":
            till.approve_variance(session=session, reason="Unknown", actor=approver)
        till.approve_session(session=session, actor=approver)
        self.safes[drawer.place.currency] += counted
        self.notes_in_safes[drawer.place.currency] += notes if drawer.saw_notes else 0
        drawer.held, drawer.notes, drawer.state = 0, 0, "APPROVED"
        self.agree(drawer)
        session.refresh_from_db()
        kept = (notes if drawer.saw_notes else 0) + drawer.notes_dropped - drawer.notes_floated
        own = drawer.place.currency
        drawer.to_bank = {own: counted + drawer.dropped - drawer.floated, NOTES: kept}
        assert cash_to_bank(session).minor == drawer.to_bank[own]
        assert cash_to_bank(session, NOTES).minor == kept
