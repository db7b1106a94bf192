"""The cut-off test as rows for a file."""

from collections.abc import Sequence
from datetime import date

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.sheets import Column, Kind, StatementTable
from reconciliation.queries import ReceiptTested

DEFINITION = (
    "Every receipt recorded in the days before and after the period's last day, by tender, without voids and "
    "without money that was on account, beside the day on which the bank booked the sum it went in. A "
    "receipt recorded after the last day whose money the bank had by then belongs to the period; one of "
    "the period that the bank does not have after these days is looked at."
)


def cut_off_table(
    tested: Sequence[ReceiptTested], *, facilities: str, last_day: date, days: int, actor: User
) -> StatementTable:
    """One row for each tender, in the order of the page."""
    return StatementTable(
        title="Cut-off test",
        name=f"cut-off-{last_day.isoformat()}",
        facts=(
            ("Facilities", facilities),
            ("Period's last day", clock.in_words(last_day)),
            ("Days before and after", str(days)),
            ("Produced", f"{clock.now():%b %d, %Y %H:%M} UTC"),
            ("Produced by", f"{actor.get_full_name()} ({actor.get_username()})"),
            ("Definition", DEFINITION),
        ),
        columns=(
            Column("Facility"),
            Column("Receipt"),
            Column("Tender"),
            Column("Recorded on", Kind.DAY),
            Column("At the bank on", Kind.DAY),
            Column("Amount", Kind.MONEY),
            Column("Currency"),
            Column("What it means"),
        ),
        rows=[
            [
                each.receipt.facility_code,
                each.receipt.number,
                each.receipt.tender,
                each.receipt.business_on,
                each.bank_on,
                each.receipt.amount,
                each.receipt.amount.currency,
                each.verdict.value,
            ]
            for each in tested
        ],
    )
