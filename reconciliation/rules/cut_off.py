"""Whether a receipt near a period's end is in the period in which its money was."""

from datetime import date, timedelta
from enum import Enum

MOST_DAYS = 10
USUAL_DAYS = 3


class Verdict(Enum):
    """What the two days of a receipt say. Those that a person must look at are wrong or open."""

    SAME = "Same period"
    IN_TRANSIT = "On its way at the period's end"
    RECORDED_LATE = "At the bank before it was recorded"
    NOT_AT_BANK = "Not at the bank"
    NOT_AT_BANK_YET = "Not at the bank yet"

    @property
    def is_doubtful(self) -> bool:
        return self in (Verdict.RECORDED_LATE, Verdict.NOT_AT_BANK)


def verdict_of(*, recorded_on: date, bank_on: date | None, last_day: date, today: date, days: int) -> Verdict:
    """What a receipt's day and the bank's day say about the period that ends on last_day.

    bank_on  the day on which the bank booked it; None while it has not
    days     how long money of the period may be on its way before somebody looks
    """
    if bank_on is None:
        is_due = recorded_on <= last_day and today > last_day + timedelta(days=days)
        return Verdict.NOT_AT_BANK if is_due else Verdict.NOT_AT_BANK_YET
    if (recorded_on <= last_day) == (bank_on <= last_day):
        return Verdict.SAME
    return Verdict.IN_TRANSIT if recorded_on <= last_day else Verdict.RECORDED_LATE
