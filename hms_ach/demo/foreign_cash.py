"""Foreign cash of the demo: which notes one facility takes, and two patients who paid with them today."""

from datetime import date

from billing.queries import due_list
from cashiering.commands import TenderGiven, approve_cash_currency, ask_cash_currency, take_payment
from cashiering.models import CashCurrency, Session
from cashiering.queries.cash_currency import cash_currencies
from cashiering.rules.foreign_cash import CashRate, notes_for
from hms_ach.access.models import User
from hms_ach.demo.hours import moment, not_after_now
from hms_ach.demo.network import Network, Place
from hms_ach.money import Money

SITE = "NORTH"
# What is taken at once, and what the head cashier asked for and the controller finds waiting.
TAKEN, ASKED = ("CAD", "EUR"), "GBP"
# Rates come on banking days only.
RATE_DAYS = 4


def take_foreign_cash(network: Network, today: date) -> None:
    """Let one facility take notes, and its open drawer take some; needs the rates of the last days."""
    place = network.places[SITE]
    head, controller = network.who("headcashier.cora"), network.who("controller.gil")
    for currency in TAKEN:
        approve_cash_currency(rule=_asked(place, currency, head), actor=controller)
    _asked(place, ASKED, head)
    session = Session.objects.filter(facility=place.facility, state="OPEN").order_by("pk").first()
    if session is None:
        return
    rates = cash_currencies(place.facility, quote=session.currency, on=session.business_on)
    with not_after_now(moment(place, today, 11)):
        for shown, (patient_id, item) in zip(rates, _due(place, today), strict=False):
            if shown.rate is not None:
                _pay(session, patient_id, item, shown.rate)


def _asked(place: Place, currency: str, head: User) -> CashCurrency:
    return ask_cash_currency(
        facility=place.facility,
        currency=currency,
        smallest_minor=5_00,
        rate_days=RATE_DAYS,
        gives_back="SAME",
        actor=head,
    )


def _due(place: Place, today: date) -> list[tuple]:
    """One bill of each of two patients, small enough for a handful of notes."""
    found = []
    for patient in place.patients:
        due = due_list(patient_id=patient.pk, facility_ids=[place.facility.pk], today=today)
        mine = [item for item in due if item.kind == "PATIENT" and item.balance.minor < 200_00]
        found += [(patient.pk, item) for item in mine[:1]]
        if len(found) == len(TAKEN):
            break
    return found


def _pay(session: Session, patient_id: int, item, rate: CashRate) -> None:
    notes = notes_for(item.balance, minor_rate=rate.minor_rate, base=rate.base, smallest=rate.smallest)
    take_payment(
        session=session,
        patient=patient_id,
        allocations=[(item.invoice_id, item.balance)],
        tenders=[TenderGiven("CASH", Money.zero(session.currency), foreign=notes, rate_id=rate.id)],
        key=f"demo:notes:{session.public_id}:{rate.base}",
        actor=session.cashier,
    )
