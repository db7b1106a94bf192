"""The two who steal are found, and nobody honest is accused, in ten simulated months.

One voids cash receipts of 20 to 60 dollars, three a week, and the patient never pays again; the other
enters cheques a day after the visit. Rates of the honest follow the register's of DOMAIN 5.5.
"""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from billing.commands import issue_invoice
from cashiering.commands import (
    approve_session,
    approve_variance,
    reprint_receipt,
    request_refund,
    void_payment,
)
from cashiering.models import Allocation, Payment, PaymentVoid, Session, Tender
from cashiering.queries.cash_signals import cashier_quality, evidence_of
from cashiering.queries.cashier_record import cashier_record
from cashiering.queries.control_room import fullness, open_drawers
from hms_ach.money import Money
from tests.make import access, billing
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(26) if (FIRST + timedelta(days=n)).weekday() < 5]
PEOPLE = 7
RECEIPTS = 25
SKIMMER, LAPPER = 0, 1


class Month:
    """A month of one facility, written row by row and all at once."""

    def __init__(self, given: make.Till, bills: dict, cashiers: list, patients: list, seed: int) -> None:
        self.given, self.bills, self.cashiers, self.patients = given, bills, cashiers, patients
        self.chance = random.Random(seed)
        self.rows: list[tuple] = []
        self.voids: list[Payment] = []
        self.number = 0

    def live(self) -> None:
        sessions = Session.objects.bulk_create(
            Session(
                number=f"S{day}{n}",
                register=self.given.register,
                facility=self.given.facility,
                cashier=cashier,
                business_on=day,
                currency="USD",
                state="OPEN",
                is_rescue=True,
                opened_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            )
            for day in DAYS
            for n, cashier in enumerate(self.cashiers)
        )
        for n, session in enumerate(sessions):
            self.shift(session, n % PEOPLE)
        self.write()

    def shift(self, session: Session, who: int) -> None:
        stolen = session.business_on.weekday() in (0, 2, 4) and who == SKIMMER
        visitors = self.chance.sample(self.patients, RECEIPTS + 1)
        for patient in visitors[1:]:
            kind = self.chance.choices(["CARD", "CASH", "CHEQUE"], [86, 9, 5])[0]
            minor = self.chance.choice([20_00, 25_00, 30_00, 40_00, 50_00])
            late = kind == "CHEQUE" and self.chance.random() < (0.8 if who == LAPPER else 0.04)
            taken = self.receipt(session, patient, kind, minor, late=late)
            if self.chance.random() < 0.012:
                self.voids.append(taken)
                if self.chance.random() < 0.75:
                    self.receipt(session, patient, kind, minor)
        if stolen:
            minor = self.chance.randrange(20_00, 60_00, 100)
            self.voids.append(self.receipt(session, visitors[0], "CASH", minor))

    def receipt(self, session: Session, patient: int, kind: str, minor: int, *, late=False) -> Payment:
        self.number += 1
        payment = Payment(
            key=f"sim{self.number}",
            content_hash="",
            facility=self.given.facility,
            session=session,
            receipt_number=f"R{self.number}",
            patient_id=patient,
            currency="USD",
            total_minor=minor,
            business_on=session.business_on,
            taken_at=session.opened_at + timedelta(seconds=self.number),
            taken_by=session.cashier,
        )
        self.rows.append((payment, kind, minor, late))
        return payment

    def write(self) -> None:
        Payment.objects.bulk_create([row[0] for row in self.rows])
        Tender.objects.bulk_create(
            Tender(
                payment=payment,
                line=1,
                kind="TRANSFER" if kind == "CARD" else kind,
                currency="USD",
                amount_minor=minor,
                tendered_minor=minor,
                reference="1001",
                cheque_bank="First",
            )
            for payment, kind, minor, _late in self.rows
        )
        Allocation.objects.bulk_create(
            Allocation(payment=payment, invoice_id=self.bill(payment, late), amount_minor=minor)
            for payment, kind, minor, late in self.rows
            if kind == "CHEQUE"
        )
        PaymentVoid.objects.bulk_create(
            PaymentVoid(
                payment=payment,
                reason="Wrong patient",
                voided_by=payment.taken_by,
                voided_at=payment.taken_at + timedelta(minutes=30),
            )
            for payment in self.voids
        )

    def bill(self, payment: Payment, late: bool) -> int:
        days = [day for day in DAYS if day < payment.business_on] if late else []
        return self.bills[days[-1] if days else payment.business_on]


@pytest.fixture
def month():
    """A facility of seven cashiers with one invoice a day; and how to simulate it from a seed."""
    with time_machine.travel("2026-03-27T20:00:00Z"):
        given = make.till()
        cashiers = [access.user("CASHIER", facilities=[given.facility]) for _n in range(PEOPLE)]
        bills = {}
        for day in DAYS:
            draft = billing.draft(given.facility, given.patient, given.dan, 9_000_000_00)
            bills[day] = issue_invoice(invoice_id=draft.pk, on=day, actor=given.dan).pk

        patients = [billing.patient(given.facility, given.dan).pk for _n in range(RECEIPTS + 10)]

        def simulate(seed: int) -> Month:
            made = Month(given, bills, cashiers, patients, seed)
            made.live()
            return made

        yield simulate


