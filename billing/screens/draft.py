"""Drafting an invoice for a patient: charges that wait, and services added now."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.commands import Line, Party, bill_services
from billing.models import Invoice, Payer, Service
from billing.queries import billable_charges
from billing.screens.patient import patient_or_404
from hms_ach import clock
from hms_ach.access.queries import facilities_of, facility_by_code, facility_ids_of
from hms_ach.money import CURRENCIES
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen

ROWS = 5
MOST_ROWS = 50


class DraftForm(forms.Form):
    facility = forms.ChoiceField()
    kind = forms.ChoiceField(label="Bill to", choices=Invoice.Kind.choices)
    payer = forms.ModelChoiceField(
        queryset=Payer.objects.filter(is_active=True).order_by("name", "id"),
        required=False,
        empty_label="No payer: the patient or guarantor",
        help_text="Needed for insurer and third-party invoices.",
    )
    currency = forms.CharField(max_length=3, required=False, help_text="Empty: the facility's own.")
    charges = forms.MultipleChoiceField(
        label="Charges waiting", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, facilities, charges, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "facility", [(f.code, f.name) for f in facilities])
        offer(
            self,
            "charges",
            [
                (
                    row.id,
                    f"{row.service_code} {row.service_name}, {row.service_on}, {row.left.in_words()}",
                )
                for row in charges
            ],
        )

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].strip().upper()
        if currency and currency not in CURRENCIES:
            raise forms.ValidationError("Write an ISO 4217 code such as USD.")
        return currency


class LineForm(forms.Form):
    service = forms.CharField(
        label="Service", max_length=20, widget=forms.TextInput(attrs={"list": "services"})
    )
    quantity = forms.IntegerField(min_value=1, max_value=1_000_000, initial=1)
    service_on = forms.DateField(label="Service date", widget=forms.DateInput(attrs={"type": "date"}))

    def has_changed(self) -> bool:
        """A row counts once a service is typed in; the date it suggests is nobody's input."""
        return bool(self.data.get(self.add_prefix("service"), "").strip())

    def clean_service(self) -> str:
        """The code alone, should "code name" have been taken over from the suggestions."""
        return self.cleaned_data["service"].split(" ")[0]


LineForms = forms.formset_factory(LineForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


@screen("billing.draft_invoice", methods=["GET", "POST"])
def invoice_draft(request: Request, public_id: str) -> HttpResponse:
    """Choose charges, add services, and draft. `?rows=20` gives more rows to type in."""
    patient = patient_or_404(request, public_id)
    facilities = facilities_of(request.user)
    waiting = billable_charges(patient, facility_ids=facility_ids_of(request.user))
    form = DraftForm(request.POST or None, facilities=facilities, charges=waiting)
    today = clock.today(facilities[0].timezone)
    lines = LineForms(request.POST or None, initial=[{"service_on": today}] * _rows(request))
    for line in lines.forms:
        line.empty_permitted = True
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            invoice = _draft(request, patient, form.cleaned_data, lines)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, "The draft was made. Check it, then issue it.")
            return redirect("billing:invoice-detail", public_id=invoice.public_id)
    context = {
        "form": form,
        "lines": lines,
        "patient": patient,
        "services": Service.objects.filter(is_active=True).order_by("code", "id"),
        "back": reverse("billing:patient-detail", args=[public_id]),
        "more_rows": min(_rows(request) + 10, MOST_ROWS),
        "has_errors": bool(form.errors or lines.total_error_count()),
    }
    return page(request, full="billing/draft/form.html", context=context)


def _rows(request: Request) -> int:
    asked = request.GET.get("rows", "")
    return min(int(asked), MOST_ROWS) if asked.isdecimal() and len(asked) < 4 else ROWS


def _draft(request: Request, patient, asked: dict, lines) -> Invoice:
    facility = facility_by_code(request.user, asked["facility"])
    filled = [line.cleaned_data for line in lines.forms if line.has_changed()]
    return bill_services(
        facility=facility,
        patient_id=patient.pk,
        lines=[
            Line(service_code=line["service"], quantity=line["quantity"], service_on=line["service_on"])
            for line in filled
        ],
        parties=[Party(asked["kind"], asked["payer"].pk if asked["payer"] else None)],
        currency=asked["currency"] or facility.currency,
        is_issued=False,
        on=clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff),
        actor=request.user,
        charge_ids=[int(charge) for charge in asked["charges"]],
    )[0]
