"""What a file says, without keeping it: the same as `manage.py inspect_file`."""

from typing import Any

from django import forms
from django.http import HttpResponse

from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, offer, page, screen
from reconciliation.formats.detection import Format
from reconciliation.formats.file import Opened
from reconciliation.formats.reading import SWITCHES
from reconciliation.queries import accounts_of
from reconciliation.queries.account_profile import table_profile_for
from reconciliation.reports.inspection import inspect

SHOWN_ENTRIES = 50


class InspectionForm(forms.Form):
    file = forms.FileField(label="File", help_text="Of any format, packed or not. It is read and forgotten.")
    format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Recognise it"), *((str(each), str(each)) for each in Format)],
    )
    account = forms.ChoiceField(
        label="Columns as for", required=False, help_text="CSV and XLSX: whose profile; guessed without one."
    )
    switches = forms.MultipleChoiceField(
        label="Allow", required=False, choices=list(SWITCHES.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data=None, files=None, *, accounts) -> None:
        super().__init__(data, files)
        self.by_code = {account.code: account for account in accounts}
        offer(self, "account", [("", "Guess"), *((code, code) for code in self.by_code)])


@screen("reconciliation.inspect_file", methods=["GET", "POST"])
def inspection(request: Request) -> HttpResponse:
    """GET asks for a file; POST shows its accounts, balances, entries, totals and every finding."""
    accounts = accounts_of(facility_ids_of(request.user))
    form = InspectionForm(request.POST or None, request.FILES or None, accounts=accounts)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        account = form.by_code.get(said["account"])
        profile = table_profile_for(account, facility_ids_of(request.user)) if account else None
        asked = Format(said["format"]) if said["format"] else None
        opened = Opened(asked=asked, profile=profile, may_guess=True)
        context["found"] = inspect(
            said["file"], opened, switches=said["switches"], shown_entries=SHOWN_ENTRIES
        )
        context["name"] = said["file"].name
    status = 422 if form.errors else 200
    return page(request, full="reconciliation/inspection/form.html", context=context, status=status)
