"""Who works at which register of the demo: the honest, one who voids cash, one who enters cheques late."""

import random
from datetime import date, timedelta

from hms_ach.demo.hours import not_after_now
from hms_ach.demo.network import Network, Place
from hms_ach.demo.shift import Shift

SKIMMER, LAPPER = "cashier.ben", "cashier.lou"
# Monday, Wednesday, Friday.
STEALS_ON = (0, 2, 4)
STOLEN_MINOR = (20_00, 60_00)
PUT_OFF_SHARE = 0.3


def run_registers(network: Network, place: Place, day: date, seen: list, rng: random.Random) -> list:
    """Run each register's session from the float to the approved count; gives the sessions."""
    registers = place.registers if day.weekday() < 5 else place.registers[:1]
    sessions = []
    for n, register in enumerate(registers):
        shift = shift_at(network, place, register, place.cashiers[n], day, rng)
        shift.open()
        for patient in seen[n :: len(registers)]:
            shift.serve(patient)
        sessions.append(shift.close())
    return sessions


def shift_at(network: Network, place: Place, register, cashier, day: date, rng: random.Random) -> Shift:
    """The shift of this cashier, as this cashier works."""
    kinds = {SKIMMER: SkimmingShift, LAPPER: LappingShift}
    return kinds.get(cashier.username, Shift)(network, place, register, cashier, day, rng)


class SkimmingShift(Shift):
    """Three days a week one small cash receipt is voided when its patient has gone, and the cash with it."""

    has_stolen = False

    def serve(self, patient, *, kind: str = "") -> None:
        low, high = STOLEN_MINOR
        small = [item for item in self.due_of(patient) if low <= item.balance.minor <= high]
        if self.has_stolen or self.day.weekday() not in STEALS_ON or not small:
            super().serve(patient, kind=kind)
            return
        self.has_stolen = True
        self.time += timedelta(minutes=12)
        with not_after_now(self.time):
            payment = self.take(patient, small[:1], "CASH")
        with not_after_now(self.time + timedelta(minutes=5)):
            self.void(payment)


class LappingShift(Shift):
    """Some who come with a cheque are entered the next morning only."""

    def open(self) -> None:
        super().open()
        waiting, self.place.put_off = self.place.put_off, []
        for patient in waiting:
            super().serve(patient, kind="CHEQUE")

    def serve(self, patient, *, kind: str = "") -> None:
        if self.rng.random() < PUT_OFF_SHARE:
            self.place.put_off.append(patient)
        else:
            super().serve(patient, kind=kind)
