"""Background work of the till: receipts by e-mail and at the registers' printers."""

from celery import shared_task

from cashiering.commands import send_receipt_mail, send_receipt_print
from cashiering.queries.receipt_mail import mails_due
from cashiering.queries.receipt_print import prints_due
from hms_ach import clock


@shared_task(acks_late=True, ignore_result=True)
def sweep_receipt_mails(**_newer_arguments) -> None:
    """Queue every receipt that is owed by e-mail. Safe to run twice: a mail is claimed in its row."""
    for mail_id in mails_due(now=clock.now()):
        mail_receipt.delay(mail_id=mail_id)


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def mail_receipt(*, mail_id: int, **_newer_arguments) -> None:
    """Try one e-mail now."""
    send_receipt_mail(mail_id=mail_id)


@shared_task(acks_late=True, ignore_result=True)
def sweep_receipt_prints(**_newer_arguments) -> None:
    """Queue every receipt that a printer still owes. Safe to run twice: a print is claimed in its row."""
    for print_id in prints_due(now=clock.now()):
        print_receipt.delay(print_id=print_id)


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def print_receipt(*, print_id: int, **_newer_arguments) -> None:
    """Try to print one receipt now."""
    send_receipt_print(print_id=print_id)
