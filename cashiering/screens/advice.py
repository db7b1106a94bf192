"""Advices: what insurers, the bank and our own ACH files announce, and whether the bank has shown it."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.functions import Greatest, Least
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import take_advice_file, withdraw_advice
from cashiering.models import Advice
from cashiering.queries.advice import LATE, advices_found, advices_of, is_late, late_remittances
from cashiering.reports.late_remittance import late_remittance_pdf
from cashiering.rules.advice import window_of
from cashiering.rules.bank_state import BANK_STATES
from cashiering.screens.receipt import download
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, refuse_on_form, scoped_or_404, screen
from hms_ach.web.states import word_of
from hms_ach.web.totals import totals_of


class UploadForm(forms.Form):
    facility = forms.ModelChoiceField(queryset=Facility.objects.none(), empty_label="Choose")
    file = forms.FileField(
        label="The file",
        help_text="Remittances (835), an ACH file that went to the bank, or the bank's file of returns.",
    )

    def __init__(self, data, files, facility_ids) -> None:
        super().__init__(data, files)
        chooser = self.fields["facility"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = Facility.objects.filter(pk__in=facility_ids).order_by("name", "id")


@screen("cashiering.view_advice")
def advice_list(request: Request) -> HttpResponse:
    """What was announced for the person's facilities, the newest first."""
    asked = {
        "kind": asked_one_of(request, "kind", Advice.Kind.values),
        "state": asked_one_of(request, "state", (*BANK_STATES, LATE)),
    }
    text = request.GET.get("q", "").strip()
    rows = advices_found(facility_ids_of(request.user), text=text, **asked)
    if asked["state"] == LATE:
        rows = late_remittances(rows, today=_today(request))
    context = {
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "totals": totals_of(
            rows,
            {
                "To come in": Greatest(F("amount_minor"), 0),
                "To go out": Least(F("amount_minor"), 0),
            },
        ),
        "kinds": Advice.Kind.choices,
        "states": [(state, word_of(state)) for state in (*BANK_STATES, LATE)],
        "q": text,
        "is_set": bool(text or any(asked.values())),
        **asked,
    }
    return page(
        request, full="cashiering/advice/list.html", fragment="cashiering/advice/_table.html", context=context
    )


@screen("cashiering.view_advice")
def advice_detail(request: Request, public_id: str) -> HttpResponse:
    """One advice: who announced it, in which file, and what became of it."""
    row = _advice(request, public_id)
    window = window_of(row.kind, row.expected_on, method=row.method)
    is_overdue = is_late(row, today=clock.today(row.facility.timezone))
    context = {"row": row, "window": window, "is_late": is_overdue}
    return page(request, full="cashiering/advice/detail.html", context=context)


@screen("cashiering.view_advice")
def letter(request: Request, public_id: str) -> HttpResponse:
    """The letter that asks an insurer where the money of a late remittance is, as a PDF."""
    row = _advice(request, public_id)
    today = clock.today(row.facility.timezone)
    if not is_late(row, today=today):
        messages.error(request, "It is not late: only a remittance whose money did not come is asked after.")
        return redirect("cashiering:advice-detail", public_id=public_id)
    return download(late_remittance_pdf(row, today=today), f"late-{row.public_id}.pdf", "application/pdf")


def _today(request: Request) -> date:
    """Today where the person works; where that is in several zones, in the first facility's."""
    first = Facility.objects.filter(pk__in=facility_ids_of(request.user)).order_by("id").first()
    return clock.today(first.timezone if first else "UTC")


@screen("cashiering.record_advice", methods=("GET", "POST"))
def upload(request: Request) -> HttpResponse:
    """Take in what a file announces: all of it, or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None, facility_ids_of(request.user))
    context: dict[str, Any] = {"form": form, "findings": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = take_advice_file(
                content=file, name=file.name, facility=form.cleaned_data["facility"], actor=request.user
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            context["findings"] = getattr(refusal, "findings", ())
        else:
            new = len(taken.advices) - taken.known
            messages.success(request, f"{new} announced; {taken.known} were here before.")
            for finding in taken.findings[:5]:
                messages.warning(request, f"Line {finding.line}: {finding.value} {finding.problem}.")
            return redirect("cashiering:advice-list")
    status = 422 if form.errors else 200
    return page(request, full="cashiering/advice/upload.html", context=context, status=status)


@screen("cashiering.withdraw_advice", methods=("POST",))
def withdrawal(request: Request, public_id: str) -> HttpResponse:
    """The bank will not show it."""
    try:
        row = _advice(request, public_id)
        withdraw_advice(advice=row.pk, reason=request.POST.get("reason", ""), actor=request.user)
        messages.success(request, "Withdrawn. The bank is not expected to show it any more.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:advice-detail", public_id=public_id)


def _advice(request: Request, public_id: str) -> Advice:
    return scoped_or_404(advices_of(facility_ids_of(request.user)), request, public_id=public_id)
