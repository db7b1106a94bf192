"""A receipt: on screen, on paper, and for whoever holds its link."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cashiering.commands import reprint_receipt
from cashiering.formats.escpos_receipt import receipt_bytes
from cashiering.models import Payment
from cashiering.queries.payment import payment_shown
from cashiering.queries.receipt_link import payment_of_link, receipt_link
from cashiering.queries.receipt_print import last_print
from cashiering.queries.session import session_of
from cashiering.reports.receipt import receipt_pdf
from cashiering.screens.payment import payment_of
from cashiering.tasks import sweep_receipt_prints
from hms_ach.web import Request, screen


@screen("cashiering.view_payment", methods=("GET", "POST"))
def receipt(request: Request, public_id: str) -> HttpResponse:
    """The receipt for printing. GET shows it; POST makes a numbered duplicate.

    The duplicate also goes to the printer of the register that the person works at, if it has one.
    """
    payment = payment_of(request, public_id)
    if request.method == "POST":
        if not request.user.has_perm("cashiering.reprint_receipt"):
            raise PermissionDenied
        session = session_of(request.user)
        register = session.register if session else None
        duplicate = reprint_receipt(payment=payment, actor=request.user, register=register).number
        wake_printer(payment)
        return redirect(f"{request.path}?duplicate={duplicate}&print=1")
    printed = last_print(payment)
    context = {
        "payment": payment_shown(payment),
        "duplicate": _duplicate(request, payment),
        "print": printed,
        "is_printing": "print" in request.GET and printed is None,
    }
    return render(request, "cashiering/payment/receipt.html", context)


def wake_printer(payment: Payment) -> None:
    """Have a worker print now what this receipt is owed; if that is lost, the timed sweep does."""
    if payment.prints.filter(next_try_at__isnull=False).exists():
        transaction.on_commit(sweep_receipt_prints.delay, robust=True)


@screen("cashiering.view_payment")
def pdf(request: Request, public_id: str) -> HttpResponse:
    """The receipt as a PDF."""
    payment = payment_of(request, public_id)
    content = receipt_pdf(payment_shown(payment), duplicate=_duplicate(request, payment))
    return download(content, f"{payment.receipt_number}.pdf", "application/pdf")


@screen("cashiering.view_payment")
def escpos(request: Request, public_id: str) -> HttpResponse:
    """The receipt as ESC/POS bytes for an 80 mm printer."""
    payment = payment_of(request, public_id)
    duplicate = _duplicate(request, payment)
    content = receipt_bytes(payment_shown(payment), link=receipt_link(payment), duplicate=duplicate)
    return download(content, f"{payment.receipt_number}.bin", "application/octet-stream")


def _duplicate(request: Request, payment: Payment) -> int:
    """The duplicate asked for, when it was made; otherwise the newest one, 0 for the original."""
    asked = request.GET.get("duplicate", "")
    made = list(payment.reprints.order_by("number").values_list("number", flat=True))
    return int(asked) if asked.isdecimal() and int(asked) in made else (made[-1] if made else 0)


def download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


@require_safe
def open_receipt(request: HttpRequest, public_id: str, mark: str) -> HttpResponse:
    """The receipt for whoever holds its link: what was paid and how, and nothing of who."""
    payment = payment_of_link(public_id, mark)
    if payment is None:
        raise Http404
    context = {"payment": payment_shown(payment), "is_open": True}
    response = render(request, "cashiering/payment/open.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
