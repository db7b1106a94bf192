"""Printing a receipt again."""

from django.db import transaction

from cashiering.commands.receipt_print import ask_receipt_print
from cashiering.models import Payment, Register, Reprint
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.sql import next_number


@transaction.atomic
def reprint_receipt(*, payment: Payment, actor: User, register: Register | None = None) -> Reprint:
    """Number the next duplicate of a receipt; it prints as DUPLICATE n.

    register  where the person works: its printer prints the duplicate
    """
    year = payment.business_on.year
    number = next_number(series=f"reprint:{payment.pk}", facility_id=payment.facility_id, year=year)
    reprint = Reprint.objects.create(payment=payment, number=number, printed_by=actor, printed_at=clock.now())
    audit.record(
        "cashiering.reprint_receipt",
        actor=actor,
        subject=payment,
        facility=payment.facility,
        after={"duplicate": reprint.number},
    )
    if register is not None:
        ask_receipt_print(payment=payment, register=register, duplicate=reprint.number)
    return reprint
