"""Another person's agreement at the cashier's own screen, for what is beyond the cashier's right."""

from typing import Any

from cashiering.models import Override, Payment, Session
from hms_ach import audit, clock, outbox
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal

# action: the permission that the other person holds
_PERMISSIONS = {
    "VOID": "cashiering.approve_void",
    "CORRECTION": "cashiering.approve_void",
    "REFUND": "cashiering.approve_refund",
    "CHEQUE": "cashiering.lift_cheque_block",
    "LIMIT": "cashiering.exceed_drawer_limit",
    "OPENING": "cashiering.confirm_opening",
}


class AgreementUnfit(Refusal):
    code = "agreement_unfit"
    status = 403
    sentence = "{person} may not agree to this here. Ask a person who may."


def refuse_unfit(
    agreed: Agreement, *, action: str, session: Session, actor: User, payment: Payment | None = None
) -> None:
    """The other person is somebody else, works in the facility and may decide this. Raises AgreementUnfit.

    payment  which may be another facility's than the session: the person works in both
    """
    person = agreed.person
    is_other = person.pk not in (actor.pk, session.cashier_id)
    places = {session.facility_id, payment.facility_id if payment else session.facility_id}
    is_here = places <= set(facility_ids_of(person))
    if not (is_other and is_here and person.is_active and person.has_perm(_PERMISSIONS[action])):
        raise AgreementUnfit(person=person.get_full_name())


def record_override(
    *,
    action: str,
    session: Session,
    payment: Payment,
    agreed: Agreement,
    actor: User,
    reason: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> Override:
    """Keep who agreed to what, in the transaction that does it. Raises AgreementUnfit.

    Emits `override.given`.
    """
    refuse_unfit(agreed, action=action, session=session, actor=actor, payment=payment)
    row = Override.objects.create(
        session=session,
        facility=session.facility,
        payment=payment,
        action=action,
        reason=reason.strip(),
        asked_by=actor,
        agreed_by=agreed.person,
        way=agreed.way,
        before=before,
        after=after,
        agreed_at=clock.now(),
    )
    audit.record(
        "cashiering.agree_override",
        actor=agreed.person,
        subject=row,
        facility=session.facility,
        reason=reason,
        on_behalf_of=actor,
        before=before,
        after=after,
    )
    outbox.record(
        "override.given",
        subject=row.public_id,
        facility=session.facility,
        data={"action": action.lower(), "payment": payment.public_id, "session": session.public_id},
    )
    return row
