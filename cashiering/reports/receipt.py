"""A receipt on paper: PDF, and bytes for an 80 mm printer."""

from django.template.loader import render_to_string
from escpos.printer import Dummy
from weasyprint import HTML

from cashiering.queries.payment import PaymentShown

LINE_WIDTH = 48


def receipt_pdf(payment: PaymentShown, *, duplicate: int) -> bytes:
    """The receipt as PDF. Nothing is fetched: the page carries its own style."""
    context = {"payment": payment, "duplicate": duplicate}
    text = render_to_string("cashiering/payment/receipt_pdf.html", context)
    return HTML(string=text, url_fetcher=_refuse).write_pdf()


def _refuse(url: str, *_more):
    raise ValueError(f"a receipt fetches nothing, and not {url[:40]}")


def receipt_bytes(payment: PaymentShown, *, duplicate: int) -> bytes:
    """ESC/POS for an 80 mm printer, 48 characters a line, with a cut at the end."""
    printer = Dummy()
    printer.set(align="center", bold=True)
    printer.textln(payment.facility.name)
    printer.set(align="center", bold=False)
    if duplicate:
        printer.textln(f"DUPLICATE {duplicate}")
    if payment.state == "VOIDED":
        printer.textln("*** VOID ***")
    printer.set(align="left", bold=False)
    printer.textln(f"Receipt {payment.receipt_number}")
    printer.textln(f"{payment.business_on:%b %d, %Y}  {payment.taken_by}")
    printer.textln(f"MRN ...{payment.mrn[-4:]}" if payment.mrn else "")
    for one in payment.allocations:
        printer.textln(_line(f"Invoice {one.number}", str(one.amount)))
    if payment.unapplied:
        printer.textln(_line("Kept on account", str(payment.unapplied)))
    printer.textln("-" * LINE_WIDTH)
    printer.set(bold=True)
    printer.textln(_line(f"Total {payment.total.currency}", str(payment.total)))
    printer.set(bold=False)
    for tender in payment.tenders:
        printer.textln(_line(tender.label.replace("····", "****"), str(tender.tendered)))
    if payment.change:
        printer.textln(_line("Change", str(payment.change)))
    printer.cut()
    return printer.output


def _line(left: str, right: str) -> str:
    room = LINE_WIDTH - len(right) - 1
    return f"{left[:room]:<{room}} {right}"
