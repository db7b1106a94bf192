"""Legal entities, facilities and their departments, on screen."""

from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from hms_ach.access.commands import create_department, create_facility, create_legal_entity
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen

_CODE = r"^[A-Z0-9]{1,10}$"


class FacilityForm(forms.Form):
    legal_entity = forms.ModelChoiceField(queryset=LegalEntity.objects.order_by("name", "id"))
    code = forms.RegexField(_CODE, label="Code (capital letters and digits)")
    name = forms.CharField(max_length=120)
    address = forms.CharField(required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    timezone = forms.CharField(max_length=40, initial="America/New_York", help_text="Its IANA name.")
    business_day_cutoff = forms.TimeField(
        label="New business day begins at", initial="04:00", widget=forms.TimeInput(attrs={"type": "time"})
    )
    currency = forms.CharField(max_length=3, initial="USD")

    def clean_timezone(self) -> str:
        if self.cleaned_data["timezone"] not in available_timezones():
            raise forms.ValidationError("There is no such time zone. Write it like America/New_York.")
        return self.cleaned_data["timezone"]


class LegalEntityForm(forms.Form):
    code = forms.RegexField(_CODE, label="Code (capital letters and digits)")
    name = forms.CharField(max_length=120)
    functional_currency = forms.RegexField(
        r"^[A-Z]{3}$", label="Currency of its books", initial="USD", help_text="It never changes."
    )
    country = forms.RegexField(r"^[A-Z]{2}$", label="Country (two letters)", initial="US")


class DepartmentForm(forms.Form):
    code = forms.RegexField(_CODE, label="Code (capital letters and digits)")
    name = forms.CharField(max_length=120)


@screen("access.view_user")
def facility_list(request: Request) -> HttpResponse:
    """Every facility with its departments, by legal entity. Two SQL queries."""
    rows = Facility.objects.select_related("legal_entity").prefetch_related("departments")
    context = {"facilities": rows.order_by("legal_entity__name", "code", "id")}
    return page(request, full="access/facility/list.html", context=context)


@screen("access.create_facility", methods=["GET", "POST"])
def legal_entity_create(request: Request) -> HttpResponse:
    """Add a company with its own books."""
    form = LegalEntityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entity = create_legal_entity(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            field = "code" if refusal.code == "code_taken" else "functional_currency"
            refuse_on_form(form, refusal, field=field)
        else:
            told = "Add its first facility; its controller then imports a chart and opens a period."
            messages.success(request, f"{entity.name} was added. {told}")
            return redirect("access:facility-create")
    return _form(request, form, "New legal entity")


@screen("access.create_facility", methods=["GET", "POST"])
def facility_create(request: Request) -> HttpResponse:
    """Add a facility to a legal entity."""
    form = FacilityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            facility = create_facility(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="code" if refusal.code == "code_taken" else "currency")
        else:
            messages.success(request, f"{facility.name} was added. Give its people the facility.")
            return redirect("access:facility-list")
    return _form(request, form, "New facility")


@screen("access.create_department", methods=["GET", "POST"])
def department_create(request: Request, code: str) -> HttpResponse:
    """Add a department to a facility."""
    facility = get_object_or_404(Facility, code=code)
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            department = create_department(facility=facility, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="code")
        else:
            messages.success(request, f"{department.name} was added to {facility.name}.")
            return redirect("access:facility-list")
    return _form(request, form, f"New department of {facility.name}")


def _form(request: Request, form: forms.Form, title: str) -> HttpResponse:
    back = reverse("access:facility-list")
    context = {"form": form, "title": title, "back": back, "back_to": "Facilities"}
    return page(request, full="form.html", context=context, status=422 if form.errors else 200)
