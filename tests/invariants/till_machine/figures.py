"""What the machine added up, beside the till's formula, its counters, its reads and the book."""

import itertools
from dataclasses import dataclass

from hypothesis.stateful import RuleBasedStateMachine

from cashiering.models import CashTransfer, Deposit, Payment, Session
from cashiering.queries import expected_cash, safe_holds
from cashiering.queries.deposit import depositable
from cashiering.queries.expected_cash import float_of
from hms_ach.money import Money
from ledger.queries import balance_of
from tests.invariants.till_machine.place import FLOAT, NOTES, RUNNING, Drawer, Place
from tests.make import cashiering as make

_keys = itertools.count(1)


@dataclass
class Bag:
    """A sealed bag on its way: still in the safe, or with the courier."""

    deposit: Deposit
    place: Place
    cash: Money
    has_left: bool = False


class Figures(RuleBasedStateMachine):
    """`places` is set by the test: a dollar and a euro facility."""

    places: list[Place] = []

    def __init__(self) -> None:
        super().__init__()
        self.drawers = [Drawer(place.first, place, held=FLOAT, floated=FLOAT) for place in self.places]
        self.offers: list[tuple[CashTransfer, Drawer, Drawer | None]] = []
        self.safes = {place.currency: -FLOAT for place in self.places}
        self.notes_in_safes = {place.currency: 0 for place in self.places}
        self.bags: list[Bag] = []

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

    def key(self) -> str:
        return f"machine{next(_keys)}"

    def busy(self) -> set[int]:
        """Who has a drawer in hand and so can take no other."""
        return {one.session.cashier_id for one in self.drawers if one.state in RUNNING - {"FORCED"}}

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
            for currency in (place.currency, NOTES):
                self._tie_out(place, mine, currency)
            for drawer in mine:
                paper = self._book(drawer, "cheque.drawer", drawer.session.public_id)
                assert paper == drawer.paper
        self._numbered()

    def _tie_out(self, place: Place, mine: list[Drawer], currency: str) -> None:
        """Every hop of a currency: what left the safe for drawers, what waits in it, what is in bags."""
        running = [one for one in mine if one.state in RUNNING]
        if currency == NOTES:
            lent = sum(one.notes_floated - one.notes_dropped for one in running)
        else:
            lent = sum(one.floated - one.dropped for one in running)
        waiting = sum(cash.minor for _session, cash in depositable(place.given.facility, currency).sessions)
        bags = [bag for bag in self.bags if bag.place is place and bag.cash.currency == currency]
        sealed = sum(bag.cash.minor for bag in bags if not bag.has_left)
        gone = sum(bag.cash.minor for bag in bags if bag.has_left)
        assert safe_holds(place.given.facility, currency).minor == waiting + sealed - lent
        assert self._book(mine[0], "deposit.in_transit", None, currency) == gone

    def _numbered(self) -> None:
        numbers = Payment.objects.order_by("id").values_list("session__register_id", "receipt_number")
        by_register: dict[int, list[int]] = {}
        for register, number in numbers:
            by_register.setdefault(register, []).append(int(number.rsplit("-", 1)[1]))
        assert all(found == list(range(1, len(found) + 1)) for found in by_register.values())
