"""Patients on screen: find one, open the account, register, correct."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from billing.commands import correct_patient, note_account_opened, register_patient
from billing.models import Patient
from billing.queries import PatientFound, account_of, find_people, people_of
from billing.rules.contact import masked
from hms_ach.access.queries import facilities_of, facility_by_code, facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, offer, page, refuse_on_form, screen

PAGE_SIZE = 50


class PatientForm(forms.Form):
    facility = forms.ChoiceField()
    mrn = forms.CharField(
        label="MRN", required=False, max_length=20, help_text="Left empty, the next number is given."
    )
    family_name = forms.CharField(max_length=80)
    given_name = forms.CharField(max_length=80)
    birth_on = forms.DateField(
        label="Date of birth", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sex = forms.ChoiceField(choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN)
    guarantor_mrn = forms.CharField(
        label="Guarantor's MRN",
        required=False,
        max_length=20,
        help_text="Who answers for this patient's bills; empty when the patient does.",
    )
    phone = forms.CharField(required=False, max_length=40)
    email = forms.EmailField(label="E-mail", required=False)
    address = forms.CharField(required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, request: Request, patient: Patient | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.patient = request, patient
        if patient:
            del self.fields["facility"], self.fields["mrn"]
        else:
            offer(self, "facility", [(f.code, f.name) for f in facilities_of(request.user)])

    def clean_guarantor_mrn(self) -> str:
        """The MRN of a patient of the same network; the row's id goes to guarantor_id."""
        mrn = self.cleaned_data["guarantor_mrn"].strip().upper()
        self.guarantor_id = None
        if mrn:
            known = people_of(facility_ids_of(self.request.user)).filter(mrn=mrn).order_by("id").first()
            if known is None:
                raise forms.ValidationError(
                    "There is no patient with this MRN. Register the guarantor first."
                )
            self.guarantor_id = known.pk
        return mrn

    def asked(self) -> dict:
        """What the commands take."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "guarantor_mrn"}
        if "facility" in given:
            given["facility"] = facility_by_code(self.request.user, given["facility"])
        return {**given, "guarantor_id": self.guarantor_id}


@screen("billing.view_patient")
def patient_list(request: Request) -> HttpResponse:
    """Patients by name, or those that what was typed finds. At most five SQL queries besides the frame's."""
    text = request.GET.get("q", "").strip()[:60]
    facility_ids = facility_ids_of(request.user)
    if text:
        rows: Sequence[PatientFound] | QuerySet[Patient] = find_people(text, facility_ids=facility_ids)
    else:
        rows = people_of(facility_ids).order_by("family_first", "id")
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request)), "q": text}
    return page(
        request, full="billing/patient/list.html", fragment="billing/patient/_table.html", context=context
    )


@screen("billing.view_patient")
def patient_detail(request: Request, public_id: str) -> HttpResponse:
    """A patient's account. Opening it leaves a trace; contact data are masked without the permission."""
    patient = patient_or_404(request, public_id)
    note_account_opened(patient=patient, actor=request.user)
    may_see = request.user.has_perm("billing.view_contact_data")
    context = {
        "patient": patient,
        "account": account_of(patient, facility_ids=facility_ids_of(request.user)),
        "alerts": patient.alerts.filter(ended_at=None).order_by("id"),
        "coverages": patient.coverages.select_related("payer").order_by("priority", "id"),
        "contact": [
            ("Phone", patient.phone if may_see else masked(patient.phone)),
            ("E-mail", patient.email if may_see else masked(patient.email)),
            ("Address", patient.address if may_see else masked(patient.address)),
        ],
    }
    return page(request, full="billing/patient/detail.html", context=context)


@screen("billing.register_patient", methods=["GET", "POST"])
def patient_registration(request: Request) -> HttpResponse:
    """Open an account."""
    form = PatientForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            patient = register_patient(actor=request.user, **form.asked())
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"Patient {patient.mrn} was registered.")
            return redirect("billing:patient-detail", public_id=patient.public_id)
    context = {
        "form": form,
        "title": "Register a patient",
        "back": reverse("billing:patient-list"),
        "back_to": "Back",
    }
    return page(request, full="form.html", context=context)


@screen("billing.register_patient", methods=["GET", "POST"])
def patient_correction(request: Request, public_id: str) -> HttpResponse:
    """Correct what is known; documents already issued keep what they said."""
    patient = patient_or_404(request, public_id)
    known = {name: getattr(patient, name) for name in PatientForm.base_fields if hasattr(patient, name)}
    known["guarantor_mrn"] = patient.guarantor.mrn if patient.guarantor else ""
    form = PatientForm(request.POST or None, request=request, patient=patient, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            correct_patient(patient_id=patient.pk, actor=request.user, **form.asked())
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"Patient {patient.mrn} was corrected.")
            return redirect("billing:patient-detail", public_id=public_id)
    back = reverse("billing:patient-detail", args=[public_id])
    context = {"form": form, "title": f"Correct patient {patient.mrn}", "back": back, "back_to": "Back"}
    return page(request, full="form.html", context=context)


def patient_or_404(request: Request, public_id: str) -> Patient:
    rows: QuerySet[Patient] = people_of(facility_ids_of(request.user)).select_related("guarantor")
    patient = rows.filter(public_id=public_id).first()
    if patient is None:
        raise Http404
    return patient
