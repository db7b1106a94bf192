"""Making a receipt: settle, number, write the tenders, post, tell. For the commands that take money."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from django.db.models import F

from billing.commands import Settled, pass_settlement_on, settle_invoice
from cashiering.commands.agreement import beyond_right, record_beyond, refuse_beyond
from cashiering.commands.allowed_tender import refuse_not_here
from cashiering.commands.cash_currency import valued
from cashiering.commands.credit import draw_credits, keep_on_account
from cashiering.commands.locks import lock_key, refuse_not_open
from cashiering.commands.payer import refuse_strangers, refuse_unowned
from cashiering.commands.receipt_print import ask_receipt_print
from cashiering.commands.register import coin_of
from cashiering.commands.shift import refuse_long_shift
from cashiering.commands.tender import debits_of, write_tenders
from cashiering.models import Allocation, Payment, Session, Tender
from cashiering.rules.allocation import AllocationAsked, BalanceChanged
from cashiering.rules.rounding import cash_rounding
from cashiering.rules.tenders import TenderGiven, take_tenders
from hms_ach import audit, clock, outbox
from hms_ach.access.commands import Agreement
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands import Posting, post_entry


class PaymentKeyReused(Refusal):
    code = "payment_key_reused"
    sentence = "This payment was already taken as receipt {receipt}, with other content. Start it again."


def issue_receipt(
    *,
    session: Session,
    patient_id: int | None,
    asked: list[AllocationAsked],
    tenders: Sequence[TenderGiven],
    prepayment: Money | None,
    key: str,
    actor: User,
    replaces: Payment | None = None,
    agreed: Agreement | None = None,
) -> Payment:
    """A receipt of the register, or the one that the key already made. For holders of the session's lock.

    replaces  the voided payment whose settlements this one takes over; never by a receipt that was there
    """
    content = content_of([session.public_id, patient_id], asked, tenders, prepayment)
    if (known := known_payment(key, content)) is not None:
        if replaces is not None:
            raise PaymentKeyReused(receipt=known.receipt_number)
        return known
    refuse_not_open(session)
    refuse_not_here(session, [one.kind for one in tenders])
    if replaces is None:
        refuse_long_shift(session, tenders)
    year = session.business_on.year
    register = session.register
    payment = receive(
        facility=session.facility,
        session=session,
        patient_id=patient_id,
        asked=asked,
        tenders=tenders,
        prepayment=prepayment,
        key=key,
        content=content,
        business_on=session.business_on,
        numbering=(f"receipt:{register.pk}", f"{session.facility.code}-{register.code}-{year}"),
        terminal=(register.terminal_id or f"REG-{register.pk}"),
        actor=actor,
        replaces=replaces,
        agreed=agreed,
    )
    has_cash = any(tender.kind == "CASH" for tender in tenders)
    ask_receipt_print(payment=payment, register=register, has_cash=has_cash)
    return payment


def content_of(where: list, asked: list[AllocationAsked], tenders, prepayment: Money | None) -> str:
    """A fingerprint of what is asked, so that a repeated key with other content is noticed."""
    lines = [[one.invoice_id, str(one.amount)] for one in asked]
    given = [
        [tender.kind, str(tender.tendered), tender.reference, tender.terminal_request]
        if tender.foreign is None
        else [tender.kind, str(tender.foreign), tender.foreign.currency, tender.rate_id]
        for tender in tenders
    ]
    text = json.dumps([where, lines, given, str(prepayment or "")])
    return hashlib.sha256(text.encode()).hexdigest()


def known_payment(key: str, content: str) -> Payment | None:
    lock_key(key)
    payment = Payment.objects.filter(key=key).first()
    if payment is not None and payment.content_hash != content:
        raise PaymentKeyReused(receipt=payment.receipt_number)
    return payment


def receive(
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
    replaces: Payment | None = None,
    agreed: Agreement | None = None,
) -> Payment:
    """The core of both ways in: settle, number, write, post, tell."""
    currency = session.currency if session else facility.currency
    kept = prepayment or Money.zero(currency)
    beyond = []
    if session is not None:
        is_correction = replaces is not None
        beyond = beyond_right(session, patient_id=patient_id, tenders=tenders, is_correction=is_correction)
        refuse_beyond(session, beyond, agreed=agreed, actor=actor)
    refuse_strangers(facility=facility, patient_id=patient_id, asked=asked, kept=kept, currency=currency)
    due = total([one.amount for one in asked], currency) + kept
    tenders = valued(tenders, facility=facility, quote=currency, on=business_on, replaces=replaces)
    has_cash = any(one.kind == "CASH" for one in tenders)
    coin = coin_of(facility) if has_cash and currency == facility.currency else 1
    rounding = cash_rounding(due, tenders, coin)
    taken, excess = take_tenders(due + rounding, tenders)
    refuse_unowned(kept + excess, patient_id)
    public_id = new_id("pay")
    settled = [
        _settle(one, source=public_id, on=business_on, actor=actor, replaces=replaces) for one in asked
    ]
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
        rounding_minor=rounding.minor,
        business_on=business_on,
        taken_at=clock.now(),
        taken_by=actor,
    )
    Allocation.objects.bulk_create(
        Allocation(payment=payment, invoice_id=one.invoice_id, amount_minor=one.amount.minor) for one in asked
    )
    written = write_tenders(payment, lines, terminal=terminal)
    cash = sum(tender.drawer_minor for tender in written if tender.kind == "CASH")
    if session is not None and cash:
        Session.objects.filter(pk=session.pk).update(cash_minor=F("cash_minor") + cash)
    _post(payment, written, settled, actor)
    _tell(payment, asked, settled, written, actor)
    if session is not None and agreed is not None:
        record_beyond(session, beyond, payment=payment, agreed=agreed, actor=actor)
    return payment


def _settle(one: AllocationAsked, *, source: str, on: date, actor: User, replaces: Payment | None) -> Settled:
    """Settle one invoice, refusing when it is not what the payer was told."""
    if replaces is not None:
        return pass_settlement_on(
            source=replaces.public_id,
            to=source,
            invoice_id=one.invoice_id,
            on=on,
            actor=actor,
            reason=f"Receipt {replaces.receipt_number} issued again",
        )
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
    debits = [posting for tender in tenders for posting in debits_of(payment, tender)]
    credits = [one.credit for one in settled]
    if payment.unapplied_minor:
        credits.append(keep_on_account(payment))
    if payment.rounding_minor:
        credits.append(
            Posting("rounding.cash", Money(-payment.rounding_minor, payment.currency), tender="CASH")
        )
    post_entry(
        key=f"cashiering.payment:{payment.public_id}",
        facility=payment.facility,
        effective_on=payment.business_on,
        source=("payment", payment.public_id),
        memo=f"Receipt {payment.receipt_number}",
        postings=debits + credits,
        actor=actor,
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
            "rounding": Money(payment.rounding_minor, payment.currency).as_json(),
            "foreign_cash": [one.handed_over.as_json() for one in tenders if one.foreign_currency],
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
