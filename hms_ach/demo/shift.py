"""One session of one cashier of the demo: the float, the receipts, the count."""

import random
from datetime import date, timedelta

from billing.queries import due_list
from cashiering.commands import (
    accept_transfer,
    approve_session,
    approve_variance,
    commit_count,
    explain_variance,
    offer_drop,
    open_session,
    record_movement,
    record_opening_count,
    start_counting,
    take_payment,
    void_payment,
)
from cashiering.models import Payment, Tender
from cashiering.queries.session import slips_of
from cashiering.rules.denominations import faces_of
from cashiering.rules.tenders import TenderGiven
from hms_ach.demo.hours import moment, not_after_now
from hms_ach.demo.network import Network, Place
from hms_ach.money import Money

# Share of receipts by tender (percent), after the Federal Reserve's diary of consumer payments.
TENDERS = {"CARD": 78, "CASH": 14, "CHEQUE": 8}
CARD_BRANDS = ("VISA", "MASTERCARD", "DISCOVER", "AMEX")
CHEQUE_BANKS = ("First Meadow Bank", "Lakeside Credit Union", "Harbor Savings")
DROP_ABOVE_MINOR = 600_00
# Of small payments so many are voided; most of these patients pay again at once.
VOID_SHARE = 0.025
PAYS_AGAIN_SHARE = 0.75


