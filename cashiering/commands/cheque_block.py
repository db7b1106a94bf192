"""People who pay by cheque no more, because one came back."""

from collections.abc import Sequence

from django.db import transaction

from cashiering.models import ChequeBlock, ChequeReturn
from cashiering.rules.tenders import TenderGiven
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class ChequeBlocked(Refusal):
    code = "cheque_blocked"
    sentence = (
        "A cheque of this patient came back unpaid on {on}. Take another tender, have another person agree, "
        "or have the block lifted."
    )


class ChequeBlockLifted(Refusal):
    code = "cheque_block_lifted"
    sentence = "This block is lifted already."


class ChequeBlockReasonMissing(Refusal):
    code = "cheque_block_reason_missing"
    status = 422
    sentence = "Say why cheques of this patient are taken again."


def block_cheques(found: ChequeReturn) -> None:
    """Take no more cheques of the patient whose cheque came back, if it is known whose it was."""
    patient_id = found.payment.patient_id
    if patient_id is not None:
        ChequeBlock.objects.create(patient_id=patient_id, cheque_return=found, placed_at=clock.now())


def blocked_by(patient_id: int | None, tenders: Sequence[TenderGiven]) -> ChequeBlock | None:
    """The oldest block that keeps a cheque among these tenders from being taken."""
    if patient_id is None or all(one.kind != "CHEQUE" for one in tenders):
        return None
    live = ChequeBlock.objects.filter(patient_id=patient_id, lifted_at=None)
    return live.select_related("cheque_return").order_by("id").first()


@transaction.atomic
def lift_cheque_block(*, block: ChequeBlock | int, reason: str, actor: User) -> ChequeBlock:
    """Take cheques of a patient again. Raises ChequeBlockLifted or ChequeBlockReasonMissing.

    Emits `cheque_block.lifted`.
    """
    rows = ChequeBlock.objects.select_for_update(of=("self",)).select_related(
        "patient", "cheque_return__facility"
    )
    found = rows.get(pk=getattr(block, "pk", block))
    if found.lifted_at is not None:
        raise ChequeBlockLifted()
    if not reason.strip():
        raise ChequeBlockReasonMissing()
    found.lifted_by, found.lifted_at, found.lift_reason = actor, clock.now(), reason.strip()
    found.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    facility = found.cheque_return.facility
    audit.record("cashiering.lift_cheque_block", actor=actor, subject=found, facility=facility, reason=reason)
    data = {"patient": found.patient.public_id, "cheque_return": found.cheque_return.public_id}
    outbox.record("cheque_block.lifted", subject=found.public_id, facility=facility, data=data)
    return found
