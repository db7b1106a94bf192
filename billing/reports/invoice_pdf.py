"""The printed invoice."""

import segno

from billing.queries import InvoiceDetail
from hms_ach.web.pdf import pdf_of


def invoice_pdf(detail: InvoiceDetail) -> bytes:
    """An A4 page or more: parties, lines, totals, and the number as a QR code for the till's scanner.

    It shows of the patient the name and MRN that were frozen at issue, and nothing else.
    """
    invoice = detail.invoice
    code = segno.make(invoice.number or invoice.public_id, error="m")
    context = {
        "detail": detail,
        "invoice": invoice,
        "facility": invoice.facility,
        "qr": code.svg_data_uri(scale=3, border=0) if invoice.number else "",
    }
    return pdf_of("print/invoice.html", context)
