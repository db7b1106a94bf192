"""Looking again for the place of what lies in suspense."""

from django.db import IntegrityError, transaction
from django.db.models import F

from hms_ach import audit, clock
from hms_ach.access.models import Facility
from reconciliation.models import BankAccount, SuspenseClearing, SuspenseTry
from reconciliation.queries.suspense import SuspenseItem, suspense_items
from reconciliation.queries.suspense_answer import Answer, Found, answer_for, line_of


def try_suspense(*, account: BankAccount) -> int:
    """Try every item of suspense that came in on the account; how many found their place.

    What references alone prove becomes a proposal of the run, which a person approves or sends back;
    nothing leaves suspense by itself. Each try is counted. Safe to repeat.
    """
    facility = account.facility
    today = clock.today(facility.timezone)
    items = [
        item
        for item in suspense_items([facility], today=today)
        if item.waiting is None and item.held.minor > 0 and item.held.currency == account.currency
    ]
    return sum(_try(item, facility=facility, account=account) for item in items)


@transaction.atomic
def _try(item: SuspenseItem, *, facility: Facility, account: BankAccount) -> bool:
    reference = item.item.reference
    line = line_of(reference)
    if line is None or line.account_id != account.pk:
        return False
    found = answer_for(line, item.held, facility_id=facility.pk, reference=reference)
    _count(facility, item, found)
    return found.answer is not None and _propose(facility, item, found.answer)


def _count(facility: Facility, item: SuspenseItem, found: Found) -> None:
    row, is_new = SuspenseTry.objects.get_or_create(
        facility=facility,
        reference=item.item.reference,
        currency=item.held.currency,
        defaults={"count": 1, "last_at": clock.now(), "found": found.says[:200]},
    )
    if not is_new:
        SuspenseTry.objects.filter(pk=row.pk).update(
            count=F("count") + 1, last_at=clock.now(), found=found.says[:200]
        )


def _propose(facility: Facility, item: SuspenseItem, answer: Answer) -> bool:
    """Unless somebody proposes at the same moment."""
    try:
        with transaction.atomic():
            clearing = SuspenseClearing.objects.create(
                facility=facility,
                reference=item.item.reference,
                currency=item.held.currency,
                purpose=answer.purpose,
                document=answer.document,
                amount_minor=item.held.minor,
                reason=answer.reason,
                proposed_by=None,
                proposed_at=clock.now(),
            )
    except IntegrityError as error:
        if "reconciliation_suspenseclearing_one_waiting" not in str(error):
            raise
        return False
    audit.record(
        "reconciliation.propose_clearing",
        actor=None,
        subject=clearing,
        facility=facility,
        reason=clearing.reason,
        after={"item": clearing.reference, "purpose": clearing.purpose, "document": clearing.document},
    )
    return True
