"""The address under which whoever holds a receipt may open it, without signing in."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from cashiering.models import Payment
from cashiering.queries.payment import PaymentShown
from hms_ach import clock

# After this long the link says so, and the desk prints a duplicate instead.
OPEN_FOR = timedelta(days=180)


def receipt_mark(payment: Payment | PaymentShown) -> str:
    """What makes a link of ours: 24 hexadecimal digits that only our secret key can make."""
    return salted_hmac("cashiering.receipt", payment.public_id, algorithm="sha256").hexdigest()[:24]


def receipt_link(payment: Payment | PaymentShown) -> str:
    path = reverse("cashiering:open-receipt", args=[payment.public_id, receipt_mark(payment)])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def payment_of_link(public_id: str, mark: str) -> Payment | None:
    """The payment behind a link; None when the link is not ours or too old. One SQL query."""
    payment = Payment.objects.filter(public_id=public_id).first()
    if payment is None or not constant_time_compare(mark, receipt_mark(payment)):
        return None
    return payment if clock.now() - payment.taken_at < OPEN_FOR else None
