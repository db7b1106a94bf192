"""Taking the payment that the register shows: at once, tender by tender, by card at the terminal."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cashiering.commands import (
    AllocationAsked,
    TenderGiven,
    ask_card_sale,
    call_terminal,
    correct_tenders,
    take_payment,
)
from cashiering.commands.agreement import beyond_right, refuse_beyond
from cashiering.commands.allowed_tender import refuse_not_here
from cashiering.commands.cash_currency import RateChanged
from cashiering.commands.register import coin_of
from cashiering.models import Payment, Session, TerminalRequest
from cashiering.queries.session import session_of
from cashiering.rules.rounding import cash_rounding
from cashiering.rules.tenders import PaymentEmpty, TendersTooSmall, take_tenders
from cashiering.screens.pay_form import PayForm
from cashiering.screens.pay_intent import agreed_to, answered, intent_of, is_complete, payment_of
from cashiering.screens.receipt import wake_printer
from cashiering.screens.register import is_training, rates_of, show
from cashiering.screens.second_person import agreed_in
from cashiering.screens.terminal_void import void_at_terminal, void_cards_of
from hms_ach.access.commands import Agreement
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, screen

_UNREADABLE = "What is marked below is not right yet. Correct it; then Enter takes the payment."


@screen("cashiering.take_payment", methods=("POST",))
def pay(request: Request) -> HttpResponse:
    """Take the payment as typed; or split a tender off, or take a split one away again."""
    session = session_of(request.user)
    if session is None:
        return redirect("cashiering:my-session")
    form = PayForm.of(request.POST, session.currency)
    form.coin = coin_of(session.facility)
    if form.has_notes:
        form.rates = rates_of(session)
    try:
        if "remove" in request.POST:
            return _without(request, session, form, request.POST["remove"])
        if "split" in request.POST:
            return _split(request, session, form)
        if "spread" in request.POST:
            spread = _spread(form)
            return show(request, session, form=spread, refusal=_UNREADABLE if spread.errors else "")
        return _take(request, session, form)
    except RateChanged as refusal:
        return show(request, session, form=_at_new_rates(form), refusal=refusal)
    except Refusal as refusal:
        return show(request, session, form=form, refusal=refusal)


def _at_new_rates(form: PayForm) -> PayForm:
    """What was split off before at the rates of now; as it was where one of them is not taken any more."""
    try:
        return form.at_new_rates()
    except Refusal:
        return form


def _take(request: Request, session: Session, form: PayForm) -> HttpResponse:
    asked, given, prepayment = form.checked()
    if form.errors:
        return show(request, session, form=form, refusal=_UNREADABLE)
    refuse_not_here(session, [one.kind for one in given])
    agreed = agreed_in(request)
    if cards_to_ask(session, given):
        beyond = beyond_right(session, patient_id=form.patient_id, tenders=given)
        refuse_beyond(session, beyond, agreed=agreed, actor=request.user)
        return _pay_by_card(request, session, form, asked, given, prepayment, is_part=False, agreed=agreed)
    payment = take_payment(
        session=session,
        patient=form.patient_id,
        allocations=asked,
        tenders=given,
        key=form.key,
        actor=request.user,
        prepayment=prepayment,
        agreed=agreed,
    )
    return done(request, payment)


def _split(request: Request, session: Session, form: PayForm) -> HttpResponse:
    """Take what is typed as a part: cards are charged now, all else stands as a line until the end."""
    asked = form.allocations()
    due = form.due(asked)
    given = form.tenders(due)
    if form.errors:
        return show(request, session, form=form, refusal=_UNREADABLE)
    refuse_not_here(session, [one.kind for one in given])
    try:
        take_tenders(due + cash_rounding(due, given, form.coin), given)
    except TendersTooSmall:
        pass  # That is what a part is: the rest follows.
    except PaymentEmpty:
        return show(request, session, form=form, refusal="Type the part that is taken first, then split.")
    if cards_to_ask(session, given):
        return _pay_by_card(request, session, form, asked, given, form.prepayment(), is_part=True)
    return show(request, session, form=form.split(given))


def _spread(form: PayForm) -> PayForm:
    """Lay what is tendered against the chosen invoices in their order; the last gets what is left."""
    asked = form.allocations()
    given = form.tenders(form.due(asked))
    return form if form.errors or not given else form.spread(asked, given)


def _without(request: Request, session: Session, form: PayForm, index: str) -> HttpResponse:
    """Take a split tender away; a card is voided at the terminal first."""
    if not index.isdecimal() or int(index) >= len(form.lines):
        return show(request, session, form=form)
    gone = form.split_off()[int(index)]
    sale = TerminalRequest.objects.filter(public_id=gone.terminal_request, session=session).first()
    if sale is not None:
        undone = void_at_terminal(request, sale)
        if undone.state != TerminalRequest.State.APPROVED:
            said = f"The card sale is not voided: {undone.message}. Try again."
            return show(request, session, form=form, refusal=said)
    lines = [line for at, line in enumerate(form.lines) if at != int(index)]
    return show(request, session, form=replace(form, lines=lines))


def cards_to_ask(session: Session, given: list[TenderGiven]) -> list[int]:
    """Which tenders are cards that the register's terminal has not charged yet."""
    if not session.register.terminal_address:
        return []
    return [at for at, one in enumerate(given) if one.kind == "CARD" and not one.terminal_request]


