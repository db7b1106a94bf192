"""Printing receipts at the register's own printer: never one original twice."""

from datetime import timedelta

from django.db.models import F

from cashiering.formats.escpos_receipt import receipt_bytes
from cashiering.gateways.printer import PrinterAway, PrinterLost, print_at
from cashiering.models import Payment, ReceiptPrint, Register
from cashiering.queries.payment import payment_shown
from cashiering.queries.receipt_link import receipt_link
from hms_ach import clock

# A receipt is of use while its patient stands there: five tries within two minutes.
WAITS = [timedelta(seconds=seconds) for seconds in (5, 15, 30, 60)]


def ask_receipt_print(
    *, payment: Payment, register: Register, duplicate: int = 0, has_cash: bool = False
) -> ReceiptPrint | None:
    """Put on record that a receipt is to be printed, in the caller's transaction; a task sends it.

    duplicate  0 for the original, otherwise the number of the reprint
    has_cash   whether the drawer must open for it

    None when the register has no printer.
    """
    if not register.printer_address:
        return None
    now = clock.now()
    return ReceiptPrint.objects.create(
        payment=payment,
        register=register,
        duplicate=duplicate,
        opens_drawer=has_cash and not duplicate,
        asked_at=now,
        next_try_at=now,
    )


def send_receipt_print(*, print_id: int) -> bool:
    """Try to print one receipt that is due; whether the printer took it. Not in a transaction.

    Tried again only where no connection came about. A worker that dies and a connection that breaks may
    leave it on paper: it is not sent again, and the cashier prints a numbered duplicate.
    """
    due = ReceiptPrint.objects.filter(pk=print_id, next_try_at__lte=clock.now())
    if not due.update(tries=F("tries") + 1, next_try_at=None, state=ReceiptPrint.State.SENDING):
        return False
    asked = ReceiptPrint.objects.select_related("payment", "register").get(pk=print_id)
    shown = payment_shown(asked.payment)
    content = receipt_bytes(
        shown, link=receipt_link(shown), duplicate=asked.duplicate, opens_drawer=asked.opens_drawer
    )
    try:
        print_at(asked.register.printer_address, content)
    except PrinterAway:
        return _settle(asked, waits=WAITS[asked.tries - 1 : asked.tries])
    except PrinterLost:
        return _settle(asked, waits=[])
    asked.state, asked.printed_at = ReceiptPrint.State.PRINTED, clock.now()
    asked.save(update_fields=["state", "printed_at"])
    return True


def _settle(asked: ReceiptPrint, *, waits: list[timedelta]) -> bool:
    asked.state = ReceiptPrint.State.ASKED if waits else ReceiptPrint.State.FAILED
    asked.next_try_at = clock.now() + waits[0] if waits else None
    asked.save(update_fields=["state", "next_try_at"])
    return False
