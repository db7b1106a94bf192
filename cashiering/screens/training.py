"""The register in training: every page says so, and nothing of it remains."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cashiering.commands.training import rehearsal
from cashiering.formats.escpos_receipt import receipt_bytes
from cashiering.models import Payment
from cashiering.queries.payment import payment_shown
from cashiering.reports.receipt import receipt_pdf
from cashiering.screens import pay, register
from cashiering.screens.receipt import download
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen


@screen("cashiering.take_payment")
def training(request: Request) -> HttpResponse:
    """Choose where to train; with one facility there is nothing to choose."""
    places = list(facilities_of(request.user))
    if len(places) == 1:
        return redirect("cashiering:training-register", code=places[0].code)
    return page(request, full="cashiering/training/choice.html", context={"places": places})


@screen("cashiering.take_payment")
def training_register(request: Request, code: str) -> HttpResponseBase:
    """The register page as it is, in training."""
    try:
        with rehearsal(facility=_facility(request, code), actor=request.user):
            return register.register(request)
    except Refusal as refusal:
        return _not_now(request, refusal)


@screen("cashiering.take_payment", methods=("POST",))
def training_payment(request: Request, code: str) -> HttpResponseBase:
    """Take the payment as ever and show its receipt, or send it as a file; then it never was."""
    try:
        with rehearsal(facility=_facility(request, code), actor=request.user) as session:
            answer = pay.pay(request)
            payment = Payment.objects.filter(session=session).first()
            return _file(payment, request.POST.get("as", "")) or answer if payment else answer
    except Refusal as refusal:
        return _not_now(request, refusal)


def _facility(request: Request, code: str) -> Facility:
    return scoped_or_404(Facility.objects.all(), request, facility_path="pk", code=code)


def _file(payment: Payment, form: str) -> HttpResponse | None:
    """The training receipt as a file, when one was asked for."""
    shown = payment_shown(payment)
    if form == "pdf":
        content = receipt_pdf(shown, duplicate=0, is_training=True)
        return download(content, "training.pdf", "application/pdf")
    if form == "escpos":
        content = receipt_bytes(shown, link="", is_training=True)
        return download(content, "training.bin", "application/octet-stream")
    return None


def _not_now(request: Request, refusal: Refusal) -> HttpResponse:
    messages.error(request, f"No training now. {refusal}")
    return redirect("cashiering:my-session")
