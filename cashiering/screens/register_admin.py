"""Registers: the list, adding one, changing one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import change_register, create_register
from cashiering.models import Register, Tender
from cashiering.rules.printer_address import PrinterAddressMalformed, host_and_port
from cashiering.screens.pay_form import typed_money
from hms_ach.access.models import Department
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, scoped_or_404, screen

AMOUNTS = ("default_float", "drawer_limit")


class RegisterForm(forms.Form):
    """Amounts are written in the facility's currency; cleaned they are minor units for the command."""

    name = forms.CharField(max_length=80)
    department = forms.ChoiceField(
        required=False, label="Department", help_text="Whose cash point it is, for the cash book."
    )
    default_float = forms.CharField(
        max_length=20, initial="200.00", label="Float", help_text="What the safe gives at each opening."
    )
    drawer_limit = forms.CharField(
        max_length=20,
        initial="1000.00",
        label="Drawer limit",
        help_text="Above it the register asks for a drop; more cash needs another person's agreement.",
    )
    terminal_id = forms.CharField(max_length=20, required=False, label="Terminal id")
    terminal_address = forms.RegexField(
        r"^(simulator|[A-Za-z0-9.\-]+:[0-9]{1,5})$",
        max_length=60,
        required=False,
        label="Terminal address (host:port)",
    )
    printer_address = forms.CharField(
        max_length=120, required=False, label="Receipt printer, 80 mm (host:port)"
    )
    allowed_tenders = forms.MultipleChoiceField(
        choices=Tender.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Tenders taken here",
        help_text="None ticked: all of them. What is not taken has no button at the register.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="In use")

    def __init__(self, *args, facilities, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.facilities = {str(one.pk): one for one in facilities}
        rows = Department.objects.filter(facility__in=facilities).select_related("facility")
        self.departments = {str(one.pk): one for one in rows.order_by("facility__code", "name", "pk")}
        named = [(pk, f"{one.facility.code}: {one.name}") for pk, one in self.departments.items()]
        offer(self, "department", [("", "None"), *named])

    def clean(self) -> dict[str, Any]:
        """Amounts become minor units; each that cannot be read is said at its field."""
        asked = dict(super().clean() or {})
        only = next(iter(self.facilities), "")
        facility = self.facilities.get(asked.get("facility", only))
        for name in AMOUNTS:
            typed = asked.pop(name, None)
            if facility is None or typed is None:
                continue
            try:
                amount = typed_money(typed, facility.currency)
            except Refusal as refusal:
                self.add_error(name, str(refusal))
                continue
            if amount.minor < 0:
                self.add_error(name, "Write zero or more.")
            asked[f"{name}_minor"] = amount.minor
        return asked

    def clean_department(self) -> Department | None:
        return self.departments.get(self.cleaned_data["department"])

    def clean_printer_address(self) -> str:
        address = self.cleaned_data["printer_address"]
        try:
            return address and ":".join(map(str, host_and_port(address)))
        except PrinterAddressMalformed as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class NewRegisterForm(RegisterForm):
    facility = forms.ChoiceField()
    code = forms.RegexField(r"^[A-Z0-9]{1,10}$", label="Code (capital letters and digits)")
    field_order = ["facility", "code", "name", "department"]

    def __init__(self, *args, facilities, **kwargs) -> None:
        super().__init__(*args, facilities=facilities, **kwargs)
        offer(self, "facility", [(one.pk, one.name) for one in facilities])
        del self.fields["is_active"]


@screen("cashiering.view_register")
def register_list(request: Request) -> HttpResponse:
    """Registers of the person's facilities."""
    rows = Register.objects.filter(facility_id__in=facility_ids_of(request.user))
    rows = rows.select_related("facility").order_by("facility__code", "code", "id")
    return page(
        request,
        full="cashiering/register/list.html",
        context={"registers": rows, "facilities": facilities_of(request.user)},
    )


@screen("cashiering.manage_register", methods=("GET", "POST"))
def addition(request: Request) -> HttpResponse:
    """Add a register."""
    facilities = facilities_of(request.user)
    form = NewRegisterForm(request.POST or None, facilities=facilities)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        facility = form.facilities[values.pop("facility")]
        try:
            create_register(facility=facility, actor=request.user, **values)
            return redirect("cashiering:register-list")
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="code")
    context = {"form": form, "title": "New register"}
    return page(
        request, full="cashiering/register/form.html", context=context, status=422 if form.errors else 200
    )


@screen("cashiering.manage_register", methods=("GET", "POST"))
def change(request: Request, public_id: str) -> HttpResponse:
    """Change a register."""
    register = scoped_or_404(Register.objects.select_related("facility"), request, public_id=public_id)
    names = [name for name in RegisterForm.base_fields if name not in AMOUNTS]
    initial = {name: getattr(register, name) for name in names}
    for name in AMOUNTS:
        initial[name] = str(Money(getattr(register, f"{name}_minor"), register.facility.currency))
    initial["department"] = register.department_id
    form = RegisterForm(request.POST or None, initial=initial, facilities=[register.facility])
    if request.method == "POST" and form.is_valid():
        try:
            change_register(register=register, actor=request.user, **form.cleaned_data)
            messages.success(request, f"Register {register.code} is changed.")
            return redirect("cashiering:register-list")
        except Refusal as refusal:
            refuse_on_form(form, refusal)
    context = {"form": form, "title": f"Register {register.code}"}
    return page(
        request, full="cashiering/register/form.html", context=context, status=422 if form.errors else 200
    )
