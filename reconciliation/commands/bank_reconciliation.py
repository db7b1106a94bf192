"""Answering for an account's bank reconciliation: prepared by one person, reviewed by another."""

from datetime import date

from django.db import transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from reconciliation.models import BankAccount, PreparedReconciliation, ReconciliationReview
from reconciliation.queries.bank_reconciliation import bank_reconciliation
from reconciliation.queries.prepared_reconciliation import changes_since, digest_of, parts_of


class ReconciliationDayNotOver(Refusal):
    code = "reconciliation_day_not_over"
    sentence = "{day} is not over yet at {account}. Prepare its reconciliation on the day after."


class ReconciliationUnknown(Refusal):
    code = "reconciliation_unknown"
    sentence = "No statement of {account} with a balance ends by {day}. Take one in before you prepare this."


class ReconciliationUnexplained(Refusal):
    code = "reconciliation_unexplained"
    status = 422
    sentence = "{difference} is explained by nothing. Say why in the note, or put it right first."


class ReconciliationByPreparer(Refusal):
    code = "reconciliation_by_preparer"
    status = 403
    sentence = "You prepared this reconciliation, so another person must review it."


class ReconciliationReviewed(Refusal):
    code = "reconciliation_reviewed"
    sentence = "This reconciliation is reviewed already. Prepare it again to have a newer one reviewed."


class ReconciliationMoved(Refusal):
    code = "reconciliation_moved"
    sentence = "It no longer says how things are: {changes}. Have it prepared again and review that."


@transaction.atomic
def prepare_bank_reconciliation(
    *, account_id: int, as_of: date, note: str = "", actor: User
) -> PreparedReconciliation:
    """Keep the account's bank reconciliation as it stands now, for another person to review.

    as_of  the day at whose end it is, in the facility's zone

    What was prepared before stays; the latest of a day counts.
    Raises ReconciliationDayNotOver, ReconciliationUnknown, ReconciliationUnexplained.
    """
    account = _held(account_id)
    if as_of >= clock.today(account.facility.timezone):
        raise ReconciliationDayNotOver(day=as_of, account=account.code)
    found = bank_reconciliation(account, on=as_of)
    if found.statement is None or found.at_bank is None:
        raise ReconciliationUnknown(day=as_of, account=account.code)
    if found.difference and not note.strip():
        raise ReconciliationUnexplained(difference=found.difference.in_words())
    prepared = PreparedReconciliation.objects.create(
        account=account,
        as_of=as_of,
        statement=found.statement,
        at_bank_minor=found.at_bank.minor,
        before_minor=found.before.minor,
        between_minor=found.total_between.minor,
        in_book_minor=found.in_book.minor,
        parts=parts_of(found),
        digest=digest_of(found),
        note=note.strip(),
        prepared_by=actor,
        prepared_at=clock.now(),
    )
    audit.record(
        "reconciliation.prepare_bank_reconciliation",
        actor=actor,
        subject=prepared,
        facility=account.facility,
        reason=prepared.note,
        after=_said(prepared),
    )
    return prepared


@transaction.atomic
def review_bank_reconciliation(*, prepared_id: int, note: str = "", actor: User) -> ReconciliationReview:
    """Answer for what somebody else prepared, as long as it still says how things are.

    Raises ReconciliationByPreparer, ReconciliationReviewed, ReconciliationMoved.
    Emits `bank_reconciliation.reviewed`.
    """
    prepared = PreparedReconciliation.objects.select_related("account__facility").get(pk=prepared_id)
    # What is only ever added is not locked itself: two who review at once wait for each other here.
    account = _held(prepared.account_id)
    if prepared.prepared_by_id == actor.pk:
        raise ReconciliationByPreparer()
    if ReconciliationReview.objects.filter(prepared=prepared).exists():
        raise ReconciliationReviewed()
    if changes := changes_since(prepared, bank_reconciliation(account, on=prepared.as_of)):
        raise ReconciliationMoved(changes="; ".join(changes))
    review = ReconciliationReview.objects.create(
        prepared=prepared, note=note.strip(), reviewed_by=actor, reviewed_at=clock.now()
    )
    audit.record(
        "reconciliation.review_bank_reconciliation",
        actor=actor,
        subject=prepared,
        facility=account.facility,
        reason=review.note,
        after={"digest": prepared.digest},
    )
    outbox.record(
        "bank_reconciliation.reviewed",
        subject=prepared.public_id,
        facility=account.facility,
        data={"account": account.public_id, **_said(prepared)},
    )
    return review


def _held(account_id: int) -> BankAccount:
    """The account; nobody else prepares or reviews its reconciliation, or posts its matches, meanwhile."""
    BankAccount.objects.select_for_update().get(pk=account_id)
    return BankAccount.objects.select_related("facility__legal_entity").get(pk=account_id)


def _said(prepared: PreparedReconciliation) -> dict[str, object]:
    return {
        "as_of": prepared.as_of.isoformat(),
        "at_bank": prepared.at_bank.as_json(),
        "in_book": prepared.in_book.as_json(),
        "difference": prepared.difference.as_json(),
        "digest": prepared.digest,
    }