def _pay_by_card(
    request: Request,
    session: Session,
    form: PayForm,
    asked: list[AllocationAsked],
    given: list[TenderGiven],
    prepayment: Money | None,
    *,
    is_part: bool,
    agreed: Agreement | None = None,
) -> HttpResponse:
    """Record each card sale, call the terminal outside of any transaction, then go on as it answered."""
    approved: list[int] = []
    for at in cards_to_ask(session, given):
        intent = intent_of(
            key=form.key,
            attempt=form.attempt,
            patient=form.patient,
            asked=asked,
            given=given,
            prepayment=prepayment,
            card=at,
            is_part=is_part,
            agreed=agreed,
        )
        sale = ask_card_sale(
            session=session,
            amount=given[at].tendered,
            intent=intent,
            key=f"{form.key}:card:{form.attempt}:{at}",
            actor=request.user,
        )
        if sale.state == TerminalRequest.State.ASKED:
            sale = call_terminal(sale)
        if sale.state == TerminalRequest.State.DECLINED:
            return _declined(request, session, form, [given[n] for n in approved], sale)
        if sale.state != TerminalRequest.State.APPROVED:
            return redirect("cashiering:register")
        given[at] = replace(given[at], terminal_request=sale.public_id)
        approved.append(at)
    return finish_card_sale(request, sale)


def _declined(
    request: Request, session: Session, form: PayForm, charged: list[TenderGiven], sale: TerminalRequest
) -> HttpResponse:
    """Say so, and keep what else was typed; a card that was charged before this one stands as a line."""
    form = replace(form, typed={**form.typed, "card": "", "wallet": ""})
    said = f"The card was declined: {sale.message}. Nothing was charged; take another card or tender."
    if charged:
        form = form.split([*form.split_off(), *charged])
        said = f"The second card was declined: {sale.message}. The first one stands; take another tender."
    return show(request, session, form=replace(form, attempt=form.attempt + 1), refusal=said)


def finish_card_sale(request: Request, sale: TerminalRequest) -> HttpResponse:
    """Book the payment of an approved sale when it is complete; otherwise go on with it."""
    if sale.state != TerminalRequest.State.APPROVED:
        return redirect("cashiering:register")
    given = answered(sale.intent, sale=sale.public_id, currency=sale.currency)
    if not is_complete(sale.intent, given):
        return _go_on(sale)
    try:
        payment = _book(request, sale, given)
    except Refusal as refusal:
        messages.error(request, f"{refusal} The card sale stands: book it otherwise, or void it.")
        return _go_on(sale)
    return done(request, payment)


def _book(request: Request, sale: TerminalRequest, given: list[TenderGiven]) -> Payment:
    """The payment that the sale is a tender of: a new one, or one that is issued again."""
    asked = payment_of(sale.intent, given, currency=sale.currency)
    agreed = agreed_to(sale.intent)
    if "corrects" not in sale.intent:
        return take_payment(session=sale.session_id, actor=request.user, agreed=agreed, **asked)
    corrects = sale.intent["corrects"]
    wrong = Payment.objects.get(public_id=corrects["payment"])
    void_cards_of(request, wrong)
    return correct_tenders(
        payment=wrong,
        tenders=given,
        reason=corrects["reason"],
        key=asked["key"],
        actor=request.user,
        agreed=agreed,
    )


def _go_on(sale: TerminalRequest) -> HttpResponse:
    return redirect(f"{reverse('cashiering:register')}?sale={sale.public_id}")


def done(request: Request, payment: Payment) -> HttpResponse:
    """Show the receipt; it prints now, at the register's printer or else by the browser. Not in training."""
    if is_training(request):
        assert payment.session is not None
        return show(request, payment.session, receipt=payment)
    if payment.session and payment.session.register.printer_address:
        wake_printer(payment)
    return redirect(f"{reverse('cashiering:register')}?receipt={payment.public_id}&print=1")
