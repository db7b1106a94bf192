"""What people fill in to write a journal or a template of one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet

from hms_ach.access.models import Department, Facility
from hms_ach.money import CURRENCIES, Money
from hms_ach.refusal import Refusal
from hms_ach.web import offer
from ledger.models import Account, JournalTemplate
from ledger.queries import accounts_in_use, control_accounts
from ledger.rules.journal import JournalLineAsked

N_LINES = 8
_DAY = {"type": "date"}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, each checked as one would be; its value is their list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(ManyFilesField, self).clean(each, initial) for each in data or []]


class JournalForm(forms.Form):
    effective_on = forms.DateField(label="Day", widget=forms.DateInput(_DAY))
    memo = forms.CharField(label="What it is for", max_length=200)
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in sorted(CURRENCIES)])
    reverses_on = forms.DateField(
        label="Taken back on",
        required=False,
        widget=forms.DateInput(_DAY),
        help_text="For an accrual: the first day of the next period.",
    )
    belongs_on = forms.DateField(
        label="Belongs to",
        required=False,
        widget=forms.DateInput(_DAY),
        help_text="For a late entry: the day in a closed period that it belongs to.",
    )
    evidence = ManyFilesField(
        label="Evidence", required=False, help_text="PDF, pictures, Word, Excel or text, up to 20 MB each."
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        day = values.get("effective_on")
        if day and values.get("reverses_on") and values["reverses_on"] <= day:
            self.add_error("reverses_on", "This day is not after the journal's. Choose a later day.")
        if day and values.get("belongs_on") and values["belongs_on"] >= day:
            self.add_error("belongs_on", "This day is not before the journal's. Choose an earlier day.")
        return values


class TemplateForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80)
    memo = forms.CharField(label="What it is for", max_length=200)
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in sorted(CURRENCIES)])
    cadence = forms.ChoiceField(label="Prepared", choices=JournalTemplate.Cadence.choices)
    is_accrual = forms.BooleanField(label="Taken back on the first day of the next period", required=False)


class LineForm(forms.Form):
    account = forms.ChoiceField(label="Account", required=False)
    department = forms.ChoiceField(label="Department", required=False)
    debit = forms.CharField(label="Debit", required=False, max_length=20)
    credit = forms.CharField(label="Credit", required=False, max_length=20)

    def asked(self, currency: str, accounts: dict[str, Account], departments: dict[str, Department]) -> Any:
        """The line, or None where nothing was entered; errors are added where something is wrong."""
        values = self.cleaned_data
        sides = [side for side in ("debit", "credit") if values.get(side)]
        if not values.get("account"):
            if sides:
                self.add_error("account", "Choose the account of this amount.")
            return None
        if len(sides) > 1:
            self.add_error("credit", "A line is a debit or a credit. Clear one of them.")
            return None
        amount = self._amount(sides[0], currency) if sides else Money.zero(currency)
        if amount is None:
            return None
        return JournalLineAsked(
            accounts[values["account"]], amount, departments.get(values.get("department", ""))
        )

    def _amount(self, side: str, currency: str) -> Money | None:
        try:
            amount = Money.parse(self.cleaned_data[side].strip().replace(",", ""), currency)
        except Refusal as refusal:
            self.add_error(side, str(refusal))
            return None
        if amount.minor < 0:
            self.add_error(side, "Write a positive amount on the other side instead.")
            return None
        return amount if side == "debit" else -amount


LineFormSet = forms.formset_factory(LineForm, extra=N_LINES, max_num=200, absolute_max=200)


class Lines:
    """The lines of a form, with the accounts and departments of one facility to choose from.

    Accounts that a sub-ledger keeps are not offered.
    """

    def __init__(
        self, data: Any, facility: Facility, on: date, initial: Sequence[dict[str, str]] = ()
    ) -> None:
        entity = facility.legal_entity
        kept = control_accounts(legal_entity=entity, on=on)
        usable = [each for each in accounts_in_use(legal_entity=entity, on=on) if each.pk not in kept]
        self.accounts = {account.number: account for account in usable}
        rows = Department.objects.filter(facility=facility).order_by("code", "id")
        self.departments = {department.code: department for department in rows}
        self.formset: BaseFormSet = LineFormSet(data, initial=list(initial), prefix="line")
        accounts = [("", ""), *((number, str(each)) for number, each in self.accounts.items())]
        departments = [("", ""), *((code, f"{code} {each.name}") for code, each in self.departments.items())]
        for form in self.formset:
            offer(form, "account", accounts)
            offer(form, "department", departments)

    def asked(self, currency: str) -> list[JournalLineAsked] | None:
        """The lines that were filled in; None when one of them is wrong."""
        if not self.formset.is_valid():
            return None
        found = [form.asked(currency, self.accounts, self.departments) for form in self.formset]
        if any(form.errors for form in self.formset):
            return None
        return [line for line in found if line is not None]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each error with the id of its field, for the summary on top."""
        return [
            (form[name].id_for_label, f"Line {number}, {form[name].label.lower()}: {error}")
            for number, form in enumerate(self.formset, start=1)
            for name, errors in form.errors.items()
            for error in errors
        ]


def initial_of(template: JournalTemplate) -> list[dict[str, str]]:
    """The lines of a template as a form shows them."""
    rows = []
    for line in sorted(template.lines.all(), key=lambda each: each.line):
        amount = Money(abs(line.amount_minor), template.currency)
        side = "debit" if line.amount_minor > 0 else "credit"
        rows.append(
            {
                "account": line.account.number,
                "department": line.department.code if line.department else "",
                **({side: str(amount)} if amount else {}),
            }
        )
    return rows
