"""A card sale that was answered after its session ended: booked in a rescue session of its own."""

from django.db import transaction

from cashiering.commands.locks import lock_session
from cashiering.commands.payment import take_payment
from cashiering.commands.session import create_session, told
from cashiering.commands.z_read import write_z_read
from cashiering.models import Payment, Session, TerminalRequest
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class SaleStillAtRegister(Refusal):
    code = "sale_still_at_register"
    sentence = "Session {number} still runs: its cashier asks the terminal and finishes the sale there."


class RescueByCashier(Refusal):
    code = "rescue_by_cashier"
    status = 403
    sentence = "Session {number} was yours; a head cashier settles its card sale."


class RescueCardOnly(Refusal):
    code = "rescue_card_only"
    sentence = (
        "The card was one part of a split payment, and whether the rest was taken is not known. "
        "Void the card at the terminal and ask the patient to pay again."
    )


@transaction.atomic
def rescue_card_sale(*, sale: TerminalRequest, asked: dict, actor: User) -> Payment:
    """Book an approved sale of an ended session in a rescue session, which another person reviews.

    asked  the arguments of take_payment, from the sale's intent

    Raises SaleStillAtRegister, RescueByCashier, RescueCardOnly, or what take_payment raises. Emits
    `session.rescued` and `payment.received`.
    """
    ended = lock_session(sale.session_id)
    if ended.state in Session.IN_CUSTODY:
        raise SaleStillAtRegister(number=ended.number)
    if ended.cashier_id == actor.pk:
        raise RescueByCashier(number=ended.number)
    if any(tender.kind != "CARD" for tender in asked["tenders"]):
        raise RescueCardOnly()
    known = Payment.objects.filter(key=asked["key"]).first()
    if known is not None:
        return known
    facility = ended.facility
    rescue = create_session(
        register=ended.register,
        cashier=actor,
        business_on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        state=Session.State.OPEN,
        is_rescue=True,
    )
    payment = take_payment(session=rescue, actor=actor, **asked)
    rescue.state, rescue.counted_minor, rescue.closed_at = Session.State.BALANCED, 0, clock.now()
    rescue.save(update_fields=["state", "counted_minor", "closed_at"])
    write_z_read(rescue)
    audit.record(
        "cashiering.rescue_card_sale",
        actor=actor,
        subject=rescue,
        facility=facility,
        after={"sale": sale.public_id, "ended": ended.number, "receipt": payment.receipt_number},
    )
    data = told(rescue) | {"payment": payment.public_id, "ended_session": ended.public_id}
    outbox.record("session.rescued", subject=rescue.public_id, facility=facility, data=data)
    return payment
