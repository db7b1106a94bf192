"""The demo network before its first day of business: places, people, books, prices and patients."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from billing.commands import (
    create_price_list,
    record_coverage,
    register_patient,
    register_payer,
    register_service,
    set_price,
)
from cashiering.commands import create_register, set_merchant_agreement, set_till_policy
from hms_ach.access.commands import (
    create_api_client,
    create_department,
    create_facility,
    create_legal_entity,
    create_user,
    grant_facility,
    grant_role,
)
from hms_ach.access.models import Facility, User
from hms_ach.access.scopes import SCOPES
from hms_ach.demo import catalogue
from hms_ach.money import Money
from ledger.commands import Posting, ensure_chart, open_period, post_entry
from reconciliation.commands import approve_account_number, create_bank_account
from reconciliation.queries import numbers_of

PATIENTS_A_RECEIPT = 7
SAFE_FUND_MINOR = 5_000_00
COMMERCIAL_INDEX_PERCENT = 160
# The departments of a facility's registers, in turn.
REGISTERS_STAND_IN = ("OPC", "ED", "PHA")


@dataclass
class Place:
    """One facility with what stands in it; put_off: patients whose cheques are entered tomorrow."""

    site: catalogue.Site
    facility: Facility
    registers: list = field(default_factory=list)
    bank_account: Any = None
    patients: list = field(default_factory=list)
    adults: list = field(default_factory=list)
    cashiers: list = field(default_factory=list)
    put_off: list = field(default_factory=list)


@dataclass
class Network:
    """The demo network: places by facility code, staff by user name, payers and their patients."""

    places: dict[str, Place]
    staff: dict[str, User]
    payers: dict[str, Any]
    insured: dict[int, Any] = field(default_factory=dict)

    def who(self, username: str) -> User:
        """The member of staff who signs in with this name."""
        return self.staff[username]


def build_network(rng: random.Random, *, first_day: date, last_day: date) -> Network:
    """Everything that must exist before business starts on `first_day`."""
    founder = create_user(username="founder", name="Installation", password=None, kind="SERVICE", actor=None)
    places = _open_places(founder, first_day=first_day, last_day=last_day)
    network = Network(places=places, staff=_hire_staff(founder, places), payers={})
    _set_up_tills(network, first_day)
    _set_prices(network, first_day - timedelta(days=365))
    _register_patients(network, rng, first_day)
    return network


def _open_places(founder, *, first_day: date, last_day: date) -> dict[str, Place]:
    places = {}
    entities = {}
    for code, name in catalogue.ENTITIES.items():
        entity = entities[code] = create_legal_entity(code=code, name=name, actor=founder)
        ensure_chart(entity)
        for month in _months(first_day, last_day + timedelta(days=31)):
            open_period(legal_entity=entity, starts_on=month, actor=founder)
    for site in catalogue.SITES:
        facility = create_facility(
            legal_entity=entities[site.entity],
            code=site.code,
            name=site.name,
            address=site.address,
            timezone=site.timezone,
            business_day_cutoff=site.cutoff,
            actor=founder,
        )
        for code, name in catalogue.DEPARTMENTS.items():
            create_department(facility=facility, code=code, name=name, actor=founder)
        places[site.code] = Place(site, facility)
    return places


def _months(first: date, last: date) -> list[date]:
    months = [first.replace(day=1)]
    while (following := (months[-1] + timedelta(days=32)).replace(day=1)) <= last:
        months.append(following)
    return months


def _hire_staff(founder, places: dict[str, Place]) -> dict[str, User]:
    staff = {}
    for person in catalogue.STAFF:
        user = create_user(
            username=person.username,
            name=person.name,
            password=settings.DEMO_PASSWORD or None,
            email=f"{person.username}@demo.invalid",
            actor=founder,
        )
        for role in person.roles:
            grant_role(user=user, role=role, actor=founder, reason="Demo hospital")
        for code in person.facilities:
            grant_facility(user, places[code].facility, actor=founder)
        if "CASHIER" in person.roles:
            places[person.facilities[0]].cashiers.append(user)
        staff[person.username] = user
    client = create_api_client(
        client_id="demo-integrator",
        name="Integration engine",
        scopes=SCOPES,
        facilities=[place.facility for place in places.values()],
        secret=settings.DEMO_PASSWORD or None,
        actor=founder,
    ).client
    staff["demo-integrator"] = client.user
    return staff


def _set_up_tills(network: Network, first_day: date) -> None:
    head, controller = network.who("headcashier.cora"), network.who("controller.gil")
    for number, place in enumerate(network.places.values(), start=1):
        departments = {one.code: one for one in place.facility.departments.all()}
        for n, name in enumerate(place.site.registers, start=1):
            register = create_register(
                facility=place.facility,
                code=f"R{n}",
                name=name,
                terminal_id=f"T{place.site.code[:2]}{n:02d}",
                terminal_address="simulator",
                department=departments[REGISTERS_STAND_IN[(n - 1) % len(REGISTERS_STAND_IN)]],
                actor=head,
            )
            place.registers.append(register)
        set_till_policy(
            facility=place.facility,
            variance_free_minor=2_00,
            variance_supervisor_minor=20_00,
            void_alone_minor=100_00,
            paid_out_limit_minor=50_00,
            shift_hours=None,
            actor=controller,
        )
        set_merchant_agreement(
            facility=place.facility,
            merchant_id=f"9000{number:04d}",
            fee_basis_points=180,
            fee_fixed_minor=10,
            settlement_days=1,
            starts_on=first_day - timedelta(days=30),
            actor=controller,
        )
        account_number = f"0210000{number:02d}7654{number:02d}"
        account = create_bank_account(
            facility=place.facility,
            code=f"{place.site.code}-OPER",
            name=f"{place.site.name} operating",
            bank_name="First Meadow Bank",
            number=account_number,
            currency=place.facility.currency,
            opened_on=first_day,
            actor=controller,
        )
        opening = approve_account_number(
            number_id=numbers_of(account)[0].pk, number=account_number, actor=network.who("approver.finn")
        )
        place.bank_account = opening.account
        _fund_safe(place, first_day, controller)


def _fund_safe(place: Place, day: date, actor) -> None:
    fund = Money(SAFE_FUND_MINOR, place.facility.currency)
    post_entry(
        key=f"demo.opening:{place.site.code}",
        facility=place.facility,
        effective_on=day,
        source=("opening", place.site.code),
        memo="Change fund in the safe at the start",
        postings=[Posting("cash.safe", fund, tender="CASH"), Posting("equity.opening", -fund)],
        actor=actor,
    )


def _set_prices(network: Network, starts_on: date) -> None:
    clerk = network.who("billing.dan")
    everyone = create_price_list(name="Charge master", currency="USD", actor=clerk)
    commercial = create_price_list(name="Commercial", currency="USD", payer_class="COMMERCIAL", actor=clerk)
    for item in catalogue.SERVICES:
        service = register_service(
            code=item.code,
            name=item.name,
            revenue_code=item.revenue_code,
            department_code=item.department,
            actor=clerk,
        )
        list_price = Money(item.price_minor, "USD")
        _price(everyone, service, list_price, starts_on, clerk)
        if item.code not in catalogue.COPAYS:
            raised = Money(item.price_minor * COMMERCIAL_INDEX_PERCENT // 100, "USD")
            _price(commercial, service, raised, starts_on, clerk)
    for card in catalogue.PAYERS:
        network.payers[card.code] = register_payer(
            code=card.code, name=card.name, payer_class=card.payer_class, actor=clerk
        )


def _price(price_list, service, amount: Money, starts_on: date, actor) -> None:
    set_price(
        price_list_id=price_list.pk, service_id=service.pk, amount=amount, starts_on=starts_on, actor=actor
    )


def _register_patients(network: Network, rng: random.Random, first_day: date) -> None:
    clerk = network.who("billing.dan")
    insurers = [payer for payer in network.payers.values() if payer.is_insurer]
    for place in network.places.values():
        for number in range(1, place.site.receipts_a_day * PATIENTS_A_RECEIPT + 1):
            patient = _patient(place, number, rng, first_day, clerk)
            place.patients.append(patient)
            if rng.random() < 0.8:
                payer = rng.choice(insurers)
                record_coverage(
                    patient_id=patient.pk,
                    payer_id=payer.pk,
                    member_id=f"M{rng.randrange(10**8):08d}",
                    starts_on=first_day - timedelta(days=200),
                    actor=clerk,
                )
                network.insured[patient.pk] = payer


def _patient(place: Place, number: int, rng: random.Random, first_day: date, clerk):
    is_child = place.site.code == "HARB" or rng.random() < 0.1
    age_days = rng.randrange(200, 17 * 365) if is_child else rng.randrange(19 * 365, 92 * 365)
    street, town = rng.choice(catalogue.STREETS), rng.choice(catalogue.TOWNS)
    patient = register_patient(
        facility=place.facility,
        family_name=rng.choice(catalogue.FAMILY),
        given_name=rng.choice(catalogue.GIVEN),
        mrn=f"{place.site.code[0]}{100000 + number}",
        birth_on=first_day - timedelta(days=age_days),
        sex=rng.choice(["F", "M"]),
        phone=f"+1 212 555 01{rng.randrange(100):02d}",
        address=f"{rng.randrange(1, 200)} {street}\n{town[0]}, {town[1]} {town[2]}",
        guarantor_id=rng.choice(place.adults).pk if is_child and place.adults else None,
        actor=clerk,
    )
    if not is_child:
        place.adults.append(patient)
    return patient
