"""The register: who pays, what is due, how it is paid. One page, three columns."""

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.queries import due_list, due_today, find_people, people_of
from cashiering.commands import ask_card_sale, call_terminal, take_payment
from cashiering.models import Session, TerminalRequest
from cashiering.queries.payment import payment_shown, payments_of
from cashiering.queries.session import is_over_limit, session_of, unfinished_sale
from cashiering.screens.pay_form import PayForm, intent_of, payment_of
from hms_ach import clock
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from ledger.queries import held_for

# As many of today's patients as fit under the search without scrolling.
ARRIVALS = 9


@screen("cashiering.take_payment")
def register(request: Request) -> HttpResponse:
    """The page itself; a search that finds one person opens that person."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    text = request.GET.get("q", "").strip()
    found = find_people(text, facility_ids=_here(session)) if text else []
    if len(found) == 1:
        only = f"&invoice={found[0].invoice_id}" if found[0].invoice_id else ""
        return redirect(f"{reverse('cashiering:register')}?patient={found[0].id}{only}")
    return _show(request, session, text=text, found=found)


def _here(session: Session) -> frozenset[int]:
    """Money is taken for the register's own facility."""
    return frozenset([session.facility_id])


def _show(
    request: Request,
    session: Session,
    *,
    text: str = "",
    found: list | None = None,
    form: PayForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    patient_id = form.patient if form else request.GET.get("patient", "")
    patient = _patient(patient_id, session)
    due = (
        due_list(patient_id=patient.pk, facility_ids=_here(session), today=session.business_on)
        if patient
        else []
    )
    form = form or _new_form(session, due, request.GET.get("invoice", ""))
    rows = [_row(item, form) for item in due]
    receipt = payments_of(_here(session)).filter(public_id=request.GET.get("receipt", "")).first()
    context = {
        "session": session,
        "is_over_limit": is_over_limit(session),
        "text": text,
        "found": found or [],
        "arrivals": [] if patient or text else _arrivals(session),
        "patient": patient,
        "unapplied": held_for(patient.public_id, facility_ids=_here(session)) if patient else [],
        "rows": rows,
        "form": form,
        "has_errors": bool(refusal or form.errors),
        "total": _total(rows, session.currency),
        "refusal": refusal,
        "sale": unfinished_sale(session),
        "receipt": payment_shown(receipt) if receipt and not patient else None,
        "has_terminal": bool(session.register.terminal_address),
        "now": clock.now(),
    }
    return page(
        request, full="cashiering/register/page.html", context=context, status=422 if refusal else 200
    )


def _arrivals(session: Session) -> list:
    """Who has something to pay today, as many as the column holds."""
    return due_today(facility_ids=_here(session), today=session.business_on, limit=ARRIVALS)


def _patient(text: str, session: Session):
    if not str(text).isdecimal():
        return None
    return people_of(_here(session)).filter(pk=int(text)).first()


def _new_form(session: Session, due: list, invoice: str) -> PayForm:
    """A fresh payment: the invoice asked for, or all that the patient owes; its key is made here."""
    form = PayForm(currency=session.currency, key=f"till_{secrets.token_hex(16)}")
    mine = [item for item in due if item.kind == "PATIENT"]
    wanted = [item for item in due if str(item.invoice_id) == invoice] or mine
    form.chosen = {str(item.invoice_id) for item in wanted}
    return form


def _row(item, form: PayForm) -> dict:
    """One line of the due list with what was typed; amounts and what was seen start at the balance."""
    pk = str(item.invoice_id)
    return {
        "item": item,
        "is_chosen": pk in form.chosen,
        "amount": form.amounts.get(pk) or str(item.balance),
        "error": form.errors.get(f"amount-{pk}", ""),
    }


def _total(rows: list[dict], currency: str) -> Money:
    return total([row["item"].balance for row in rows if row["is_chosen"]], currency)


@screen("cashiering.take_payment", methods=("POST",))
def pay(request: Request) -> HttpResponse:
    """Take the payment as typed; a card goes to the terminal first."""
    session = session_of(request.user)
    if session is None:
        return redirect("cashiering:my-session")
    form = PayForm.of(request.POST, session.currency)
    try:
        asked, given, prepayment = form.checked()
        if form.errors:
            return _show(request, session, form=form, refusal="An amount cannot be read. Correct it below.")
        if any(one.kind == "CARD" for one in given) and session.register.terminal_address:
            return _pay_by_card(request, session, form, intent_of(form, asked, given, prepayment))
        payment = take_payment(
            session=session,
            patient=int(form.patient) if form.patient.isdecimal() else None,
            allocations=asked,
            tenders=given,
            key=form.key,
            actor=request.user,
            prepayment=prepayment,
        )
    except Refusal as refusal:
        return _show(request, session, form=form, refusal=str(refusal))
    return _done(payment)


def _pay_by_card(request: Request, session: Session, form: PayForm, intent: dict) -> HttpResponse:
    """Record the sale, call the terminal outside of any transaction, then finish as it answered."""
    amount = next(text for kind, text, *_rest in intent["tenders"] if kind == "CARD")
    sale = ask_card_sale(
        session=session,
        amount=Money.parse(amount, session.currency),
        intent=intent,
        key=f"{form.key}:card",
        actor=request.user,
    )
    if sale.state == TerminalRequest.State.ASKED:
        sale = call_terminal(sale)
    if sale.state == TerminalRequest.State.DECLINED:
        form.key = f"till_{secrets.token_hex(16)}"
        said = f"The card was declined: {sale.message}. Nothing was charged; take another card or tender."
        return _show(request, session, form=form, refusal=said)
    return finish_card_sale(request, sale)


def finish_card_sale(request: Request, sale: TerminalRequest) -> HttpResponse:
    """Book the payment of an approved sale; otherwise go back to the page, which shows the sale."""
    if sale.state != TerminalRequest.State.APPROVED:
        return redirect("cashiering:register")
    asked = payment_of(sale.intent, sale=sale.public_id, currency=sale.currency)
    try:
        payment = take_payment(session=sale.session_id, actor=request.user, **asked)
    except Refusal as refusal:
        messages.error(request, f"{refusal} The card sale stands: void it at the terminal below.")
        return redirect("cashiering:register")
    return _done(payment)


def _done(payment) -> HttpResponse:
    return redirect(f"{reverse('cashiering:register')}?receipt={payment.public_id}")
