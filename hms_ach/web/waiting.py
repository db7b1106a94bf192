"""What awaits a person. Each app answers `queries.waiting(user, facility_ids)` with these."""

from dataclasses import dataclass
from datetime import date

from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits for the person, counted.

    title       what waits, in the plural: "Sessions to approve"
    count       how many; a row with zero is shown as done
    url         the list that shows exactly these
    amount      what they are worth together, None when that has no meaning
    oldest_on   since when the oldest waits, None when there is none
    permission  shown only to who has it: "cashiering.approve_session"
    """

    title: str
    count: int
    url: str
    permission: str
    amount: Money | None = None
    oldest_on: date | None = None
