"""Sending receipts by text message: a link, to a number whose owner agreed."""

from django.db import transaction
from django.db.models import F

from cashiering.commands.receipt_mail import LEASE, WAITS
from cashiering.gateways.text_message import has_gateway, is_final, send_text
from cashiering.models import Payment, ReceiptText
from cashiering.queries.receipt_link import receipt_link
from cashiering.rules.telephone import telephone
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class TextsNotSetUp(Refusal):
    code = "texts_not_set_up"
    sentence = "No gateway for text messages is set up here. Print the receipt, or send it by e-mail."


class ConsentMissing(Refusal):
    code = "consent_missing"
    status = 422
    sentence = "Ask whether the person agrees to a message at this number, and tick it. Else nothing is sent."


@transaction.atomic
def ask_receipt_text(*, payment: Payment, number: str, has_consent: bool, actor: User) -> ReceiptText:
    """Put on record that a receipt is to go out by text message; a task sends it.

    number       with its country code, however it is parted
    has_consent  whether whoever has the number agreed to this message

    Raises TextsNotSetUp, TelephoneMalformed or ConsentMissing.
    """
    if not has_gateway():
        raise TextsNotSetUp()
    number = telephone(number)
    if not has_consent:
        raise ConsentMissing()
    now = clock.now()
    text = ReceiptText.objects.create(
        payment=payment, number=number, consented_at=now, asked_by=actor, asked_at=now, next_try_at=now
    )
    audit.record(
        "cashiering.ask_receipt_text",
        actor=actor,
        subject=payment,
        facility=payment.facility,
        reason="Agreed to by whoever has the number",
    )
    return text


def send_receipt_text(*, text_id: int) -> bool:
    """Try to send one message that is due; whether it went. Not in a transaction.

    A worker that dies after sending leaves a message that is sent again, under the same key: the gateway
    knows it. What the gateway refuses is given up at once; everything else is tried eight times in a day.
    """
    now = clock.now()
    due = ReceiptText.objects.filter(pk=text_id, next_try_at__lte=now)
    if not due.update(tries=F("tries") + 1, next_try_at=now + LEASE):
        return False
    text = ReceiptText.objects.select_related("payment").get(pk=text_id)
    answer = send_text(
        number=text.number, text=f"Your receipt: {receipt_link(text.payment)}", key=text.public_id
    )
    waits = [] if is_final(answer) else WAITS[text.tries - 1 : text.tries]
    text.sent_at = clock.now() if answer.is_accepted else None
    text.next_try_at = clock.now() + waits[0] if waits and not answer.is_accepted else None
    text.problem = answer.problem[:200]
    text.save(update_fields=["sent_at", "next_try_at", "problem"])
    return answer.is_accepted
