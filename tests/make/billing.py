"""Patients, prices, charges and invoices of a hospital whose book is open."""

import itertools
from datetime import date

from billing import commands
from billing.models import Charge, Invoice, Patient, Payer, PriceList, Service
from hms_ach.access.commands import grant_facility, grant_role
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from tests.make import ledger

DAY = ledger.DAY
_numbers = itertools.count(1)


def hospital(*, code: str = "NORTH", currency: str = "USD") -> Facility:
    """A facility with the seed chart and an open period around DAY."""
    return ledger.book(code=code, currency=currency)


def clerk(*facilities: Facility, name: str = "dan", role: str = "BILLING_CLERK") -> User:
    user = User.objects.create(username=name, name=name.title())
    grant_role(user=user, role=role)
    for facility in facilities:
        grant_facility(user, facility)
    return user


def patient(facility: Facility, actor: User, *, name: str = "Maya Okafor", **known) -> Patient:
    given, family = name.split(" ")
    return commands.register_patient(
        facility=facility, family_name=family, given_name=given, actor=actor, **known
    )


def payer(actor: User, *, code: str = "AETN", payer_class: str = "COMMERCIAL") -> Payer:
    return commands.register_payer(code=code, name=f"{code} Health", payer_class=payer_class, actor=actor)


def service(actor: User, *, code: str = "99213") -> Service:
    return commands.register_service(code=code, name=f"Service {code}", actor=actor)


def price_list(actor: User, *, name: str = "Everybody", currency: str = "USD", **scope) -> PriceList:
    return commands.create_price_list(name=name, currency=currency, actor=actor, **scope)


def charge(
    facility: Facility, person: Patient, actor: User, minor: int = 125_00, *, on: date = DAY
) -> Charge:
    """A charge of one service whose unit price is given by hand, in the facility's currency."""
    made = service(actor, code=f"S{next(_numbers)}")
    return commands.record_charge(
        patient_id=person.pk,
        facility=facility,
        service_code=made.code,
        quantity=1,
        service_on=on,
        on=on,
        actor=actor,
        unit_price=Money(minor, facility.currency),
    )


def draft(facility: Facility, person: Patient, actor: User, *minors: int) -> Invoice:
    charges = [charge(facility, person, actor, minor).pk for minor in minors or (125_00,)]
    return commands.draft_invoice(patient_id=person.pk, facility=facility, charge_ids=charges, actor=actor)


def issued(facility: Facility, person: Patient, actor: User, *minors: int) -> Invoice:
    """An issued patient invoice of 125.00, or of one charge for each amount."""
    made = draft(facility, person, actor, *minors)
    return commands.issue_invoice(invoice_id=made.pk, on=DAY, actor=actor)
