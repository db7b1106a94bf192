"""Bank accounts: how each one's files are read, and what is announced on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from reconciliation.commands import change_account_profile
from reconciliation.formats.file import Opened
from reconciliation.formats.reading import SWITCHES
from reconciliation.formats.table import FIELDS, TableProfile
from reconciliation.models import AccountProfile, BankAccount
from reconciliation.queries import (
    accounts_of,
    announced,
    certification_of,
    numbers_of,
    profile_of,
    rows_in_force,
    table_profile_of,
)
from reconciliation.reports.inspection import Inspection, inspect
from reconciliation.rules.tolerance import KINDS

_SALT = "reconciliation.tried_profile"
_FOR_SECONDS = 3_600


class ProfileForm(forms.Form):
    calendar = forms.ChoiceField(label="Statements are due", choices=AccountProfile.Calendar.choices)
    switches = forms.MultipleChoiceField(
        label="Deviations that this bank may send",
        required=False,
        choices=list(SWITCHES.items()),
        widget=forms.CheckboxSelectMultiple,
    )


class TableForm(forms.Form):
    has_headings = forms.BooleanField(label="The first row names the columns", required=False, initial=True)
    skipped_head = forms.IntegerField(label="Rows before it", min_value=0, max_value=1_000, initial=0)
    skipped_foot = forms.IntegerField(
        label="Rows after the last entry", min_value=0, max_value=1_000, initial=0
    )
    date_format = forms.CharField(label="Dates as", max_length=20, initial="YYYY-MM-DD")
    decimal_mark = forms.ChoiceField(label="Decimal mark", choices=[(".", "Point"), (",", "Comma")])
    delimiter = forms.CharField(label="Cells are parted by", max_length=1, required=False, strip=False)
    sheet = forms.CharField(label="Sheet of a workbook", max_length=80, required=False)
    is_newest_first = forms.BooleanField(label="The newest row comes first", required=False)
    file = forms.FileField(label="Try it on a file", required=False)

    def __init__(self, data=None, files=None, *, profile: TableProfile | None = None) -> None:
        initial = profile.as_json() if profile else {}
        columns = initial.pop("columns", {})
        super().__init__(data, files, initial=initial)
        for name, label in FIELDS.items():
            self.fields[f"column_{name}"] = forms.CharField(
                label=label, max_length=200, required=False, initial=columns.get(name, "")
            )

    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in FIELDS]

    def profile(self) -> TableProfile:
        """What was typed. Raises ProfileWrong."""
        said = self.cleaned_data
        columns = {name: said[f"column_{name}"].strip() for name in FIELDS if said[f"column_{name}"].strip()}
        names = (
            "has_headings", "skipped_head", "skipped_foot", "date_format", "decimal_mark", "delimiter",
            "sheet", "is_newest_first",
        )  # fmt: skip
        return TableProfile(columns=columns, **{name: said[name] for name in names})


@screen("reconciliation.view_statement")
def account_list(request: Request) -> HttpResponse:
    """The accounts of the person's facilities."""
    context = {"accounts": accounts_of(facility_ids_of(request.user))}
    return page(request, full="reconciliation/account/list.html", context=context)


@screen("reconciliation.view_statement")
def account_detail(request: Request, code: str) -> HttpResponse:
    """One account: its profile, and what its bank has announced and not yet stated."""
    account = _own_or_404(request, code)
    profile = profile_of(account)
    context = {
        "account": account,
        "profile": profile,
        "allowed": [SWITCHES.get(name, name) for name in profile.switches],
        "table": TableProfile.from_json(profile.table) if profile.table else None,
        "fields": FIELDS,
        "tolerances": [
            {"row": row, "kind": KINDS[row.kind], "largest": Money(row.largest_minor, account.currency)}
            for row in rows_in_force(account, on=clock.today(account.facility.timezone))
        ],
        "announced": [each for each in announced(account) if not each.is_settled][:200],
        "numbers": numbers_of(account),
        "certification": certification_of(account),
    }
    return page(request, full="reconciliation/account/detail.html", context=context)


@screen("reconciliation.change_account_profile", methods=["GET", "POST"])
def account_profile(request: Request, code: str) -> HttpResponse:
    """Change when statements are due and which deviations are allowed."""
    account = _own_or_404(request, code)
    profile = profile_of(account)
    initial = {"calendar": profile.calendar, "switches": profile.switches}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_account_profile(account=account, table=profile.table, actor=request.user, **form.cleaned_data)
        messages.success(request, "The profile was changed.")
        return redirect("reconciliation:account-detail", code)
    context = {"account": account, "form": form}
    status = 422 if form.errors else 200
    return page(request, full="reconciliation/account/profile.html", context=context, status=status)


@screen("reconciliation.change_account_profile", methods=["GET", "POST"])
def account_table(request: Request, code: str) -> HttpResponse:
    """Say what the columns of the account's tables mean: first tried on a file and shown, then kept."""
    account = _own_or_404(request, code)
    kept = profile_of(account)
    form = TableForm(
        request.POST or None,
        request.FILES or None,
        profile=TableProfile.from_json(kept.table) if kept.table else None,
    )
    context: dict[str, Any] = {"account": account, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            profile = form.profile()
            if request.POST.get("step") == "keep":
                if not _is_tried(request, profile):
                    form.add_error("file", "Try the profile as it stands on a file first.")
                else:
                    change_account_profile(
                        account=account,
                        switches=kept.switches,
                        calendar=kept.calendar,
                        table=profile.as_json(),
                        actor=request.user,
                    )
                    messages.success(request, "The column profile was kept.")
                    return redirect("reconciliation:account-detail", code)
            else:
                context |= _tried(account, profile, form)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
    status = 422 if form.errors else 200
    return page(request, full="reconciliation/account/table.html", context=context, status=status)


def _tried(account: BankAccount, profile: TableProfile, form: TableForm) -> dict[str, Any]:
    """What the file says by this profile, and the token that lets it be kept."""
    file = form.cleaned_data["file"]
    if file is None:
        form.add_error("file", "Choose a file to try the profile on.")
        return {}
    found: Inspection = inspect(file, Opened(profile=table_profile_of(account, profile)), shown_entries=50)
    count = sum(each.entry_count for each in found.statements)
    token = signing.dumps(profile.as_json(), salt=_SALT) if found.is_accepted and count else ""
    return {"found": found, "name": file.name, "token": token}


def _is_tried(request: Request, profile: TableProfile) -> bool:
    try:
        tried = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=_FOR_SECONDS)
    except signing.BadSignature:
        return False
    return TableProfile.from_json(tried) == profile


def _own_or_404(request: Request, code: str) -> BankAccount:
    rows = BankAccount.objects.filter(facility_id__in=facility_ids_of(request.user))
    return get_object_or_404(rows.select_related("facility"), code=code)
