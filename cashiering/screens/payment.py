"""Payments: the list, one payment, its receipt on paper, its void."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import (
    approve_void,
    refuse_void,
    refuse_void_approval,
    request_void,
    void_payment,
)
from cashiering.commands.register import till_policy
from cashiering.models import Payment
from cashiering.queries.payment import payment_shown, payments_of, state_of
from cashiering.queries.receipt_sending import sendings_of, unsent_receipts
from cashiering.queries.remedy import remedies_for
from cashiering.screens.second_person import agreed_in
from cashiering.screens.terminal_void import void_cards_of
from cashiering.screens.till_total import till_totals
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries


@screen("cashiering.view_payment")
def payment_list(request: Request) -> HttpResponse:
    """Payments of the person's facilities, newest first; by receipt number or MRN, or those not sent."""
    facility_ids = facility_ids_of(request.user)
    rows = payments_of(facility_ids)
    if "unsent" in request.GET:
        rows = rows.filter(pk__in=unsent_receipts(facility_ids).values("pk"))
    text = request.GET.get("q", "").strip()
    if text:
        by_receipt = rows.filter(receipt_number__startswith=text.upper())
        rows = by_receipt if by_receipt.exists() else rows.filter(patient__mrn=text.upper())
    listed = Paginator(rows, 50).get_page(asked_page(request))
    context = {
        "totals": till_totals(
            request.user,
            rows,
            {"Taken": "total_minor", "Voided": Case(When(void__isnull=False, then=F("total_minor")))},
        ),
        "page": listed,
        "rows": [(row, state_of(row)) for row in listed],
        "q": text,
        "unsent": "unsent" in request.GET,
    }
    return page(
        request,
        full="cashiering/payment/list.html",
        fragment="cashiering/payment/_table.html",
        context=context,
    )


@screen("cashiering.view_payment")
def payment_detail(request: Request, public_id: str) -> HttpResponse:
    """One payment with what may be done to it."""
    payment = payment_of(request, public_id)
    shown = payment_shown(payment)
    context = {
        "payment": shown,
        "is_own": shown.cashier_id == request.user.pk,
        "needs_second": payment.total_minor > till_policy(payment.facility_id).void_alone_minor,
        "sendings": sendings_of(payment),
        "remedies": remedies_for(payment, request.user),
        "entries": document_entries(
            ("payment", public_id),
            ("payment_void", public_id),
            *(("reallocation", moved.public_id) for moved in payment.reallocations.all()),
        ),
    }
    return page(request, full="cashiering/payment/detail.html", context=context)


def payment_of(request: Request, public_id: str) -> Payment:
    return scoped_or_404(payments_of(facility_ids_of(request.user)), request, public_id=public_id)


@screen("cashiering.void_payment", methods=("POST",))
def voidance(request: Request, public_id: str) -> HttpResponse:
    """Void one's own payment; above the limit, ask a head cashier to."""
    payment = payment_of(request, public_id)
    reason = request.POST.get("reason", "")[:200]
    try:
        agreed = agreed_in(request)
        refuse_void(payment=payment, reason=reason, actor=request.user, agreed=agreed)
        void_cards_of(request, payment)
        void_payment(payment=payment, reason=reason, actor=request.user, agreed=agreed)
        messages.success(request, f"Receipt {payment.receipt_number} is voided.")
    except Refusal as refusal:
        say = messages.error
        if refusal.code == "void_needs_second_person":
            request_void(payment=payment, reason=reason, actor=request.user)
            say = messages.warning
        say(request, str(refusal))
    return redirect("cashiering:payment-detail", public_id=public_id)


@screen("cashiering.approve_void", methods=("POST",))
def void_approval(request: Request, public_id: str) -> HttpResponse:
    """Approve the void that a cashier asked for."""
    payment = payment_of(request, public_id)
    try:
        refuse_void_approval(payment=payment, actor=request.user)
        void_cards_of(request, payment)
        approve_void(payment=payment, actor=request.user)
        messages.success(request, f"Receipt {payment.receipt_number} is voided.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:payment-detail", public_id=public_id)
