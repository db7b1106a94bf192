"""Adding a bank account."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach.access.models import Facility
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from reconciliation.commands import create_bank_account

_FIELDS = {
    "bank_account_exists": "number",
    "currency_unknown": "currency",
    "account_per_currency": "currency",
}


def number_field() -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9 ./-]{3,39}$",
        label="Account number or IBAN",
        help_text="As the bank writes it in its statements. Kept encrypted; only its last four are shown.",
        error_messages={"invalid": "Write the number with 4 to 40 letters and digits."},
    )


class AccountForm(forms.Form):
    facility = forms.ModelChoiceField(queryset=Facility.objects.none(), empty_label="Choose")
    code = forms.RegexField(
        r"^[A-Z0-9][A-Z0-9-]{1,19}$",
        label="Code",
        help_text="What people call it here: capital letters, digits and hyphens, such as NORTH-OPER.",
        error_messages={"invalid": "Use 2 to 20 capital letters, digits and hyphens."},
    )
    name = forms.CharField(max_length=120)
    bank_name = forms.CharField(label="Bank", max_length=120)
    number = number_field()
    currency = forms.RegexField(
        r"^[A-Z]{3}$", initial="USD", error_messages={"invalid": "Write the three letters, such as USD."}
    )
    opened_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="From this day on a missing statement is a discrepancy.",
    )

    def __init__(self, data, facility_ids) -> None:
        super().__init__(data)
        chooser = self.fields["facility"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = Facility.objects.filter(pk__in=facility_ids).order_by("name", "id")


@screen("reconciliation.create_bank_account", methods=["GET", "POST"])
def account_new(request: Request) -> HttpResponse:
    """Add an account; how its files are read is said next."""
    form = AccountForm(request.POST or None, facility_ids_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            account = create_bank_account(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field=_FIELDS.get(refusal.code))
        else:
            messages.success(request, f"{account.code} waits for another person. Say how its files are read.")
            return redirect("reconciliation:account-profile", account.code)
    context = {
        "form": form,
        "title": "New bank account",
        "back": reverse("reconciliation:account-list"),
        "back_to": "Bank accounts",
    }
    return page(request, full="form.html", context=context, status=422 if form.errors else 200)
