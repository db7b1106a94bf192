"""Random tills: every way cash moves, in any order, beside a plain sum kept by the machine itself.

The machine never reads the till's own figures to decide what they should be: it adds up what it did, and
compares that with the formula, the counter, the book and the reads.
"""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from cashiering import commands as till
from cashiering.commands.session import SessionAlreadyYours
from cashiering.models import CashTransfer, Payment, Session
from cashiering.queries import cash_to_bank, expected_cash, till_read
from cashiering.queries.expected_cash import float_of
from cashiering.rules.tenders import TenderGiven
from hms_ach.access.models import User
from hms_ach.money import Money
from ledger.queries import balance_of
from tests.make import access
from tests.make import cashiering as make

AMOUNTS = st.integers(1, 99_99)
ELSE = st.integers(0, 99_99)
PICK = st.integers(0, 997)
FLOAT = 200_00
# Both places take these notes, in pieces of five, at the same figure into their own currency.
NOTES, RATE_OF_TEN_THOUSAND = "CAD", 7_313
HEAP = st.integers(1, 20)
_keys = itertools.count(1)


@dataclass
class Drawer:
    """What the machine knows of one session, added up by itself."""

    session: Session
    place: "Place"
    held: int = 0
    floated: int = 0
    dropped: int = 0
    card: int = 0
    paper: int = 0
    notes: int = 0
    notes_floated: int = 0
    notes_dropped: int = 0
    saw_notes: bool = False
    state: str = "OPEN"
    live: list = field(default_factory=list)


@dataclass
class Place:
    """A facility with its registers and people, one huge invoice to pay from, its safe, an open drawer."""

    given: make.Till
    bill: int
    currency: str
    registers: list
    cashiers: list[User]
    chief: User
    first: Session


def prepare(currency: str) -> Place:
    """Made once for all runs; each run is rolled back to here."""
    given = make.till(currency=currency)
    other = make.register(given.facility, actor=given.gil)
    bill = make.invoice(given, 9_000_000_00)
    chief = access.user("CONTROLLER", facilities=[given.facility])
    make.taking(given, NOTES, rate=f"0.{RATE_OF_TEN_THOUSAND}", smallest_minor=5_00)
    first = till.open_session(register=given.register, actor=given.ana)
    till.record_opening_count(session=first, denominations=make.pieces(FLOAT, currency), actor=given.ana)
    return Place(given, bill.pk, currency, [given.register, other], [given.ana, given.ben], chief, first)


