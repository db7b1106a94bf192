"""What the machine plays with: facilities with registers and people, and what it knows of each drawer."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from cashiering import commands as till
from cashiering.models import Payment, Session
from hms_ach.access.models import User
from tests.make import access
from tests.make import cashiering as make

AMOUNTS = st.integers(1, 99_99)
PICK = st.integers(0, 997)
FLOAT = 200_00
# Both places take these notes, in pieces of five, at the same figure into their own currency.
NOTES, RATE_OF_TEN_THOUSAND, SMALLEST_NOTE = "CAD", 7_313, 5_00
RUNNING = {"OPEN", "SUSPENDED", "COUNTING", "FORCED"}


def worth_of_notes(minor: int) -> int:
    """In either own currency, to the nearest cent, half of one up."""
    return (minor * RATE_OF_TEN_THOUSAND * 2 + 10_000) // 20_000


@dataclass(frozen=True)
class Sale:
    """A payment that stands, and what its tenders put in the drawer: notes in their own currency."""

    payment: Payment
    cash: int
    card: int
    paper: int
    notes: int
    tenders: int


@dataclass
class Drawer:
    """What the machine knows of one session, added up by itself.

    to_bank  by currency, what of its cash waits for a bag since it was approved
    """

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
    live: list[Sale] = field(default_factory=list)
    to_bank: dict[str, int] = field(default_factory=dict)


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
    make.taking(
        given, NOTES, rate=f"0.{RATE_OF_TEN_THOUSAND}", smallest_minor=SMALLEST_NOTE, gives_back="SAME"
    )
    first = till.open_session(register=given.register, actor=given.ana)
    till.record_opening_count(session=first, denominations=make.pieces(FLOAT, currency), actor=given.ana)
    return Place(given, bill.pk, currency, [given.register, other], [given.ana, given.ben], chief, first)
