"""The register: who pays, what is due, how it is paid. One page, three columns."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.queries import (
    Arriving,
    PatientFound,
    alerts_of,
    arrivals_at,
    due_list,
    due_today,
    find_people,
    people_of,
)
from cashiering.commands.register import coin_of
from cashiering.models import Payment, Session, TerminalRequest
from cashiering.queries.cash_currency import CashCurrencyShown, cash_currencies
from cashiering.queries.cheque import blocks_of
from cashiering.queries.keys import keys_of
from cashiering.queries.payment import payment_shown
from cashiering.queries.receipt_print import last_print
from cashiering.queries.session import is_over_limit, session_of, shift_at, unfinished_sale
from cashiering.screens.pay_focus import focus_after
from cashiering.screens.pay_form import PayForm, form_of
from cashiering.screens.pay_intent import answered, line_of
from hms_ach import clock
from hms_ach.money import Money, total
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from ledger.queries import held_for

# As many of today's patients as fit under the search without scrolling.
ARRIVALS = 9
# What another person may agree to here, and the refusals of who was asked to.
_AGREED_TO = (
    "cheque_blocked",
    "drawer_full",
    "desk_code_wrong",
    "desk_code_locked",
    "desk_code_own",
    "agreement_unfit",
)


@screen("cashiering.take_payment")
def register(request: Request) -> HttpResponse:
    """The page itself; a search that finds one person answers with that person."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    text = request.GET.get("q", "").strip()
    found = find_people(text, facility_ids=_here(session)) if text else []
    if len(found) == 1:
        return show(request, session, only=found[0])
    form = _form_of_sale(session, request.GET.get("sale", ""))
    return show(request, session, text=text, found=found, form=form)


def rates_of(session: Session) -> dict[str, CashCurrencyShown]:
    """The foreign currencies that the register takes in cash, by code. One SQL query where there is none."""
    shown = cash_currencies(session.facility, quote=session.currency, on=session.business_on)
    return {one.currency: one for one in shown}


def is_training(request: Request) -> bool:
    """Whether the page is the register in training, of which nothing remains."""
    return request.path.startswith(reverse("cashiering:training"))


def _here_url(request: Request, thing: str = "register") -> str:
    """The address of the register, or of its payments; in training those of the training."""
    if is_training(request):
        code = request.path.removeprefix(reverse("cashiering:training")).partition("/")[0]
        return reverse(f"cashiering:training-{thing}", args=[code])
    return reverse("cashiering:register" if thing == "register" else "cashiering:register-payment")


def _here(session: Session) -> frozenset[int]:
    """Money is taken for the register's own facility."""
    return frozenset([session.facility_id])


def _form_of_sale(session: Session, public_id: str) -> PayForm | None:
    """The payment that an approved card sale is a part of, to go on with; None when none is named."""
    if not public_id:
        return None
    sale = TerminalRequest.objects.filter(
        public_id=public_id, session=session, kind="SALE", state="APPROVED", tender__isnull=True
    ).first()
    if sale is None:
        return None
    given = answered(sale.intent, sale=sale.public_id, currency=sale.currency)
    certain = [line_of(one) for one in given if one.kind != "CARD" or one.terminal_request]
    return form_of({**sale.intent, "lines": certain}, session.currency)


def show(
    request: Request,
    session: Session,
    *,
    text: str = "",
    found: list | None = None,
    only: PatientFound | None = None,
    form: PayForm | None = None,
    refusal: Refusal | str = "",
    receipt: Payment | None = None,
) -> HttpResponse:
    """The page with a payment as typed so far, or a fresh one; with 422 when something was refused."""
    who, invoice = _asked(request, form, only)
    patient = None if receipt else _patient(who, session)
    due = _due(session, patient)
    form = form or _new_form(session, due, invoice)
    changed = _balances_changed(form, due, session.currency)
    if refusal:
        code = getattr(refusal, "code", "")
        form.focus = focus_after(form, refusal=code, takes=session.register.takes)
    context: dict[str, Any] = {
        "session": session,
        "is_training": is_training(request),
        "here": _here_url(request),
        "pay_url": _here_url(request, "payment"),
        "keys": keys_of(session.facility_id),
        "coin": coin_of(session.facility),
        "is_over_limit": is_over_limit(session),
        "shift": shift_at(session, clock.now()),
        "text": text,
        "found": found or [],
        "patient": patient,
        "form": form,
        "changed": changed,
        "refusal": "" if changed and getattr(refusal, "code", "") == "balance_changed" else str(refusal),
        "needs_second": getattr(refusal, "code", "") in _AGREED_TO,
        "has_errors": bool(refusal or form.errors),
        "sale": _sale_beside(session, form),
        "takes": session.register.takes,
        "has_terminal": bool(session.register.terminal_address),
        **(
            _of_patient(session, patient, due, form)
            if patient
            else _of_nobody(request, session, text, receipt)
        ),
    }
    return page(
        request, full="cashiering/register/page.html", context=context, status=422 if refusal else 200
    )


def _asked(request: Request, form: PayForm | None, only: PatientFound | None) -> tuple[str, str]:
    """Whose page it is, and which invoice alone is paid: by form, by the only person found, or by address."""
    if form is not None:
        return form.patient, ""
    if only is not None:
        return str(only.id), str(only.invoice_id or "")
    return request.GET.get("patient", ""), request.GET.get("invoice", "")


