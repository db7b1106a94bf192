"""Payments: the list, one payment, its receipt on paper, its void."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cashiering.commands import (
    approve_void,
    query_terminal,
    refuse_void,
    refuse_void_approval,
    reprint_receipt,
    request_void,
    void_payment,
)
from cashiering.models import Payment, TerminalRequest
from cashiering.queries.payment import payment_shown, payments_of
from cashiering.reports.receipt import receipt_bytes, receipt_pdf
from cashiering.screens.terminal_request import void_at_terminal
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen


@screen("cashiering.view_payment")
def payment_list(request: Request) -> HttpResponse:
    """Payments of the person's facilities, newest first; by receipt number or MRN."""
    rows = payments_of(facility_ids_of(request.user))
    text = request.GET.get("q", "").strip()
    if text:
        by_receipt = rows.filter(receipt_number__startswith=text.upper())
        rows = by_receipt if by_receipt.exists() else rows.filter(patient__mrn=text.upper())
    context = {"page": Paginator(rows, 50).get_page(request.GET.get("page")), "q": text}
    return page(
        request,
        full="cashiering/payment/list.html",
        fragment="cashiering/payment/_table.html",
        context=context,
    )


@screen("cashiering.view_payment")
def payment_detail(request: Request, public_id: str) -> HttpResponse:
    """One payment with what may be done to it."""
    shown = payment_shown(_payment(request, public_id))
    context = {"payment": shown, "is_own": shown.cashier_id == request.user.pk}
    return page(request, full="cashiering/payment/detail.html", context=context)


def _payment(request: Request, public_id: str) -> Payment:
    return scoped_or_404(payments_of(facility_ids_of(request.user)), request, public_id=public_id)


@screen("cashiering.void_payment", methods=("POST",))
def voidance(request: Request, public_id: str) -> HttpResponse:
    """Void one's own payment; above the limit, ask a head cashier to."""
    payment = _payment(request, public_id)
    reason = request.POST.get("reason", "")[:200]
    try:
        refuse_void(payment=payment, reason=reason, actor=request.user)
        _void_cards(request, payment)
        void_payment(payment=payment, reason=reason, actor=request.user)
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
    payment = _payment(request, public_id)
    try:
        refuse_void_approval(payment=payment, actor=request.user)
        _void_cards(request, payment)
        approve_void(payment=payment, actor=request.user)
        messages.success(request, f"Receipt {payment.receipt_number} is voided.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:payment-detail", public_id=public_id)


def _void_cards(request: Request, payment: Payment) -> None:
    """Void the payment's card sales at their terminal before the payment itself."""
    sales = TerminalRequest.objects.filter(tender__payment=payment).select_related("register", "asked_by")
    for sale in sales.order_by("id"):
        undone = void_at_terminal(request, sale, payment)
        if undone.state == TerminalRequest.State.UNKNOWN:
            query_terminal(undone)


@screen("cashiering.view_payment", methods=("GET", "POST"))
def receipt(request: Request, public_id: str) -> HttpResponse:
    """The receipt for printing. GET shows the original; POST makes a numbered duplicate."""
    payment = _payment(request, public_id)
    if request.method == "POST":
        if not request.user.has_perm("cashiering.reprint_receipt"):
            raise PermissionDenied
        duplicate = reprint_receipt(payment=payment, actor=request.user).number
        return redirect(f"{request.path}?duplicate={duplicate}")
    context = {"payment": payment_shown(payment), "duplicate": _duplicate(request, payment)}
    return render(request, "cashiering/payment/receipt.html", context)


@screen("cashiering.view_payment")
def pdf(request: Request, public_id: str) -> HttpResponse:
    """The receipt as a PDF."""
    payment = _payment(request, public_id)
    content = receipt_pdf(payment_shown(payment), duplicate=_duplicate(request, payment))
    return _download(content, f"{payment.receipt_number}.pdf", "application/pdf")


@screen("cashiering.view_payment")
def escpos(request: Request, public_id: str) -> HttpResponse:
    """The receipt as ESC/POS bytes for an 80 mm printer."""
    payment = _payment(request, public_id)
    content = receipt_bytes(payment_shown(payment), duplicate=_duplicate(request, payment))
    return _download(content, f"{payment.receipt_number}.bin", "application/octet-stream")


def _duplicate(request: Request, payment: Payment) -> int:
    """The duplicate asked for, when it was made; otherwise the newest one, 0 for the original."""
    asked = request.GET.get("duplicate", "")
    made = list(payment.reprints.order_by("number").values_list("number", flat=True))
    return int(asked) if asked.isdecimal() and int(asked) in made else (made[-1] if made else 0)


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