class Shift:
    """One session of one cashier, who knows only what lies in the drawer."""

    def __init__(self, network: Network, place: Place, register, cashier, day: date, rng: random.Random):
        self.network, self.place, self.register, self.cashier = network, place, register, cashier
        self.day, self.rng, self.currency = day, rng, place.facility.currency
        self.drawer_minor = register.default_float_minor
        self.time = moment(place, day, 7, 40)
        self.served = 0

    def open(self) -> None:
        with not_after_now(self.time):
            self.session = open_session(register=self.register, actor=self.cashier)
            record_opening_count(
                session=self.session.pk,
                denominations=pieces(self.drawer_minor, self.currency),
                actor=self.cashier,
            )
            self._open_without_sale("Change for a visitor's parking")

    def serve(self, patient, *, kind: str = "") -> None:
        """Take what the patient owes here, or a part of it, with one tender or two; or by this kind."""
        self.time += timedelta(minutes=self.rng.randint(6, 24))
        due = self.due_of(patient)
        if not due:
            return
        with not_after_now(self.time):
            payment = self.take(patient, due, kind)
            if payment.total_minor < 100_00 and self.rng.random() < VOID_SHARE:
                self.void(payment)
                if self.rng.random() < PAYS_AGAIN_SHARE:
                    self.take(patient, due, kind)
            if self.drawer_minor > DROP_ABOVE_MINOR:
                self._drop()

    def due_of(self, patient) -> list:
        """The two oldest invoices that the patient owes here."""
        due = due_list(patient_id=patient.pk, facility_ids=[self.place.facility.pk], today=self.day)
        return [item for item in due if item.kind == "PATIENT"][:2]

    def take(self, patient, due: list, kind: str = "") -> Payment:
        self.served += 1
        owed = Money(sum(item.balance.minor for item in due), self.currency)
        return take_payment(
            session=self.session.pk,
            patient=patient.pk,
            allocations=[(item.invoice_id, item.balance) for item in due],
            tenders=[self._tender(kind, owed)] if kind else self._tenders(owed),
            key=f"demo:{self.session.public_id}:{self.served}",
            actor=self.cashier,
        )

    def _tenders(self, owed: Money) -> list[TenderGiven]:
        kind = self.rng.choices(list(TENDERS), weights=list(TENDERS.values()))[0]
        if owed.minor > 40_00 and self.rng.random() < 0.03:
            notes = Money(20_00, self.currency)
            return [self._tender("CARD", owed - notes), self._tender("CASH", notes)]
        return [self._tender("CARD" if kind == "CASH" and owed.minor > 300_00 else kind, owed)]

    def _tender(self, kind: str, amount: Money) -> TenderGiven:
        if kind == "CASH":
            self.drawer_minor += amount.minor
            note = next((face for face in (20_00, 50_00, 100_00) if face >= amount.minor), amount.minor)
            return TenderGiven("CASH", Money(note, self.currency))
        if kind == "CHEQUE":
            number = f"{self.rng.randrange(1000, 9999)}"
            return TenderGiven("CHEQUE", amount, reference=number, cheque_bank=self.rng.choice(CHEQUE_BANKS))
        return TenderGiven(
            "CARD",
            amount,
            card_brand=self.rng.choice(CARD_BRANDS),
            card_last4=f"{self.rng.randrange(10000):04d}",
            auth_code=f"{self.rng.randrange(10**6):06d}",
        )

    def void(self, payment: Payment) -> None:
        cash = sum(tender.amount_minor for tender in payment.tenders.all() if tender.kind == "CASH")
        void_payment(payment=payment, reason="Wrong patient selected", actor=self.cashier)
        self.drawer_minor -= cash

    def _open_without_sale(self, reason: str) -> None:
        record_movement(
            session=self.session.pk,
            kind="NO_SALE",
            amount=Money.zero(self.currency),
            reason=reason,
            key=f"demo:no-sale:{self.session.public_id}:{self.served}",
            actor=self.cashier,
        )

    def _drop(self) -> None:
        surplus = (self.drawer_minor - self.register.default_float_minor) // 20_00 * 20_00
        number = f"{self.session.public_id}:{self.served}"
        offered = offer_drop(
            session=self.session.pk,
            amount=Money(surplus, self.currency),
            key=f"demo:drop:{number}",
            bag_number=f"DR{self.day:%m%d}{self.register.pk:02d}{self.served:02d}",
            actor=self.cashier,
        )
        accept_transfer(transfer=offered.pk, actor=self.network.who("billing.dan"))
        self.drawer_minor -= surplus

    def close(self, *, off_minor: int | None = None, is_approved: bool = True):
        """Count blind, explain a difference, and let the head cashier approve."""
        off = self._miscount() if off_minor is None else off_minor
        counted = pieces(max(self.drawer_minor + off, 0), self.currency)
        head = self.network.who("headcashier.cora")
        with not_after_now(max(self.time, moment(self.place, self.day, 15, 30)) + timedelta(minutes=10)):
            self._open_without_sale("Coins ordered by denomination before the count")
            start_counting(session=self.session.pk, actor=self.cashier)
            drawer = Tender.objects.filter(kind="CHEQUE", payment__session=self.session, payment__void=None)
            cheques = list(drawer.values_list("pk", flat=True))
            ask = {
                "session": self.session.pk,
                "denominations": counted,
                "actor": self.cashier,
                "ticked_cheques": cheques,
                "ticked_slips": [slip.pk for slip in slips_of(self.session)],
            }
            result = commit_count(**ask)
            if result.needs_recount:
                result = commit_count(**ask)
            if is_approved:
                self._approve(head)
        return self.session

    def _approve(self, head) -> None:
        self.session.refresh_from_db()
        if self.session.state == "VARIANCE_PENDING":
            explain_variance(
                session=self.session.pk, reason="Counted twice; cause not found", actor=self.cashier
            )
            approve_variance(session=self.session.pk, actor=head)
        approve_session(session=self.session.pk, actor=head)

    def _miscount(self) -> int:
        """What the drawer is off by: mostly nothing, more often short than over."""
        draw = self.rng.random()
        size = (
            0 if draw < 0.90 else self.rng.choice([1_00, 50, 2_00] if draw < 0.95 else [5_00, 10_00, 20_00])
        )
        return size if self.rng.random() < 0.45 else -size


def pieces(minor: int, currency: str) -> dict[int, int]:
    """An amount in the fewest notes and coins."""
    result = {}
    for face in faces_of(currency):
        result[face], minor = divmod(minor, face)
    return {face: number for face, number in result.items() if number}
