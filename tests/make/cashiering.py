"""A hospital with a register, people at the till, and money in its drawer."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from billing.models import Invoice, Patient
from cashiering.commands import (
    TenderGiven,
    accept_transfer,
    approve_cash_currency,
    approve_opening_rule,
    approve_session,
    ask_cash_currency,
    ask_opening_rule,
    commit_count,
    create_register,
    offer_drop,
    open_session,
    record_opening_count,
    start_counting,
    take_payment,
)
from cashiering.models import CashTransfer, OpeningRule, Payment, Register, Session
from cashiering.rules.denominations import faces_of
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from ledger.commands import record_rate
from ledger.queries import balance_of
from tests.make import access, billing, ledger

FLOAT = {20_00: 5, 10_00: 5, 5_00: 6, 1_00: 20}  # 200.00
_numbers = itertools.count(1)


@dataclass
class Till:
    """The facility, its people and one register."""

    facility: Facility
    register: Register
    ana: User
    ben: User
    cora: User
    dan: User
    gil: User
    patient: Patient


def till(*, code: str = "", terminal_address: str = "", currency: str = "USD") -> Till:
    """A facility with an open book today, a register with a 200.00 float, and staff."""
    facility = ledger.book(
        day=clock.today("America/New_York"), code=code or f"T{next(_numbers)}", currency=currency
    )
    dan = access.user("BILLING_CLERK", facilities=[facility])
    people = {
        "ana": access.user("CASHIER", facilities=[facility]),
        "ben": access.user("CASHIER", facilities=[facility]),
        "cora": access.user("HEAD_CASHIER", facilities=[facility]),
        "gil": access.user("CONTROLLER", facilities=[facility]),
    }
    place = register(facility, actor=people["gil"], terminal_address=terminal_address)
    return Till(facility, place, dan=dan, patient=billing.patient(facility, dan), **people)


def register(facility: Facility, *, actor: User, terminal_address: str = "", **more) -> Register:
    number = next(_numbers)
    return create_register(
        facility=facility,
        code=f"R{number:05}",
        name=f"Desk {number}",
        terminal_id=f"TERM{number}" if terminal_address else "",
        terminal_address=terminal_address,
        actor=actor,
        **more,
    )


def opened(given: Till, *, cashier: User | None = None, place: Register | None = None) -> Session:
    """An open session with its float of 200.00 counted."""
    cashier = cashier or given.ana
    session = open_session(register=place or given.register, actor=cashier)
    return record_opening_count(session=session, denominations=FLOAT, actor=cashier)


def opening_rule(given: Till, *, is_confirmed: bool = True) -> OpeningRule:
    """Whether another person confirms openings at the till's facility, asked for and approved."""
    asked = ask_opening_rule(facility=given.facility, is_confirmed=is_confirmed, actor=given.cora)
    return approve_opening_rule(rule=asked, actor=given.gil)


def invoice(given: Till, *minors: int) -> Invoice:
    return billing.issued(given.facility, given.patient, given.dan, *minors)


def cash(minor: int, currency: str = "USD") -> TenderGiven:
    return TenderGiven("CASH", Money(minor, currency))


def card(minor: int, currency: str = "USD") -> TenderGiven:
    return TenderGiven("CARD", Money(minor, currency), card_brand="Visa", card_last4="4242", auth_code="A1")


def cheque(minor: int, number: str = "1001", currency: str = "USD") -> TenderGiven:
    return TenderGiven("CHEQUE", Money(minor, currency), reference=number, cheque_bank="First Bank")


def paid(session: Session, given: Till, *tenders: TenderGiven, minor: int | None = None) -> Payment:
    """A payment of a new invoice of `minor` (all that was tendered when omitted)."""
    amount = minor or sum(tender.tendered.minor for tender in tenders)
    bill = invoice(given, amount)
    return take_payment(
        session=session,
        patient=given.patient,
        allocations=[(bill.pk, Money(amount, "USD"))],
        tenders=tenders,
        key=f"key{next(_numbers)}",
        actor=session.cashier,
    )


def dropped(session: Session, witness: User, amount: int | Money) -> CashTransfer:
    """A sealed bag of cents or of other money from the drawer, taken to the safe by the witness."""
    bag = f"D{next(_numbers)}"
    if isinstance(amount, int):
        amount = Money(amount, "USD")
    offered = offer_drop(session=session, amount=amount, bag_number=bag, key=bag, actor=session.cashier)
    return accept_transfer(transfer=offered, actor=witness)


def taking(given: Till, currency: str = "EUR", *, rate: str = "1.10", **rule) -> None:
    """The facility takes a foreign currency in cash, at a rate of today."""
    asked = ask_cash_currency(facility=given.facility, currency=currency, actor=given.cora, **rule)
    approve_cash_currency(rule=asked, actor=given.gil)
    rated(given, currency, rate)


def rated(given: Till, currency: str, rate: str, *, days_ago: int = 0) -> None:
    """A rate into the facility's currency, as finance records it."""
    record_rate(
        base=currency,
        quote=given.facility.currency,
        on=clock.today("America/New_York") - timedelta(days=days_ago),
        rate=Decimal(rate),
        source="ECB",
        actor=given.gil,
    )


def notes(minor: int, currency: str = "EUR", **more) -> TenderGiven:
    """Foreign cash; what it is worth is found when it is taken."""
    return TenderGiven("CASH", Money(0, "USD"), foreign=Money(minor, currency), **more)


def pieces(minor: int, currency: str = "USD") -> dict[int, int]:
    """The fewest notes and coins that make an amount."""
    counted = {}
    for face in faces_of(currency):
        counted[face], minor = divmod(minor, face)
    return counted


def counted(session: Session, minor: int, **foreign: int):
    start_counting(session=session, actor=session.cashier)
    return counted_again(session, minor, **foreign)


def counted_again(session: Session, minor: int, **foreign: int):
    """The recount that a count outside of the free band asks for; foreign cash by its currency."""
    return commit_count(
        session=session,
        denominations=pieces(minor),
        foreign={currency: pieces(held, currency) for currency, held in foreign.items()},
        actor=session.cashier,
    )


def approved(session: Session, given: Till, minor: int, **foreign: int) -> Session:
    """The session closed with a count of `minor`, which is within the free band, and approved."""
    counted(session, minor, **foreign)
    return approve_session(session=session, actor=given.cora)


def balance(given: Till, role: str, reference: str | None = None, currency: str = "USD") -> Money:
    return balance_of(role, legal_entity=given.facility.legal_entity, reference=reference, currency=currency)
