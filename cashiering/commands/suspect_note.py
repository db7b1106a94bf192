"""Notes that may be false: taken out of the drawer, logged, and handed to the police or the bank."""

from django.db import transaction

from billing.queries import people_of
from cashiering.commands.locks import lock_open_session
from cashiering.commands.movement import MovementMalformed, write_movement
from cashiering.models import CashMovement, Session, SuspectNote
from cashiering.rules.denominations import DenominationUnknown, faces_of
from hms_ach import audit, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from ledger.commands import Posting


@transaction.atomic
def take_suspect_note(
    *,
    session: Session | int,
    face_minor: int,
    serial: str,
    handed_to: str,
    key: str,
    actor: User,
    patient_id: int | None = None,
    remarks: str = "",
    currency: str = "",
) -> SuspectNote:
    """Take a note that may be false out of the drawer. The drawer is short by it, for a reason of its own.

    face_minor  the note's face value in minor units
    handed_to   the police officer or bank that keeps the note
    patient_id  who paid with it, where known
    currency    of the note; the drawer's own when empty

    Raises NotYourSession, SessionNotOpen, DenominationUnknown or MovementMalformed.
    """
    session = lock_open_session(session, actor=actor)
    known = CashMovement.objects.filter(key=key, kind="SUSPECT").select_related("suspect_note").first()
    if known is not None:
        return known.suspect_note
    currency = currency or session.currency
    if face_minor not in faces_of(currency):
        raise DenominationUnknown(currency=currency, face=face_minor)
    if not serial.strip() or not handed_to.strip():
        raise MovementMalformed(problem="Write down the serial number and who keeps the note")
    if patient_id and not people_of([session.facility_id]).filter(pk=patient_id).exists():
        raise MovementMalformed(problem="There is no such patient here")
    worth = Money(face_minor, currency)
    movement = write_movement(
        session,
        kind="SUSPECT",
        amount=-worth,
        other=Posting("cash.over_short", worth, reference=session.public_id, tender="CASH"),
        made_by=actor,
        key=key,
        reason=f"Suspect note {serial.strip()}",
    )
    note = SuspectNote.objects.create(
        movement=movement,
        face_minor=face_minor,
        serial=serial.strip(),
        patient_id=patient_id,
        remarks=remarks.strip(),
        handed_to=handed_to.strip(),
    )
    audit.record(
        "cashiering.take_suspect_note",
        actor=actor,
        subject=note,
        facility=session.facility,
        after={"worth": worth, "serial": note.serial},
    )
    data = {"session": session.public_id, "worth": worth.as_json(), "serial": note.serial}
    outbox.record("suspect_note.taken", subject=note.public_id, facility=session.facility, data=data)
    return note
