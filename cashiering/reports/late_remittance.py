"""The letter to an insurer whose remittance came without its money."""

from datetime import date

from cashiering.models import Advice
from hms_ach import calendars
from hms_ach.web.pdf import pdf_of


def late_remittance_pdf(row: Advice, *, today: date) -> bytes:
    """One page: what was announced, that the bank has not shown it, and what is asked by when."""
    context = {
        "row": row,
        "facility": row.facility,
        "today": today,
        "answer_by": calendars.add_banking_days(today, 5),
    }
    return pdf_of("print/late_remittance.html", context)