class TillMachine(RuleBasedStateMachine):
    """`places` is set by the test: a dollar and a euro facility."""

    places: list[Place] = []

    def __init__(self) -> None:
        super().__init__()
        self.drawers = [Drawer(place.first, place, held=FLOAT, floated=FLOAT) for place in self.places]
        self.offers: list[tuple[CashTransfer, Drawer, Drawer | None]] = []
        self.safes = {place.currency: -FLOAT for place in self.places}
        self.notes_in_safes = {place.currency: 0 for place in self.places}

    # what there is

    def some(self, pick: int, *states: str) -> Drawer:
        found = [one for one in self.drawers if one.state in states]
        return found[pick % len(found)]

    def has(self, *states: str) -> bool:
        return any(one.state in states for one in self.drawers)

    def money(self, place: Place, minor: int) -> Money:
        return Money(minor, place.currency)

    def pieces(self, place: Place, minor: int) -> dict[int, int]:
        return make.pieces(minor, place.currency)

    def foreign(self, drawer: Drawer, minor: int) -> dict[str, dict[int, int]]:
        """The count of the notes, which is asked for only where some went through the drawer."""
        return {NOTES: make.pieces(minor, NOTES)} if drawer.saw_notes else {}

    def pending(self, drawer: Drawer) -> bool:
        return any(drawer in (sender, receiver) for _offer, sender, receiver in self.offers)

    def busy(self) -> set[int]:
        """Who has a drawer in hand and so can take no other."""
        return {one.session.cashier_id for one in self.drawers if one.state in RUNNING - {"FORCED"}}

    # opening and closing

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

    # money in and out

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
            key=f"machine{next(_keys)}",
            actor=drawer.session.cashier,
        )
        drawer.live.append((payment, cash - change, card, paper, 0))
        self._tendered(drawer, 1, cash - change, card, paper, 0)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, heap=HEAP, cash=st.integers(0, 20_00), change=st.integers(0, 40_00))
    def sell_for_notes(self, pick: int, heap: int, cash: int, change: int) -> None:
        """Foreign notes, perhaps with local cash after them, which then gives the change."""
        drawer = self.some(pick, "OPEN")
        place, notes = drawer.place, heap * 5_00
        worth = (notes * RATE_OF_TEN_THOUSAND * 2 + 10_000) // 20_000
        tenders = [TenderGiven("CASH", self.money(place, 0), foreign=Money(notes, NOTES))]
        tenders += [make.cash(cash, place.currency)] if cash else []
        change = min(change, (cash or worth) - 1)
        payment = till.take_payment(
            session=drawer.session,
            patient=place.given.patient,
            allocations=[(place.bill, self.money(place, worth + cash - change))],
            tenders=tenders,
            key=f"machine{next(_keys)}",
            actor=drawer.session.cashier,
        )
        drawer.saw_notes = True
        drawer.live.append((payment, cash - change, 0, 0, notes))
        self._tendered(drawer, 1, cash - change, 0, 0, notes)

    def _tendered(self, drawer: Drawer, sign: int, cash: int, card: int, paper: int, notes: int) -> None:
        drawer.held += sign * cash
        drawer.notes += sign * notes
        drawer.card += sign * card
        drawer.paper += sign * paper
        self.agree(drawer)

    @precondition(lambda self: any(one.live for one in self.drawers if one.state == "OPEN"))
    @rule(pick=PICK)
    def void(self, pick: int) -> None:
        """Undo a payment, alone or with a second person."""
        choices = [one for one in self.drawers if one.state == "OPEN" and one.live]
        drawer = choices[pick % len(choices)]
        payment, cash, card, paper, notes = drawer.live.pop(pick % len(drawer.live))
        if payment.total_minor <= 100_00:
            till.void_payment(payment=payment, reason="Wrong", actor=drawer.session.cashier)
        else:
            till.request_void(payment=payment, reason="Wrong", actor=drawer.session.cashier)
            till.approve_void(payment=payment, actor=drawer.place.given.cora)
        self._tendered(drawer, -1, cash, card, paper, notes)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=AMOUNTS, kind=st.sampled_from(["PAID_IN", "PAID_OUT"]))
    def move(self, pick: int, minor: int, kind: str) -> None:
        drawer = self.some(pick, "OPEN")
        till.record_movement(
            session=drawer.session,
            kind=kind,
            amount=self.money(drawer.place, minor),
            reason="Stamps",
            key=f"machine{next(_keys)}",
            actor=drawer.session.cashier,
        )
        drawer.held += minor if kind == "PAID_IN" else -minor
        self.agree(drawer)

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK)
    def suspect(self, pick: int) -> None:
        drawer = self.some(pick, "OPEN")
        number = f"machine{next(_keys)}"
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

    # from one person to another

    @precondition(lambda self: self.has("OPEN"))
    @rule(pick=PICK, minor=st.integers(1, 400_00), heap=st.integers(0, 6))
    def offer_drop(self, pick: int, minor: int, heap: int) -> None:
        """Up to more than the drawer should hold, of its own currency or of notes."""
        drawer = self.some(pick, "OPEN")
        number = f"machine{next(_keys)}"
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
            key=f"machine{next(_keys)}",
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
            key=f"machine{next(_keys)}",
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
            key=f"machine{next(_keys)}",
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

    # the end

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
        assert cash_to_bank(session).minor == max(counted + drawer.dropped - drawer.floated, 0)
        kept = (notes if drawer.saw_notes else 0) + drawer.notes_dropped - drawer.notes_floated
        assert cash_to_bank(session, NOTES).minor == max(kept, 0)

    def agree(self, drawer: Drawer) -> None:
        """The formula, the counter and the book say what the machine added up."""
        session = Session.objects.get(pk=drawer.session.pk)
        book = self._book(drawer, "cash.drawer", session.public_id)
        assert book == drawer.held
        if drawer.state != "APPROVED":
            assert expected_cash(session).minor == session.cash_minor == drawer.held
            assert expected_cash(session, NOTES).minor == drawer.notes
        assert self._book(drawer, "cash.drawer", session.public_id, NOTES) == drawer.notes
        assert float_of(session).minor == drawer.floated
        assert float_of(session, NOTES).minor == drawer.notes_floated

    def _book(self, drawer: Drawer, role: str, reference: str | None = None, currency: str = "") -> int:
        facility = drawer.place.given.facility
        return balance_of(
            role,
            legal_entity=facility.legal_entity,
            currency=currency or drawer.place.currency,
            reference=reference,
        ).minor

    def teardown(self) -> None:
        """Cheques by session, cards by terminal, the safe by facility: all as added up."""
        for place in self.places:
            mine = [one for one in self.drawers if one.place is place]
            if not mine:
                continue
            assert self._book(mine[0], "cash.safe") == self.safes[place.currency]
            assert self._book(mine[0], "cash.safe", None, NOTES) == self.notes_in_safes[place.currency]
            assert self._book(mine[0], "card.clearing") == sum(one.card for one in mine)
            for drawer in mine:
                paper = self._book(drawer, "cheque.drawer", drawer.session.public_id)
                assert paper == drawer.paper
        numbers = Payment.objects.order_by("id").values_list("session__register_id", "receipt_number")
        by_register: dict[int, list[int]] = {}
        for register, number in numbers:
            by_register.setdefault(register, []).append(int(number.rsplit("-", 1)[1]))
        assert all(found == list(range(1, len(found) + 1)) for found in by_register.values())


RUNNING = {"OPEN", "SUSPENDED", "COUNTING", "FORCED"}
