"""Putting a receipt right: other tenders, or another invoice."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from billing.queries import Laid, invoices_of, settled_by
from cashiering.commands import (
    AllocationAsked,
    TenderGiven,
    ask_card_sale,
    call_terminal,
    correct_tenders,
    reallocate_payment,
    refuse_void,
)
from cashiering.commands.allowed_tender import refuse_not_here
from cashiering.commands.register import till_policy
from cashiering.models import Payment, Session, TerminalRequest
from cashiering.queries.cash_currency import rates_taken
from cashiering.queries.payment import payment_shown
from cashiering.queries.session import session_of
from cashiering.rules.rounding import cash_rounding
from cashiering.rules.tenders import take_tenders
from cashiering.screens.pay import cards_to_ask, done, finish_card_sale
from cashiering.screens.pay_form import TENDERS, PayForm, typed_money
from cashiering.screens.pay_intent import intent_of
from cashiering.screens.payment import payment_of
from cashiering.screens.register import rates_of
from cashiering.screens.second_person import agreed_in
from cashiering.screens.terminal_void import void_cards_of
from hms_ach.access.commands import Agreement
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen

_CHOICES = [
    ("cash", "Cash"),
    ("card", "Card"),
    ("wallet", "Wallet"),
    ("cheque", "Cheque"),
    ("transfer", "Transfer"),
    ("account", "Money on account"),
]


@screen("cashiering.void_payment", methods=("GET", "POST"))
def tender_correction(request: Request, public_id: str) -> HttpResponse:
    """Issue one's own receipt again with the tenders that were really given."""
    payment = payment_of(request, public_id)
    session = session_of(request.user)
    if session is None or payment.session_id != session.pk:
        messages.error(request, "A tender is corrected by its cashier, while the session is open.")
        return redirect("cashiering:payment-detail", public_id=public_id)
    form = PayForm(currency=payment.currency, key=f"till_{secrets.token_hex(16)}")
    rates, refusal = rates_of(session) | rates_taken(payment), ""
    if request.method == "POST":
        form = PayForm.of(request.POST, payment.currency)
        form.rates = rates
        try:
            return _corrected(request, session, payment, form)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "payment": payment_shown(payment),
        "form": form,
        "tenders": [one for one in _CHOICES if TENDERS[one[0]] in session.register.takes],
        "takes": session.register.takes,
        "rates": list(rates.values()),
        "needs_second": payment.total_minor > till_policy(payment.facility_id).void_alone_minor,
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/payment/tender_correction.html", context=context, status=status)


def _corrected(request: Request, session: Session, payment: Payment, form: PayForm) -> HttpResponse:
    form.coin = till_policy(payment.facility_id).cash_coin_minor
    due = Money(payment.total_minor - payment.rounding_minor, payment.currency)
    given = form.tenders(due)
    refuse_not_here(session, [one.kind for one in given])
    if not form.errors:
        take_tenders(due + cash_rounding(due, given, form.coin), given)
    reason = request.POST.get("reason", "")[:200]
    agreed = agreed_in(request)
    refuse_void(payment=payment, reason=reason, actor=request.user, agreed=agreed, action="CORRECTION")
    if cards_to_ask(session, given):
        said = {"payment": payment.public_id, "reason": reason}
        return _by_card(request, session, payment, form, given, said, agreed)
    void_cards_of(request, payment)
    again = correct_tenders(
        payment=payment, tenders=given, reason=reason, key=form.key, actor=request.user, agreed=agreed
    )
    messages.success(request, f"Receipt {payment.receipt_number} is issued again as {again.receipt_number}.")
    return done(request, again)


def _by_card(
    request: Request,
    session: Session,
    payment: Payment,
    form: PayForm,
    given: list[TenderGiven],
    corrects: dict[str, str],
    agreed: Agreement | None,
) -> HttpResponse:
    """Charge the card first; the wrong receipt is voided only when the right money is there."""
    card = cards_to_ask(session, given)[0]
    asked = [AllocationAsked(one.invoice_id, one.amount, one.amount) for one in settled_by(payment.public_id)]
    sale = ask_card_sale(
        session=session,
        amount=given[card].tendered,
        intent=intent_of(
            key=form.key,
            attempt=form.attempt,
            patient=str(payment.patient_id or ""),
            asked=asked,
            given=given,
            prepayment=None,
            card=card,
            is_part=False,
            corrects=corrects,
            agreed=agreed,
        ),
        key=f"{form.key}:card:{form.attempt}:{card}",
        actor=request.user,
    )
    if sale.state == TerminalRequest.State.ASKED:
        sale = call_terminal(sale)
    if sale.state == TerminalRequest.State.DECLINED:
        messages.error(request, f"The card was declined: {sale.message}. The receipt stays as it is.")
        return redirect("cashiering:payment-tender-correction", public_id=payment.public_id)
    return finish_card_sale(request, sale)


@screen("cashiering.reallocate_payment", methods=("GET", "POST"))
def reallocation(request: Request, public_id: str) -> HttpResponse:
    """Lay what a payment paid of one invoice against another, with a reason."""
    payment = payment_of(request, public_id)
    laid = settled_by(payment.public_id)
    typed = {name: request.POST.get(name, "").strip() for name in ("from", "to", "amount", "reason")}
    key, refusal = request.POST.get("key", "")[:80] or f"ral_{secrets.token_hex(16)}", ""
    if request.method == "POST":
        try:
            reallocate_payment(payment=payment, key=key, actor=request.user, **_asked(payment, laid, typed))
            messages.success(request, "The money lies there now. The receipt stays as it was.")
            return redirect("cashiering:payment-detail", public_id=public_id)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "payment": payment_shown(payment),
        "laid": laid,
        "typed": typed,
        "key": key,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/payment/reallocation.html", context=context, status=status)


class InvoiceNotNamed(Refusal):
    code = "invoice_not_named"
    status = 422
    sentence = "There is no invoice {number} here. Copy its number from the bill."


class InvoiceNumberMissing(Refusal):
    code = "invoice_number_missing"
    status = 422
    sentence = "Write the number of the invoice that the money belongs to. It stands on the bill."


def _asked(payment: Payment, laid: list[Laid], typed: dict[str, str]) -> dict[str, Any]:
    """The arguments of reallocate_payment. Raises InvoiceNumberMissing, InvoiceNotNamed or MoneyMalformed."""
    source = next((one for one in laid if one.public_id == typed["from"]), None)
    to = invoices_of([payment.facility_id]).filter(number=typed["to"].upper()).first()
    if not typed["to"]:
        raise InvoiceNumberMissing()
    if source is None or to is None:
        raise InvoiceNotNamed(number=typed["to"][:30] if source else "chosen")
    amount = typed_money(typed["amount"], payment.currency) if typed["amount"] else source.amount
    return {
        "from_invoice": source.invoice_id,
        "to_invoice": to.pk,
        "amount": amount,
        "reason": typed["reason"][:200],
    }
