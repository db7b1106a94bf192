"""Taking money: at a register, and through the API."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from cashiering.commands.locks import lock_own_session
from cashiering.commands.receipt import content_of, issue_receipt, known_payment, receive
from cashiering.models import Payment, Session
from cashiering.rules.allocation import AllocationAsked, asked_in_order
from cashiering.rules.tenders import TenderGiven
from hms_ach import clock
from hms_ach.access.commands import Agreement
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TenderNotHere(Refusal):
    code = "tender_not_here"
    status = 422
    sentence = "{kind} is not taken here. Use one of: {kinds}."


@transaction.atomic
def take_payment(
    *,
    session: Session | int,
    patient,
    allocations: Sequence[AllocationAsked | tuple[int, Money]],
    tenders: Sequence[TenderGiven],
    key: str,
    actor: User,
    prepayment: Money | None = None,
    agreed: Agreement | None = None,
) -> Payment:
    """Take money at the actor's open register and settle the invoices it pays, all or nothing.

    patient      the patient, its id, or None
    allocations  AllocationAsked, or (invoice id, amount)
    tenders      in the order handed over; the last cash gives the change
    key          made when the tender opened; the same key again gives the same receipt
    agreed       another person who agrees at the screen to a cheque in spite of a block, or to cash in a
                 drawer above its limit
    prepayment   what is to stay on account besides; a cheque's excess does too

    Locks: session, key, invoices by id, credits by id, receipt series, card batch. Raises NotYourSession,
    SessionNotOpen, TenderNotAtRegister, ShiftTooLong, PaymentKeyReused, ChequeBlocked, DrawerFull,
    AgreementUnfit, BalanceChanged, CardSaleUnusable, OnAccountTooLittle, what refuse_strangers, take_tenders
    and settle_invoice raise. Emits `payment.received`.
    """
    session = lock_own_session(session, actor=actor)
    asked = asked_in_order(allocations, session.currency)
    return issue_receipt(
        session=session,
        patient_id=_pk(patient),
        asked=asked,
        tenders=tenders,
        prepayment=prepayment,
        key=key,
        actor=actor,
        agreed=agreed,
    )


@transaction.atomic
def receive_payment(
    *,
    facility: Facility,
    patient,
    allocations: Sequence[AllocationAsked | tuple[int, Money]],
    tenders: Sequence[TenderGiven],
    key: str,
    actor: User,
    business_on: date | None = None,
    prepayment: Money | None = None,
) -> Payment:
    """Record money received without a drawer: by transfer, or by card on a web page.

    Numbered in the facility's own series. Raises TenderNotHere for cash and cheques, and what
    take_payment raises. Emits `payment.received`.
    """
    for tender in tenders:
        if tender.kind not in ("TRANSFER", "CARD"):
            raise TenderNotHere(kind=tender.kind.capitalize(), kinds="TRANSFER, CARD")
    day = business_on or clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    asked = asked_in_order(allocations, facility.currency)
    content = content_of([facility.code, _pk(patient)], asked, tenders, prepayment)
    if (known := known_payment(key, content)) is not None:
        return known
    return receive(
        facility=facility,
        session=None,
        patient_id=_pk(patient),
        asked=asked,
        tenders=tenders,
        prepayment=prepayment,
        key=key,
        content=content,
        business_on=day,
        numbering=("receipt", f"{facility.code}-API-{day.year}"),
        terminal=f"API-{facility.code}",
        actor=actor,
    )


def _pk(patient) -> int | None:
    return getattr(patient, "pk", patient)
