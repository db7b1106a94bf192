"""A receipt as ESC/POS for an 80 mm printer: 48 characters a line, with a cut at the end."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escpos.printer import Dummy

    from cashiering.queries.payment import PaymentShown

LINE_WIDTH = 48
# Drawers hang on pin 2 of the printer's kick connector.
_DRAWER_PIN = 2


def receipt_bytes(
    payment: "PaymentShown",
    *,
    link: str,
    duplicate: int = 0,
    opens_drawer: bool = False,
    is_training: bool = False,
) -> bytes:
    """The bytes that a printer takes as they are.

    link          where whoever holds the receipt opens it; printed as a QR code by the printer itself
    duplicate     0 for the original, otherwise the number of the reprint
    is_training   a receipt of nothing: it says so, has no number, and no code opens it
    opens_drawer  whether the drawer springs open before the paper moves
    """
    # Reads 96 kB of YAML and leaves a folder behind in every process that imports it; few print.
    from escpos.printer import Dummy

    printer = Dummy()
    if opens_drawer:
        printer.cashdraw(_DRAWER_PIN)
    printer.set(align="center", bold=True)
    printer.textln(payment.facility.name)
    printer.set(align="center", bold=False)
    if is_training:
        printer.textln("*** TRAINING, NO RECEIPT ***")
    if duplicate:
        printer.textln(f"DUPLICATE {duplicate}")
    if payment.state == "VOIDED":
        printer.textln("*** VOID ***")
    if payment.replaced_by:
        printer.textln(f"Issued again as {payment.replaced_by.receipt_number}")
    if payment.replaces:
        printer.textln(f"In place of {payment.replaces.receipt_number}")
    printer.set(align="left", bold=False)
    printer.textln("" if is_training else f"Receipt {payment.receipt_number}")
    printer.textln(f"{payment.business_on:%b %d, %Y}  {payment.taken_by}")
    printer.textln(f"MRN ...{payment.mrn[-4:]}" if payment.mrn else "")
    _lines(printer, payment)
    printer.set(align="center")
    if is_training:
        printer.textln("*** TRAINING, NO RECEIPT ***")
    else:
        printer.qr(link, size=4, native=True)
    printer.cut()
    return printer.output


def _lines(printer: "Dummy", payment: "PaymentShown") -> None:
    for one in payment.allocations:
        printer.textln(_line(f"Invoice {one.number}", str(one.amount)))
    if payment.unapplied:
        printer.textln(_line("Kept on account", str(payment.unapplied)))
    if payment.rounding:
        printer.textln(_line("Rounded to the smallest coin", str(payment.rounding)))
    printer.textln("-" * LINE_WIDTH)
    printer.set(bold=True)
    printer.textln(_line(f"Total {payment.total.currency}", str(payment.total)))
    printer.set(bold=False)
    for tender in payment.tenders:
        printer.textln(_line(tender.label.replace("····", "****"), str(tender.tendered)))
    if payment.change:
        printer.textln(_line("Change", str(payment.change)))
    for back in payment.returns:
        printer.textln(_line(back.what, f"-{back.amount}"))
    for refund in payment.refunds:
        if refund.is_gone:
            printer.textln(_line(f"Refunded {refund.on:%b %d, %Y}", f"-{refund.amount}"))


def _line(left: str, right: str) -> str:
    room = LINE_WIDTH - len(right) - 1
    return f"{left[:room]:<{room}} {right}"