def _of_patient(session: Session, patient, due: list, form: PayForm) -> dict[str, Any]:
    rows = [_row(item, form) for item in due]
    unapplied = held_for(patient.public_id, facility_ids=_here(session))
    rates = form.rates or rates_of(session)
    tenders = form.split_off()
    lines = [{"tender": one, "text": line} for one, line in zip(tenders, form.lines, strict=True)]
    owed = _total(rows, session.currency)
    return {
        "alerts": alerts_of(patient.pk),
        "blocks": blocks_of(patient.pk),
        "unapplied": unapplied,
        "visits": arrivals_at(session.facility, on=session.business_on, of=patient.pk),
        "on_account": next((one for one in unapplied if one.currency == session.currency), None),
        "rows": rows,
        "rates": list(rates.values()),
        "lines": lines,
        "split_off": total([one.tendered for one in tenders], session.currency),
        "total": owed,
    }


def _of_nobody(request: Request, session: Session, text: str, rehearsed: Payment | None) -> dict[str, Any]:
    receipt = rehearsed or _receipt(session, request.GET.get("receipt", ""))
    at_desk = [] if text else _at_desk(session)
    arrivals = [] if text else _arrivals(session, at_desk)
    printed = last_print(receipt) if receipt else None
    return {
        "at_desk": at_desk,
        "arrivals": arrivals,
        "receipt": payment_shown(receipt) if receipt else None,
        "print": printed,
        "again": _typed_again(request),
        "is_printing": "print" in request.GET and printed is None,
    }


def _arrivals(session: Session, at_desk: list[Arriving]) -> list:
    """Who owes something today and is not listed as arriving; both lists together have ARRIVALS rows."""
    listed = {one.patient_id for one in at_desk}
    due = due_today(facility_ids=_here(session), today=session.business_on, limit=2 * ARRIVALS)
    return [one for one in due if one.patient_id not in listed][: ARRIVALS - len(at_desk)]


def _at_desk(session: Session) -> list[Arriving]:
    """Who the registration system says is here or comes; whoever paid today here needs the desk no more."""
    paid = Payment.objects.filter(
        facility_id=session.facility_id, business_on=session.business_on, patient_id__isnull=False
    )
    gone = paid.filter(void=None).values_list("patient_id", flat=True)
    return arrivals_at(session.facility, on=session.business_on, gone=list(gone), limit=ARRIVALS)


def _receipt(session: Session, public_id: str) -> Payment | None:
    """The payment just taken, of this facility; None when none is named."""
    if not public_id:
        return None
    return Payment.objects.filter(facility_id=session.facility_id, public_id=public_id).first()


def _typed_again(request: Request) -> list[tuple[str, str]]:
    """What was sent, so that a training receipt can be asked for as a file."""
    sent = request.POST.lists()
    left_out = ("csrfmiddlewaretoken", "as")
    return [(name, value) for name, values in sent if name not in left_out for value in values]


def _due(session: Session, patient) -> list:
    if patient is None:
        return []
    return due_list(patient_id=patient.pk, facility_ids=_here(session), today=session.business_on)


def _patient(text: str, session: Session):
    if not str(text).isdecimal():
        return None
    return people_of(_here(session)).select_related("guarantor").filter(pk=int(text)).first()


def _new_form(session: Session, due: list, invoice: str) -> PayForm:
    """A fresh payment: the invoice asked for, or all that the patient owes; its key is made here."""
    form = PayForm(currency=session.currency, key=f"till_{secrets.token_hex(16)}")
    mine = [item for item in due if item.kind == "PATIENT"]
    wanted = [item for item in due if str(item.invoice_id) == invoice] or mine
    form.chosen = {str(item.invoice_id) for item in wanted}
    return form


@dataclass(frozen=True, slots=True)
class BalanceMoved:
    """An invoice whose balance is not what the cashier was shown."""

    number: str
    old: str
    new: Money


def _balances_changed(form: PayForm, due: list, currency: str) -> list[BalanceMoved]:
    """What moved since the form was shown; an amount that was the old balance becomes the new one."""
    now = {str(item.invoice_id): item for item in due}
    moved = []
    for pk, old in form.seen.items():
        item = now.get(pk)
        new = item.balance if item else Money.zero(currency)
        if str(new) == old:
            continue
        if form.amounts.get(pk) == old:
            form.amounts[pk] = str(new)
        if pk in form.chosen:
            moved.append(BalanceMoved(item.number if item else "An invoice", old, new))
    return moved


def _row(item, form: PayForm) -> dict:
    """One line of the due list with what was typed; amounts and what was seen start at the balance."""
    pk = str(item.invoice_id)
    return {
        "item": item,
        "is_chosen": pk in form.chosen,
        "amount": form.amounts.get(pk) or str(item.balance),
        "error": form.errors.get(f"amount-{pk}", ""),
        "has_focus": form.focus == f"amount-{pk}",
    }


def _total(rows: list[dict], currency: str) -> Money:
    return total([row["item"].balance for row in rows if row["is_chosen"]], currency)


def _sale_beside(session: Session, form: PayForm) -> TerminalRequest | None:
    """A card sale that waits for the cashier, unless it is one of the lines of this payment."""
    lines = {one.terminal_request for one in form.split_off()} if form.lines else set()
    return unfinished_sale(session, besides=lines)
