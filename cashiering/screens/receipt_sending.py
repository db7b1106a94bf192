"""Sending a receipt's link to the patient, by e-mail or by text message."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cashiering.commands import ask_receipt_mail, ask_receipt_text
from cashiering.gateways.text_message import has_gateway
from cashiering.models import Payment
from cashiering.queries.payment import payment_shown
from cashiering.queries.receipt_sending import sendings_of
from cashiering.rules.address import masked_address
from cashiering.rules.telephone import is_telephone, masked_telephone
from cashiering.screens.payment import payment_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, screen


@screen("cashiering.view_payment", methods=("GET", "POST"))
def mail(request: Request, public_id: str) -> HttpResponse:
    """Send the link to an address; the patient's own is offered."""

    def ask(payment: Payment) -> str:
        own = payment.patient.email if payment.patient else ""
        address = own if request.POST.get("to") == "file" else request.POST.get("address", "")[:254]
        ask_receipt_mail(payment=payment, address=address, actor=request.user)
        return f"Receipt {payment.receipt_number} goes out by e-mail."

    return _sending(request, public_id, permission="cashiering.mail_receipt", field="address", ask=ask)


@screen("cashiering.view_payment", methods=("GET", "POST"))
def text(request: Request, public_id: str) -> HttpResponse:
    """Send the link to a telephone whose owner agreed; the patient's own number is offered."""

    def ask(payment: Payment) -> str:
        own = payment.patient.phone if payment.patient else ""
        number = own if request.POST.get("to") == "file" else request.POST.get("number", "")[:40]
        ask_receipt_text(
            payment=payment, number=number, has_consent="consent" in request.POST, actor=request.user
        )
        return f"Receipt {payment.receipt_number} goes out by text message."

    return _sending(request, public_id, permission="cashiering.text_receipt", field="number", ask=ask)


def _sending(
    request: Request, public_id: str, *, permission: str, field: str, ask: Callable[[Payment], str]
) -> HttpResponse:
    """GET shows both ways; POST asks for one of them, or shows them again with what was typed.

    field  the one that this way is typed into: it has the cursor after a refusal
    """
    payment = payment_of(request, public_id)
    refusal = ""
    if request.method == "POST":
        if not request.user.has_perm(permission):
            raise PermissionDenied
        try:
            messages.success(request, ask(payment))
            return redirect("cashiering:payment-detail", public_id=public_id)
        except Refusal as refused:
            refusal = str(refused)
    patient = payment.patient
    own = patient.phone if patient else ""
    context = {
        "payment": payment_shown(payment),
        "address_on_file": masked_address(patient.email) if patient else "",
        "number_on_file": masked_telephone(own) if is_telephone(own) else "",
        "number_unfit": masked_telephone(own) if not is_telephone(own) else "",
        "sends_texts": has_gateway(),
        "sendings": sendings_of(payment),
        "typed": request.POST,
        "refusal": refusal,
        "has_errors": bool(refusal),
        "focus": field if refusal else "address",
    }
    return render(request, "cashiering/payment/sending.html", context, status=422 if refusal else 200)
