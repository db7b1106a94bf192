"""The longest shift of a facility: after it a drawer takes no new receipts."""

from collections.abc import Sequence

from cashiering.models import Session, TillPolicy
from cashiering.rules.shift import Shift, shift_of
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.refusal import Refusal


class ShiftTooLong(Refusal):
    code = "shift_too_long"
    sentence = (
        "Session {number} has been open for {hours} hours, the longest shift here. Count and close it, "
        "or hand it over; receipts can still be corrected."
    )


def refuse_long_shift(session: Session, tenders: Sequence[TenderGiven] = ()) -> None:
    """Raises ShiftTooLong at the end of the shift. A card that was charged already is still booked."""
    policy = getattr(session.facility, "till_policy", None) or TillPolicy()
    if shift_of(session.opened_at, clock.now(), hours=policy.shift_hours) is not Shift.OVER:
        return
    if not any(tender.terminal_request for tender in tenders):
        raise ShiftTooLong(number=session.number, hours=policy.shift_hours)
