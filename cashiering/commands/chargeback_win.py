"""A chargeback that was won: what it had opened is paid again, and the bank's credit is awaited."""

from datetime import date

from django.db import transaction
from django.db.models import F

from billing.commands import settle_invoice
from billing.queries import open_again
from cashiering.commands.credit import ROLE, account_posting
from cashiering.commands.locks import lock_payment
from cashiering.commands.payment_return import reason_of
from cashiering.commands.reported_return import hold_reported, note_return, reject_reported
from cashiering.models import ChargebackWin, Credit, PaymentReturn, PaymentVoid
from hms_ach import clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry
from ledger.queries import document_entries, entry_detail

SUSPENSE = "suspense.unidentified"


class NotWinnable(Refusal):
    code = "not_winnable"
    sentence = "Only a confirmed chargeback of a card sale is won, and only once. Look at its page."


class ChargebackWinMalformed(Refusal):
    code = "chargeback_win_malformed"
    status = 422
    sentence = "{problem}."


class ChargebackWinDecided(Refusal):
    code = "chargeback_win_decided"
    sentence = "It is decided already: {state}. Refresh the page."


class ChargebackWinBySamePerson(Refusal):
    code = "chargeback_win_by_same_person"
    status = 403
    sentence = "You reported that it was won; another person must confirm it."


@transaction.atomic
def report_chargeback_win(
    *,
    chargeback: PaymentReturn | int,
    won_on: date,
    actor: User,
    amount: Money | None = None,
    note: str = "",
    bank_reference: str = "",
) -> ChargebackWin:
    """Say that a processor gives a chargeback back. Nothing moves before it is confirmed.

    amount          perhaps a part; None for all of it
    won_on          the processor's day
    bank_reference  as the bank's line quotes it; empty where it quotes the chargeback's own case

    Raises NotWinnable or ChargebackWinMalformed.
    """
    rows = PaymentReturn.objects.select_related("payment__facility", "tender", "facility")
    found = rows.get(pk=getattr(chargeback, "pk", chargeback))
    lock_payment(found.payment)
    found.refresh_from_db(fields=["state", "won_on"])
    is_open = found.tender.kind == "CARD" and found.state == PaymentReturn.State.CONFIRMED
    if not is_open or found.wins.exclude(state=ChargebackWin.State.REJECTED).exists():
        raise NotWinnable()
    most = Money(found.amount_minor, found.currency)
    amount = most if amount is None else amount
    if amount.currency != most.currency or not 0 < amount.minor <= most.minor:
        raise ChargebackWinMalformed(problem=f"Give an amount above zero, up to {most.in_words()}")
    today = clock.today(found.facility.timezone)
    if not found.returned_on <= won_on <= today:
        raise ChargebackWinMalformed(
            problem=f"Give a day from {found.returned_on}, the chargeback's, to {today}"
        )
    win = ChargebackWin.objects.create(
        chargeback=found,
        payment=found.payment,
        facility=found.facility,
        currency=found.currency,
        amount_minor=amount.minor,
        note=note.strip()[:200],
        bank_reference=bank_reference.strip()[:60],
        won_on=won_on,
        reported_by=actor,
        reported_at=clock.now(),
    )
    note_return("report_chargeback_win", win, actor)
    return win


@transaction.atomic
def confirm_chargeback_win(*, win: ChargebackWin | int, actor: User) -> ChargebackWin:
    """Pay again what the chargeback had opened: its invoices, then the patient's account.

    What others paid meanwhile lies in suspense under the win's name, for two people to place. By another
    person than who reported it. The bank's credit is awaited from now on. Raises ChargebackWinDecided or
    ChargebackWinBySamePerson. Emits `chargeback.won`, and `invoice.paid` where one is paid by it.
    """
    found = _locked(win, actor)
    facility, amount = found.facility, Money(found.amount_minor, found.currency)
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    credits, left = _pay_again(found, amount, on=today, actor=actor)
    if left:
        credits.append(Posting(SUSPENSE, -left, reference=found.public_id))
    post_entry(
        key=f"cashiering.chargeback_win:{found.public_id}",
        facility=facility,
        effective_on=today,
        source=("chargeback_win", found.public_id),
        memo=f"Chargeback won, receipt {found.payment.receipt_number}",
        postings=[Posting("card.clearing", amount, reference=found.public_id, tender="CARD"), *credits],
        actor=actor,
    )
    found.state, found.business_on, found.suspense_minor = ChargebackWin.State.CONFIRMED, today, left.minor
    found.decided_by, found.decided_at = actor, clock.now()
    found.save(update_fields=["state", "business_on", "suspense_minor", "decided_by", "decided_at"])
    if amount.minor == found.chargeback.amount_minor:
        PaymentReturn.objects.filter(pk=found.chargeback_id).update(won_on=found.won_on)
    note_return("confirm_chargeback_win", found, actor)
    outbox.record("chargeback.won", subject=found.public_id, facility=facility, data=_told(found))
    return found


@transaction.atomic
def reject_chargeback_win(*, win: ChargebackWin | int, actor: User) -> ChargebackWin:
    """Say that it was not won after all. Raises as confirm_chargeback_win does."""
    return reject_reported(_locked(win, actor), actor, action="reject_chargeback_win")


def _pay_again(win: ChargebackWin, amount: Money, *, on: date, actor: User) -> tuple[list[Posting], Money]:
    """The credits, and what is left: nothing is laid where the receipt was voided since."""
    payment = win.payment
    if PaymentVoid.objects.filter(payment=payment).exists():
        return [], amount
    postings, left = [], amount
    for each in open_again(payment.public_id, reason=reason_of(win.chargeback)):
        part = min(left, each.amount)
        if part:
            settled = settle_invoice(
                invoice_id=each.invoice_id, amount=part, source=payment.public_id, on=on, actor=actor
            )
            postings.append(settled.credit)
            left -= part
    kept = _to_account(win, left)
    if kept:
        postings.append(account_posting(payment, -kept.minor))
    return postings, left - kept


def _to_account(win: ChargebackWin, most: Money) -> Money:
    """What goes back on account: as much as the chargeback took from there, not what the patient used."""
    [entry] = document_entries(("payment_return", win.chargeback.public_id))
    detail = entry_detail(public_id=entry.row.public_id, facility_ids=[win.facility_id])
    assert detail is not None
    part = min(most, total([line.amount for line in detail.lines if line.role == ROLE], most.currency))
    if part:
        Credit.objects.filter(payment=win.payment).update(used_minor=F("used_minor") - part.minor)
    return part


def _locked(win: ChargebackWin | int, actor: User) -> ChargebackWin:
    rows = ChargebackWin.objects.select_related("payment", "chargeback", "facility")
    found = rows.get(pk=getattr(win, "pk", win))
    return hold_reported(found, actor, decided=ChargebackWinDecided, own=ChargebackWinBySamePerson())


def _told(found: ChargebackWin) -> dict:
    return {
        "payment": found.payment.public_id,
        "receipt_number": found.payment.receipt_number,
        "chargeback": found.chargeback.public_id,
        "amount": Money(found.amount_minor, found.currency).as_json(),
        "in_suspense": Money(found.suspense_minor, found.currency).as_json(),
        "won_on": found.won_on.isoformat(),
        "bank_reference": found.bank_reference,
    }
