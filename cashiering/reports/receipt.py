"""A receipt as PDF."""

import segno

from cashiering.queries.payment import PaymentShown
from cashiering.queries.receipt_link import receipt_link
from hms_ach.web.pdf import pdf_of


def receipt_pdf(payment: PaymentShown, *, duplicate: int, is_training: bool = False) -> bytes:
    """The receipt with a QR code that opens it. Nothing is fetched: the page carries its own style.

    is_training  a receipt of nothing: it says so, and no code opens it
    """
    drawing = (
        "" if is_training else segno.make(receipt_link(payment), error="m").svg_data_uri(scale=3, border=0)
    )
    context = {"payment": payment, "duplicate": duplicate, "qr": drawing, "is_training": is_training}
    return pdf_of("cashiering/payment/receipt_pdf.html", context)