def test_the_two_dishonest_are_found_and_no_honest_one_is_accused_in_ten_seeds(month):
    """Ten months of 3,500 receipts."""
    for seed in range(10):
        with transaction.atomic():
            made = month(seed)
            where, span = [made.given.facility.pk], (DAYS[0], DAYS[-1])

            quality = cashier_quality(where, *span)
            skimmers = [one.cashier_id for one in quality if one.void_after_cash.is_signal]
            lappers = [one.cashier_id for one in quality if one.lapping.is_signal]
            evidence = evidence_of(where, *span, cashiers=[*skimmers, *lappers])

            assert skimmers == [made.cashiers[SKIMMER].pk], f"seed {seed}"
            assert lappers == [made.cashiers[LAPPER].pk], f"seed {seed}"
            thefts = [one for one in evidence if one.signal == "VOID_AFTER_CASH"]
            assert sum(one.cashier_id == made.cashiers[SKIMMER].pk for one in thefts) >= 11
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("held", "tenths"), [(-5, 0), (0, 0), (99_99, 0), (100_00, 1), (1_000_00, 10), (9**9, 10)]
)
def test_a_drawer_is_shown_in_tenths_of_its_limit(held, tenths):
    assert fullness(held, 1_000_00) == tenths


def test_the_control_room_never_says_how_much_a_drawer_should_hold():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(137_00))

    (drawer,) = open_drawers([given.facility.pk])
    shown = access.signed_in(given.cora).get("/cashiering/control-room/").content.decode()

    assert (drawer.fullness, drawer.receipts, drawer.is_over_limit) == (3, 1, False)
    assert session.number in shown
    assert "337.00" not in shown


def test_three_closes_beyond_the_free_difference_are_a_pattern_and_shown():
    given = make.till()
    for number in range(3):
        session = make.opened(given)
        make.paid(session, given, make.cash(40_00))
        if make.counted(session, 235_00).needs_recount:
            make.counted_again(session, 235_00)
        approve_variance(session=session, reason="Miscounted", actor=given.cora)
        approve_session(session=session, actor=given.gil)
        [found] = cashier_quality([given.facility.pk], session.business_on, session.business_on)
        assert found.is_pattern is (number == 2)

    shown = access.signed_in(given.cora).get("/cashiering/control-room/").content.decode()

    assert "3 over or short in 30 days" in shown


def test_the_pace_is_the_median_from_one_receipt_to_the_next_without_long_pauses():
    with time_machine.travel("2026-03-12T15:00:00Z", tick=False) as clock:
        given = make.till()
        session = make.opened(given)
        for seconds in (0, 40, 50, 1_800, 60):
            clock.shift(timedelta(seconds=seconds))
            payment = make.paid(session, given, make.cash(20_00))
        request_refund(
            payment=payment, tender=None, amount=Money(5_00, "USD"), reason="x", key="r", actor=given.ana
        )

        [found] = cashier_quality([given.facility.pk], session.business_on, session.business_on)
        shown = access.signed_in(given.cora).get("/cashiering/control-room/").content.decode()

    assert (found.seconds_a_receipt, found.refunds) == (50, 1)
    assert "50 s" in shown


def test_a_void_counts_as_handed_out_when_its_receipt_had_left_the_desk_before():
    given = make.till()
    session = make.opened(given)
    kept, printed, later = (make.paid(session, given, make.cash(10_00)) for _ in range(3))
    reprint_receipt(payment=printed, actor=given.ana)
    for payment in (kept, printed, later):
        void_payment(payment=payment, reason="Wrong amount", actor=given.ana)
    reprint_receipt(payment=later, actor=given.ana)
    span = ([given.facility.pk], session.business_on, session.business_on)

    [found] = cashier_quality(*span)
    record = cashier_record(*span, cashier_id=given.ana.pk)
    elsewhere = cashier_record([], *span[1:], cashier_id=given.ana.pk)

    assert (found.voids, found.voids_handed_out) == (3, 1)
    assert [one.payment.receipt_number for one in record.voids if one.is_handed_out] == [
        printed.receipt_number
    ]
    assert (len(record.voids), elsewhere.voids) == (3, [])


@pytest.mark.parametrize(("pays_again", "gone"), [(False, 1), (True, 0)])
def test_voided_cash_is_gone_only_where_the_patient_paid_nothing_afterwards(pays_again, gone):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(20_00))
    wrong = make.paid(session, given, make.cash(30_00))
    void_payment(payment=wrong, reason="Wrong amount", actor=given.ana)
    if pays_again:
        make.paid(session, given, make.cash(35_00))

    day = session.business_on
    found = evidence_of([given.facility.pk], day, day, cashiers=[given.ana.pk])

    assert [one.receipt_number for one in found] == [wrong.receipt_number] * gone
