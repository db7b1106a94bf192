"""Invoices on screen: the list, one of them, and what can be done with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.commands import cancel_invoice, discard_draft, issue_invoice, lock_invoice, unlock_invoice
from billing.models import Invoice, InvoiceCancellation, InvoiceLock
from billing.queries import InvoiceDetail, invoice_detail, invoices_of
from billing.reports.invoice_pdf import invoice_pdf
from hms_ach import clock
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, offer, page, refuse_on_form, screen
from hms_ach.web.totals import totals_of
from ledger.queries import document_entries

PAGE_SIZE = 50
# What is still owed on an invoice that lives; a draft owes nothing yet.
_TO_PAY = Case(When(state="ISSUED", then=F("total_minor") - F("settled_minor")))


class InvoiceFilter(forms.Form):
    q = forms.CharField(label="Number, MRN or name", required=False, max_length=60)
    state = forms.ChoiceField(choices=[("", "Any state"), *Invoice.State.choices], required=False)
    kind = forms.ChoiceField(
        label="Billed to", choices=[("", "Anybody"), *Invoice.Kind.choices], required=False
    )
    facility = forms.ChoiceField(required=False)
    issued_from = forms.DateField(
        label="Issued from", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    issued_until = forms.DateField(
        label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args, facilities, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "facility", [("", "All"), *((f.code, f.code) for f in facilities)])


class CancelForm(forms.Form):
    reason_code = forms.ChoiceField(label="Reason", choices=InvoiceCancellation.Reason.choices)
    reason = forms.CharField(
        label="What happened", max_length=300, help_text="Kept with the invoice and in the audit trail."
    )


class LockForm(forms.Form):
    reason = forms.CharField(
        max_length=300, help_text="Such as the case number. Kept with the invoice and in the audit trail."
    )


@screen("billing.view_invoice")
def invoice_list(request: Request) -> HttpResponse:
    """Invoices of the person's facilities, newest first. Four SQL queries besides those of the frame."""
    form = InvoiceFilter(request.GET, facilities=facilities_of(request.user))
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _found(invoices_of(facility_ids_of(request.user)), asked).order_by("-id")
    context = {
        "totals": totals_of(_open_to(request, rows), {"Total": "total_minor", "To pay": _TO_PAY}),
        "page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request)),
        "filter_form": form,
        "filters_set": any(asked.values()),
        "may_see_locked": request.user.has_perm("billing.view_locked_invoice"),
    }
    return page(
        request, full="billing/invoice/list.html", fragment="billing/invoice/_table.html", context=context
    )


@screen("billing.view_invoice")
def invoice_screen(request: Request, public_id: str) -> HttpResponse:
    """One invoice: lines with the reasons of their prices, settlements, entries, history."""
    detail = _detail_or_404(request, public_id)
    context = {
        "detail": detail,
        "invoice": detail.invoice,
        "entries": document_entries(
            ("invoice", public_id), *(("charge", each.charge) for each in detail.lines)
        ),
        "is_hidden": detail.is_locked and not request.user.has_perm("billing.view_locked_invoice"),
        "may_issue": request.user.has_perm("billing.issue_invoice"),
        "may_cancel": request.user.has_perm("billing.cancel_invoice"),
    }
    return page(request, full="billing/invoice/detail.html", context=context)


@screen("billing.issue_invoice", methods=["POST"])
def invoice_issuance(request: Request, public_id: str) -> HttpResponse:
    """Number a draft and send it on its way."""
    invoice = _detail_or_404(request, public_id).invoice
    issued = issue_invoice(invoice_id=invoice.pk, on=_business_day(invoice), actor=request.user)
    messages.success(request, f"Invoice {issued.number} was issued.")
    return redirect("billing:invoice-detail", public_id=public_id)


@screen("billing.draft_invoice", methods=["POST"])
def invoice_discard(request: Request, public_id: str) -> HttpResponse:
    """Give up a draft."""
    invoice = discard_draft(invoice_id=_detail_or_404(request, public_id).invoice.pk, actor=request.user)
    messages.success(request, "The draft was discarded; its charges can be billed again.")
    return redirect("billing:patient-detail", public_id=invoice.patient.public_id)


@screen("billing.cancel_invoice", methods=["GET", "POST"])
def invoice_cancellation(request: Request, public_id: str) -> HttpResponse:
    """Ask why, then cancel."""
    detail = _detail_or_404(request, public_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_invoice(
                invoice_id=detail.invoice.pk,
                on=_business_day(detail.invoice),
                actor=request.user,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(
                request, f"Invoice {detail.invoice} was cancelled; its charges can be billed again."
            )
            return redirect("billing:invoice-detail", public_id=public_id)
    context = {
        "form": form,
        "invoice": detail.invoice,
        "back": reverse("billing:invoice-detail", args=[public_id]),
    }
    return page(request, full="billing/invoice/cancel.html", context=context)


@screen("billing.lock_invoice", methods=["GET", "POST"])
def invoice_lock(request: Request, public_id: str) -> HttpResponse:
    """Lock an invoice, or release a locked one, with a reason."""
    detail = _detail_or_404(request, public_id)
    form = LockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = unlock_invoice if detail.is_locked else lock_invoice
        step(invoice_id=detail.invoice.pk, actor=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "The lock was released." if detail.is_locked else "The invoice was locked.")
        return redirect("billing:invoice-detail", public_id=public_id)
    context = {
        "form": form,
        "detail": detail,
        "invoice": detail.invoice,
        "back": reverse("billing:invoice-detail", args=[public_id]),
    }
    return page(request, full="billing/invoice/lock.html", context=context)


@screen("billing.view_invoice")
def invoice_print(request: Request, public_id: str) -> HttpResponse:
    """The invoice as PDF."""
    detail = _detail_or_404(request, public_id)
    if detail.is_locked and not request.user.has_perm("billing.view_locked_invoice"):
        raise Http404
    answer = HttpResponse(invoice_pdf(detail), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{detail.invoice}.pdf"'
    return answer


def _open_to(request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without invoices whose amounts are locked for the person: a sum would tell them."""
    may_see = request.user.has_perm("billing.view_locked_invoice")
    return rows if may_see else rows.exclude(lock_step__isnull=False, lock_step=InvoiceLock.Step.PLACED)


def _found(rows, asked):
    if text := asked.get("q", "").strip():
        rows = (
            rows.filter(number__startswith=text.upper())
            | rows.filter(patient__mrn=text.upper())
            | rows.filter(patient__family_first__startswith=text.lower())
        )
    lookups = {
        "state": "state",
        "kind": "kind",
        "facility": "facility__code",
        "issued_from": "issued_on__gte",
        "issued_until": "issued_on__lte",
    }
    return rows.filter(**{lookup: asked[name] for name, lookup in lookups.items() if asked.get(name)})


def _detail_or_404(request: Request, public_id: str) -> InvoiceDetail:
    detail = invoice_detail(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if detail is None:
        raise Http404
    return detail


def _business_day(invoice: Invoice):
    facility = invoice.facility
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
