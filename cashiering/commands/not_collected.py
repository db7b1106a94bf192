"""Saying why money that was due at the desk was not collected."""

from collections.abc import Sequence

from django.db import transaction

from billing.queries import invoices_of
from cashiering.commands.locks import lock_open_session
from cashiering.models import NotCollected, Session
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal


class NotCollectedReasonMissing(Refusal):
    code = "not_collected_reason_missing"
    status = 422
    sentence = "Say why nothing was collected: choose a reason, and for another one write it down."


class NothingDue(Refusal):
    code = "nothing_due"
    sentence = "Nothing chosen is due any more. Find the patient again."


@transaction.atomic
def record_not_collected(
    *,
    session: Session | int,
    patient_id: int,
    invoice_ids: Sequence[int],
    reason: str,
    actor: User,
    note: str = "",
) -> list[NotCollected]:
    """Put on record that a patient left without paying these invoices; nothing is posted.

    reason  a NotCollected.Reason; OTHER needs the note

    Once an invoice and session: asking again changes nothing. Raises NotYourSession, SessionNotOpen,
    NotCollectedReasonMissing or NothingDue.
    """
    session = lock_open_session(session, actor=actor)
    if reason not in NotCollected.Reason.values or (reason == "OTHER" and not note.strip()):
        raise NotCollectedReasonMissing()
    rows = invoices_of([session.facility_id]).filter(pk__in=invoice_ids, state="ISSUED").order_by("id")
    due = [row for row in rows if patient_id in (row.patient_id, row.debtor_id)]
    if not due:
        raise NothingDue()
    known = set(NotCollected.objects.filter(session=session).values_list("invoice_id", flat=True))
    made = NotCollected.objects.bulk_create(
        NotCollected(
            session=session,
            facility=session.facility,
            patient_id=patient_id,
            invoice=row,
            currency=row.currency,
            amount_minor=row.balance.minor,
            reason=reason,
            note=note.strip(),
            business_on=session.business_on,
            recorded_by=actor,
            recorded_at=clock.now(),
        )
        for row in due
        if row.pk not in known
    )
    if made:
        amount = total([Money(one.amount_minor, one.currency) for one in made], session.currency)
        audit.record(
            "cashiering.record_not_collected",
            actor=actor,
            subject=session,
            facility=session.facility,
            reason=reason,
            after={"invoices": [one.invoice_id for one in made], "amount": amount},
        )
    return made
