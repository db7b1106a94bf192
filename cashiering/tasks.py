"""Background work of the till: receipts that are owed, empty card batches, the cross-check of every night."""

from datetime import timedelta

import structlog
from celery import shared_task

from cashiering.commands import (
    send_receipt_mail,
    send_receipt_print,
    send_receipt_text,
    settle_empty_batches,
)
from cashiering.queries.cross_check import orphans
from cashiering.queries.receipt_mail import mails_due
from cashiering.queries.receipt_print import prints_due
from cashiering.queries.receipt_text import texts_due
from hms_ach import clock
from hms_ach.access.models import Facility

log = structlog.get_logger(__name__)


class OrphansFound(Exception):
    """Documents stand in one place and not in another; each was logged just before."""


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
def sweep_receipt_texts(**_newer_arguments) -> None:
    """Queue every receipt that is owed by text message. Safe to run twice: each is claimed in its row."""
    for text_id in texts_due(now=clock.now()):
        text_receipt.delay(text_id=text_id)


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def text_receipt(*, text_id: int, **_newer_arguments) -> None:
    """Try one text message now."""
    send_receipt_text(text_id=text_id)


@shared_task(acks_late=True, ignore_result=True)
def sweep_receipt_prints(**_newer_arguments) -> None:
    """Queue every receipt that a printer still owes. Safe to run twice: a print is claimed in its row."""
    for print_id in prints_due(now=clock.now()):
        print_receipt.delay(print_id=print_id)


@shared_task(acks_late=True, ignore_result=True, soft_time_limit=60, time_limit=90)
def print_receipt(*, print_id: int, **_newer_arguments) -> None:
    """Try to print one receipt now."""
    send_receipt_print(print_id=print_id)


@shared_task(acks_late=True, ignore_result=True)
def settle_batches_of_nothing(**_newer_arguments) -> None:
    """Settle card batches that the bank will never speak of. Safe to run twice: a batch settles once."""
    settle_empty_batches()


@shared_task(acks_late=True)
def cross_check(**_newer_arguments) -> int:
    """Look for receipts and invoices without their counterpart in 35 days; fail loudly. Changes nothing."""
    today = clock.today("UTC")
    facility_ids = list(Facility.objects.order_by("id").values_list("pk", flat=True))
    found = orphans(facility_ids, today - timedelta(days=35), today)
    for one in found:
        log.error("orphan document", problem=one.problem, subject=one.public_id)
    if found:
        raise OrphansFound(f"{len(found)} documents have no counterpart; the cross-check lists them")
    return 0
