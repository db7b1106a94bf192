"""A patient's coverages and alerts on screen: a new one, and the end of one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from billing.commands import end_alert, end_coverage, raise_alert, record_coverage
from billing.models import Payer
from billing.screens.patient import patient_or_404
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen

_DAY = {"type": "date"}


class CoverageForm(forms.Form):
    payer = forms.ModelChoiceField(queryset=Payer.objects.filter(is_active=True).order_by("name", "id"))
    member_id = forms.CharField(label="Member id", max_length=40, required=False)
    priority = forms.IntegerField(
        min_value=1, max_value=9, initial=1, help_text="1 pays first, 2 what 1 leaves."
    )
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs=_DAY))
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text="Empty: until further notice.",
    )


class EndForm(forms.Form):
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(attrs=_DAY))


class AlertForm(forms.Form):
    sentence = forms.CharField(
        label="What everybody must know", max_length=200, help_text="Shown to whoever opens the account."
    )


@screen("billing.record_coverage", methods=["GET", "POST"])
def coverage_recording(request: Request, public_id: str) -> HttpResponse:
    """Note that a payer covers the patient."""
    patient = patient_or_404(request, public_id)
    form = CoverageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            record_coverage(
                patient_id=patient.pk, payer_id=asked.pop("payer").pk, actor=request.user, **asked
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal, field=_field(refusal))
        else:
            messages.success(request, "The coverage was recorded.")
            return redirect("billing:patient-detail", public_id=public_id)
    return _form(request, form, "New coverage", public_id)


@screen("billing.record_coverage", methods=["GET", "POST"])
def coverage_end(request: Request, public_id: str, coverage_id: str) -> HttpResponse:
    """Note the last day of a coverage."""
    coverage = get_object_or_404(patient_or_404(request, public_id).coverages, public_id=coverage_id)
    form = EndForm(request.POST or None, initial={"ends_on": coverage.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            end_coverage(coverage_id=coverage.pk, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="ends_on")
        else:
            messages.success(request, "The last day was recorded.")
            return redirect("billing:patient-detail", public_id=public_id)
    return _form(request, form, f"End the coverage with {coverage.payer.name}", public_id)


@screen("billing.raise_alert", methods=["GET", "POST"])
def alert_raising(request: Request, public_id: str) -> HttpResponse:
    """Show a sentence to whoever opens the account."""
    patient = patient_or_404(request, public_id)
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        raise_alert(patient_id=patient.pk, actor=request.user, **form.cleaned_data)
        messages.success(request, "The alert is shown from now on.")
        return redirect("billing:patient-detail", public_id=public_id)
    return _form(request, form, "New alert", public_id)


@screen("billing.raise_alert", methods=["POST"])
def alert_end(request: Request, public_id: str, alert_id: int) -> HttpResponse:
    """Stop showing an alert."""
    alert = get_object_or_404(patient_or_404(request, public_id).alerts, pk=alert_id)
    end_alert(alert_id=alert.pk, actor=request.user)
    messages.success(request, "The alert is not shown any more.")
    return redirect("billing:patient-detail", public_id=public_id)


def _field(refusal: Refusal) -> str | None:
    return {"coverage_ends_too_early": "ends_on", "coverage_overlaps": "priority"}.get(refusal.code)


def _form(request: Request, form: forms.Form, title: str, public_id: str) -> HttpResponse:
    back = reverse("billing:patient-detail", args=[public_id])
    context = {"form": form, "title": title, "back": back, "back_to": "Patient"}
    status = 422 if form.errors else 200
    return page(request, full="form.html", context=context, status=status)
