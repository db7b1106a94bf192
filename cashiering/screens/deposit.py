"""Deposits: prepare, verify, hand over."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import cancel_deposit, hand_over_deposit, prepare_deposit, verify_deposit
from cashiering.models import Deposit
from cashiering.queries.deposit import custody_of, depositable, deposits_of
from cashiering.queries.safe import safe_currencies
from cashiering.screens.pay_form import typed_money
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from hms_ach.web.totals import totals_of
from ledger.queries import document_entries


class DepositUncounted(Refusal):
    code = "deposit_uncounted"
    status = 422
    sentence = (
        "The sum of the {what} is not written. Count what goes into the bag and write it; 0 where it is none."
    )


@screen("cashiering.view_deposit")
def deposit_list(request: Request) -> HttpResponse:
    """Deposits of the person's facilities, newest first."""
    rows = deposits_of(facility_ids_of(request.user))
    context = {
        "totals": totals_of(rows, {"Total": F("cash_minor") + F("cheques_minor"), "Cash": "cash_minor"}),
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "facilities": [(one, safe_currencies(one)) for one in facilities_of(request.user)],
    }
    return page(
        request,
        full="cashiering/deposit/list.html",
        fragment="cashiering/deposit/_table.html",
        context=context,
    )


@screen("cashiering.prepare_deposit", methods=("GET", "POST"))
def preparation(request: Request, code: str) -> HttpResponse:
    """Choose approved sessions and ticked cheques, count them, seal the bag."""
    facility = scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)
    refusal, currencies = "", safe_currencies(facility)
    asked = request.POST.get("currency") or request.GET.get("currency", "")
    currency = asked if asked in currencies else facility.currency
    if request.method == "POST":
        try:
            deposit = _prepare(request, facility, currency)
            messages.success(request, f"Bag {deposit.bag_number} is sealed. A second person verifies it now.")
            return redirect("cashiering:deposit-detail", public_id=deposit.public_id)
        except Refusal as refused:
            refusal = str(refused)
    here = depositable(facility, currency)
    context = {
        "facility": facility,
        "currency": currency,
        "currencies": currencies,
        "here": here,
        "sessions": [(one, cash, _is_chosen(request, "session", one.pk)) for one, cash in here.sessions],
        "cheques": [(one, _is_chosen(request, "cheque", one.pk)) for one in here.cheques],
        "typed": request.POST,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/deposit/preparation.html", context=context, status=status)


def _is_chosen(request: Request, name: str, pk: int) -> bool:
    """Everything is in the bag at first; after a refusal, what was ticked."""
    return request.method == "GET" or str(pk) in request.POST.getlist(name)


def _prepare(request: Request, facility: Facility, currency: str) -> Deposit:
    return prepare_deposit(
        facility=facility,
        sessions=[int(pk) for pk in request.POST.getlist("session") if pk.isdecimal()],
        cheques=[int(pk) for pk in request.POST.getlist("cheque") if pk.isdecimal()],
        declared_cash=_declared(request, "cash", currency, of="session"),
        declared_cheques=_declared(request, "cheques", currency, of="cheque"),
        bag_number=request.POST.get("bag_number", "")[:40],
        slip_number=request.POST.get("slip_number", "")[:40],
        actor=request.user,
    )


def _declared(request: Request, what: str, currency: str, *, of: str) -> Money:
    """What the preparer counted of one kind; none only where nothing that holds it is chosen.

    Raises DepositUncounted for an empty field: a sum that nobody wrote is unknown, not zero.
    """
    typed = request.POST.get(f"declared_{what}", "").strip()
    if typed:
        return typed_money(typed, currency)
    if request.POST.getlist(of):
        raise DepositUncounted(what=what)
    return Money.zero(currency)


@screen("cashiering.view_deposit")
def deposit_detail(request: Request, public_id: str) -> HttpResponse:
    """One bag: what is in it and who did what."""
    deposit = _deposit(request, public_id)
    context = {
        "deposit": deposit,
        "total_minor": deposit.total_minor,
        "parts": deposit.parts.select_related("session").order_by("session__number", "id"),
        "cheques": deposit.cheques.select_related("payment").order_by("id"),
        "is_own": deposit.prepared_by_id == request.user.pk,
        "custody": custody_of(deposit),
        "entries": document_entries(("deposit", public_id)),
    }
    return page(request, full="cashiering/deposit/detail.html", context=context)


def _deposit(request: Request, public_id: str) -> Deposit:
    return scoped_or_404(deposits_of(facility_ids_of(request.user)), request, public_id=public_id)


@screen("cashiering.verify_deposit", methods=("POST",))
def verification(request: Request, public_id: str) -> HttpResponse:
    """A second person counted the bag."""
    try:
        verify_deposit(deposit=_deposit(request, public_id), actor=request.user)
        messages.success(request, "The bag is verified. It may be handed to the courier.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:deposit-detail", public_id=public_id)


@screen("cashiering.cancel_deposit", methods=("POST",))
def cancellation(request: Request, public_id: str) -> HttpResponse:
    """A bag that does not hold what its slip says is opened again."""
    try:
        cancel_deposit(
            deposit=_deposit(request, public_id),
            reason=request.POST.get("reason", "")[:200],
            actor=request.user,
        )
        messages.success(request, "The bag is opened again. Its cash and cheques wait for another bag.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:deposit-detail", public_id=public_id)


@screen("cashiering.hand_over_deposit", methods=("POST",))
def handover(request: Request, public_id: str) -> HttpResponse:
    """The courier takes the bag."""
    try:
        hand_over_deposit(
            deposit=_deposit(request, public_id),
            courier=request.POST.get("courier", "")[:80],
            actor=request.user,
        )
        messages.success(request, "Handed over. The deposit is in transit.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:deposit-detail", public_id=public_id)
