"""Taking money: at a register, and through the API."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F

from billing.commands import Settled, settle_invoice
from cashiering.commands.credit import credit_drawn, draw_credits, keep_on_account
from cashiering.commands.locks import lock_key, lock_own_session, refuse_not_open
from cashiering.commands.payer import refuse_strangers, refuse_unowned
from cashiering.commands.receipt_print import ask_receipt_print
from cashiering.commands.tender import clearing_reference, write_tenders
from cashiering.models import Allocation, Payment, Session, Tender
from cashiering.rules.allocation import AllocationAsked, BalanceChanged, asked_in_order
from cashiering.rules.tenders import TenderGiven, take_tenders
from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands import Posting, post_entry

_ROLES = {
    "CASH": "cash.drawer",
    "CARD": "card.clearing",
    "CHEQUE": "cheque.drawer",
    "TRANSFER": "transfer.clearing",
}


class PaymentKeyReused(Refusal):
    code = "payment_key_reused"
    sentence = "This payment was already taken as receipt {receipt}, with other content. Start it again."


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
) -> Payment:
    """Take money at the actor's open register and settle the invoices it pays, all or nothing.

    patient      the patient, its id, or None
    allocations  AllocationAsked, or (invoice id, amount)
    tenders      in the order handed over; the last cash gives the change
    key          made when the tender opened; the same key again gives the same receipt
    prepayment   what is to stay on account besides; a cheque's excess does too

    Locks: session, key, invoices by id, credits by id, receipt series, card batch. Raises NotYourSession,
    SessionNotOpen, PaymentKeyReused, BalanceChanged, CardSaleUnusable, OnAccountTooLittle, what
    refuse_strangers, take_tenders and settle_invoice raise. Emits `payment.received`.
    """
    session = lock_own_session(session, actor=actor)
    asked = asked_in_order(allocations, session.currency)
    content = _content([session.public_id, _pk(patient)], asked, tenders, prepayment)
    if (known := _known(key, content)) is not None:
        return known
    refuse_not_open(session)
    year = session.business_on.year
    register = session.register
    payment = _receive(
        facility=session.facility,
        session=session,
        patient_id=_pk(patient),
        asked=asked,
        tenders=tenders,
        prepayment=prepayment,
        key=key,
        content=content,
        business_on=session.business_on,
        numbering=(f"receipt:{register.pk}", f"{session.facility.code}-{register.code}-{year}"),
        terminal=(register.terminal_id or f"REG-{register.pk}"),
        actor=actor,
    )
    has_cash = any(tender.kind == "CASH" for tender in tenders)
    ask_receipt_print(payment=payment, register=register, has_cash=has_cash)
    return payment


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
    content = _content([facility.code, _pk(patient)], asked, tenders, prepayment)
    if (known := _known(key, content)) is not None:
        return known
    return _receive(
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


def _content(where: list, asked: list[AllocationAsked], tenders, prepayment: Money | None) -> str:
    """A fingerprint of what is asked, so that a repeated key with other content is noticed."""
    lines = [[one.invoice_id, str(one.amount)] for one in asked]
    given = [
        [tender.kind, str(tender.tendered), tender.reference, tender.terminal_request] for tender in tenders
    ]
    text = json.dumps([where, lines, given, str(prepayment or "")])
    return hashlib.sha256(text.encode()).hexdigest()


def _known(key: str, content: str) -> Payment | None:
    lock_key(key)
    payment = Payment.objects.filter(key=key).first()
    if payment is not None and payment.content_hash != content:
        raise PaymentKeyReused(receipt=payment.receipt_number)
    return payment


def _receive(
    *,
    facility: Facility,
    session: Session | None,
    patient_id: int | None,
    asked: list[AllocationAsked],
    tenders: Sequence[TenderGiven],
    prepayment: Money | None,
    key: str,
    content: str,
    business_on: date,
    numbering: tuple[str, str],
    terminal: str,
    actor: User,
) -> Payment:
    """The core of both ways in: settle, number, write, post, tell."""
    currency = session.currency if session else facility.currency
    kept = prepayment or Money.zero(currency)
    refuse_strangers(facility=facility, patient_id=patient_id, asked=asked, kept=kept, currency=currency)
    taken, excess = take_tenders(total([one.amount for one in asked], currency) + kept, tenders)
    refuse_unowned(kept + excess, patient_id)
    public_id = new_id("pay")
    settled = [_settle(one, source=public_id, on=business_on, actor=actor) for one in asked]
    lines = draw_credits(taken, facility_id=facility.pk, patient_id=patient_id, currency=currency)
    series, prefix = numbering
    number = next_number(series=series, facility_id=facility.pk, year=business_on.year)
    payment = Payment.objects.create(
        public_id=public_id,
        key=key,
        content_hash=content,
        facility=facility,
        session=session,
        receipt_number=f"{prefix}-{number:06d}",
        patient_id=patient_id,
        currency=currency,
        total_minor=sum(one.amount.minor for one in taken),
        unapplied_minor=(kept + excess).minor,
        business_on=business_on,
        taken_at=clock.now(),
        taken_by=actor,
    )
    Allocation.objects.bulk_create(
        Allocation(payment=payment, invoice_id=one.invoice_id, amount_minor=one.amount.minor) for one in asked
    )
    written = write_tenders(payment, lines, terminal=terminal)
    cash = sum(tender.amount_minor for tender in written if tender.kind == "CASH")
    if session is not None and cash:
        Session.objects.filter(pk=session.pk).update(cash_minor=F("cash_minor") + cash)
    _post(payment, written, settled, actor)
    _tell(payment, asked, settled, written, actor)
    return payment


def _settle(one: AllocationAsked, *, source: str, on: date, actor: User) -> Settled:
    """Settle one invoice, refusing when it is not what the payer was told."""
    seen = one.balance_seen
    try:
        settled = settle_invoice(
            invoice_id=one.invoice_id, amount=one.amount, source=source, on=on, actor=actor
        )
    except Refusal as refusal:
        if refusal.code != "over_settled" or seen is None or one.amount > seen:
            raise
        raise BalanceChanged(
            old=seen, new=refusal.params["open"], invoice=refusal.params["invoice"]
        ) from refusal
    balance = settled.remaining + one.amount
    if seen is not None and balance != seen:
        raise BalanceChanged(old=seen, new=balance, invoice=settled.invoice)
    return settled


def _post(payment: Payment, tenders: list[Tender], settled: list[Settled], actor: User) -> None:
    debits = [_debit(payment, tender) for tender in tenders]
    credits = [one.credit for one in settled]
    if payment.unapplied_minor:
        credits.append(keep_on_account(payment))
    post_entry(
        key=f"cashiering.payment:{payment.public_id}",
        facility=payment.facility,
        effective_on=payment.business_on,
        source=("payment", payment.public_id),
        memo=f"Receipt {payment.receipt_number}",
        postings=debits + credits,
        actor=actor,
    )


def _debit(payment: Payment, tender: Tender) -> Posting:
    if tender.kind == Tender.Kind.ACCOUNT:
        return credit_drawn(tender)
    return Posting(
        _ROLES[tender.kind],
        Money(tender.amount_minor, tender.currency),
        reference=clearing_reference(payment, tender),
        tender=tender.kind,
    )


def _tell(
    payment: Payment,
    asked: list[AllocationAsked],
    settled: list[Settled],
    tenders: list[Tender],
    actor: User,
) -> None:
    amount = Money(payment.total_minor, payment.currency)
    drawn = sum(tender.amount_minor for tender in tenders if tender.kind == "ACCOUNT")
    audit.record(
        "cashiering.take_payment" if payment.session_id else "cashiering.receive_payment",
        actor=actor,
        subject=payment,
        facility=payment.facility,
        after={"receipt": payment.receipt_number, "total": amount, "invoices": [a.invoice_id for a in asked]},
    )
    outbox.record(
        "payment.received",
        subject=payment.public_id,
        facility=payment.facility,
        data={
            "receipt_number": payment.receipt_number,
            "amount": amount.as_json(),
            "from_account": Money(drawn, payment.currency).as_json(),
            "unapplied": Money(payment.unapplied_minor, payment.currency).as_json(),
            "business_on": payment.business_on.isoformat(),
            "allocations": [
                {
                    "invoice": one.invoice.public_id,
                    "amount": asked_one.amount.as_json(),
                    "remaining": one.remaining.as_json(),
                }
                for one, asked_one in zip(settled, asked, strict=True)
            ],
        },
    )
