"""Sending receipts by e-mail: a link, and as little about the person as can be."""

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string

from cashiering.models import Payment, ReceiptMail
from cashiering.queries.receipt_link import receipt_link
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal

# Eight tries over about a day; a claimed mail whose worker dies is due again after the lease.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
LEASE = timedelta(minutes=5)


class AddressMalformed(Refusal):
    code = "address_malformed"
    status = 422
    sentence = "This is not an e-mail address. Type it as name@example.org."


@transaction.atomic
def ask_receipt_mail(*, payment: Payment, address: str, actor: User) -> ReceiptMail:
    """Put on record that a receipt is to be e-mailed; a task sends it. Raises AddressMalformed."""
    try:
        validate_email(address.strip())
    except ValidationError as wrong:
        raise AddressMalformed() from wrong
    now = clock.now()
    mail = ReceiptMail.objects.create(
        payment=payment, address=address.strip(), asked_by=actor, asked_at=now, next_try_at=now
    )
    audit.record("cashiering.ask_receipt_mail", actor=actor, subject=payment, facility=payment.facility)
    return mail


def send_receipt_mail(*, mail_id: int) -> bool:
    """Try to send one mail that is due; whether it went. Not in a transaction.

    A worker that dies after sending leaves a mail that is sent again: twice rather than never.
    """
    now = clock.now()
    due = ReceiptMail.objects.filter(pk=mail_id, next_try_at__lte=now)
    if not due.update(tries=F("tries") + 1, next_try_at=now + LEASE):
        return False
    mail = ReceiptMail.objects.select_related("payment__facility").get(pk=mail_id)
    try:
        _message(mail).send()
    except (SMTPException, OSError):
        return _settle(mail, sent_at=None)
    return _settle(mail, sent_at=clock.now())


def _message(mail: ReceiptMail) -> EmailMessage:
    """Who sends, the receipt's number and the link: no name, no amount, no service."""
    payment = mail.payment
    context = {"payment": payment, "link": receipt_link(payment)}
    return EmailMessage(
        subject=f"Your receipt {payment.receipt_number}",
        body=render_to_string("cashiering/payment/receipt_mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.address],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _settle(mail: ReceiptMail, *, sent_at: datetime | None) -> bool:
    waits = WAITS[mail.tries - 1 : mail.tries]
    mail.sent_at = sent_at
    mail.next_try_at = clock.now() + waits[0] if sent_at is None and waits else None
    mail.save(update_fields=["sent_at", "next_try_at"])
    return sent_at is not None
