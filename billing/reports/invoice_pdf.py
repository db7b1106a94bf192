"""The printed invoice."""

from dataclasses import dataclass

import segno

from billing.models import Invoice
from billing.queries import InvoiceDetail
from hms_ach.web.pdf import pdf_of


@dataclass(frozen=True, slots=True)
class _Sender:
    """The facility as it was at issue, or as it is while the invoice is a draft."""

    name: str
    address: str


def invoice_pdf(detail: InvoiceDetail) -> bytes:
    """One page or more: parties, lines, totals, and while it is open the number as a QR code for the till.

    It shows of the patient the name and MRN that were frozen at issue, and nothing else.
    """
    invoice = detail.invoice
    is_open = invoice.state == Invoice.State.ISSUED
    number = invoice.number if is_open else None
    place = invoice.facility
    debtor = invoice.payer or invoice.debtor
    context = {
        "detail": detail,
        "invoice": invoice,
        "facility": _Sender(invoice.facility_name or place.name, invoice.facility_address or place.address),
        "bill_to_now": debtor.name if debtor else "",
        "to_pay": invoice.total if invoice.state == Invoice.State.DRAFT else invoice.balance,
        "qr": segno.make(number, error="m").svg_data_uri(scale=3, border=0) if number else "",
    }
    return pdf_of("print/invoice.html", context)
