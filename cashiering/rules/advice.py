"""Where money that was announced belongs until its document is posted, and when the bank shows it."""

from dataclasses import dataclass
from datetime import date

from hms_ach import calendars

# Cheques of insurers come by mail, and go to the bank in a bag or a lockbox.
BY_MAIL = "CHK"
_AFTER = {BY_MAIL: 20}


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which the bank may show it."""

    earliest_on: date
    latest_on: date


def late_since(today: date, *, method: str = "") -> date:
    """A remittance of this day or before is late: after four banking days, after twenty by mail."""
    return calendars.add_banking_days(today, -_AFTER.get(method, 4))


def clearing_role(kind: str, amount_minor: int) -> str:
    """The clearing account that the bank's line relieves: of refunds for money out, or back from there."""
    if kind == "REMITTANCE":
        return "remittance.clearing"
    is_refund = (amount_minor < 0) == (kind == "ACH_FILE")
    return "refund.clearing" if is_refund else "transfer.clearing"


def window_of(kind: str, expected_on: date, *, method: str = "") -> Window:
    """Remittances within three banking days of their day (CORE 370), late at four; ACH files on theirs."""
    before, after = {"REMITTANCE": (3, 4), "ACH_FILE": (1, 2), "ACH_RETURN": (2, 5)}[kind]
    after = _AFTER.get(method, after)
    return Window(
        calendars.add_banking_days(expected_on, -before), calendars.add_banking_days(expected_on, after)
    )
