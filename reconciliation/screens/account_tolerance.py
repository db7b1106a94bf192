"""What each account's bank may show more or less: proposed by one person, approved by another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, scoped_or_404, screen
from ledger.queries import role_name
from reconciliation import commands
from reconciliation.models import AccountTolerance, BankAccount
from reconciliation.queries import accounts_of, tolerance_use, tolerances_of
from reconciliation.rules.tolerance import KINDS, MOST_PER_MILLE, TOLERABLE

_FIELDS = {
    "not_tolerable": "kind",
    "tolerance_role_unfit": "role",
    "tolerance_direction_unfit": "direction",
    "tolerance_amount_unfit": "largest",
    "money_malformed": "largest",
    "tolerance_share_unfit": "per_mille",
    "tolerance_days_unfit": "valid_from",
}
_DAY = {"type": "date"}


class ToleranceForm(forms.Form):
    account = forms.ModelChoiceField(
        queryset=BankAccount.objects.none(), to_field_name="code", empty_label="Choose"
    )
    kind = forms.ChoiceField(label="Of what", choices=list(KINDS.items()))
    direction = forms.ChoiceField(label="Which way", choices=AccountTolerance.Direction.choices)
    largest = forms.CharField(
        label="At most",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="An amount in the account's currency, such as 5.00.",
    )
    per_mille = forms.IntegerField(
        label="And at most, per mille of the expected amount",
        min_value=1,
        max_value=MOST_PER_MILLE,
        required=False,
        help_text="Leave empty where the amount alone is the limit.",
    )
    role = forms.ChoiceField(label="Account that takes the difference")
    valid_from = forms.DateField(label="First day", widget=forms.DateInput(attrs=_DAY))
    valid_to = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs=_DAY))
    reason = forms.CharField(max_length=500)

    def __init__(self, data, facility_ids) -> None:
        super().__init__(data)
        chooser = self.fields["account"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = BankAccount.objects.filter(facility_id__in=facility_ids).order_by("code")
        roles = dict.fromkeys(role for fit in TOLERABLE.values() for role in fit)
        takers = self.fields["role"]
        assert isinstance(takers, forms.ChoiceField)
        takers.choices = [(role, role_name(role)) for role in roles]


@screen("reconciliation.view_statement")
def tolerance_list(request: Request) -> HttpResponse:
    """What may differ on the accounts of the person's facilities, and what was ever proposed."""
    rows = Paginator(tolerances_of(facility_ids_of(request.user)), 50).get_page(asked_page(request))
    context = {"page": rows, "rows": [_shown(row) for row in rows]}
    return page(request, full="reconciliation/tolerance/list.html", context=context)


@screen("reconciliation.propose_tolerance", methods=["GET", "POST"])
def tolerance_new(request: Request) -> HttpResponse:
    """Propose one."""
    facility_ids = facility_ids_of(request.user)
    form = ToleranceForm(request.POST or None, facility_ids)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            asked["largest"] = Money.parse(asked["largest"].strip(), asked["account"].currency)
            row = commands.propose_tolerance(actor=request.user, **asked)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field=_FIELDS.get(refusal.code))
        else:
            messages.success(request, "Proposed. Nothing is tolerated until another person approves it.")
            return redirect("reconciliation:tolerance-detail", row.public_id)
    if request.method == "GET":
        accounts = accounts_of(facility_ids)
        today = clock.today(accounts[0].facility.timezone) if accounts else clock.now().date()
        form.initial = {"account": request.GET.get("account", ""), "valid_from": today}
    context = {
        "form": form,
        "title": "New tolerance",
        "back": reverse("reconciliation:tolerance-list"),
        "back_to": "Tolerances",
    }
    return page(request, full="form.html", context=context, status=422 if form.errors else 200)


@screen("reconciliation.view_statement")
def tolerance_detail(request: Request, public_id: str) -> HttpResponse:
    """One tolerance: what it allows, who agreed, how often it was used, and what may be done with it."""
    row = _row(request, public_id)
    may = request.user.has_perm
    is_own = row.proposed_by_id == request.user.pk
    context = _shown(row) | {
        "use": tolerance_use(row),
        "is_own": is_own,
        "can_approve": may("reconciliation.approve_tolerance") and not is_own and row.verdict is None,
        "can_withdraw": is_own and row.verdict is None,
        "can_end": may("reconciliation.end_tolerance") and row.state == "APPROVED",
    }
    return page(request, full="reconciliation/tolerance/detail.html", context=context)


@screen("reconciliation.view_statement", methods=["POST"])
def tolerance_decision(request: Request, public_id: str) -> HttpResponse:
    """Approve, send back with a reason, withdraw one's own, or end an approved one with a reason."""
    row = _row(request, public_id)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "").strip()[:500]
    wanted = {"approve": "approve_tolerance", "reject": "approve_tolerance", "end": "end_tolerance"}
    try:
        if not request.user.has_perm(f"reconciliation.{wanted.get(verdict, 'propose_tolerance')}"):
            messages.error(request, "Your role does not allow this decision.")
        elif verdict in ("reject", "end") and not reason:
            messages.error(request, "Say why.")
        elif verdict == "approve":
            commands.approve_tolerance(tolerance_id=row.pk, actor=request.user)
            messages.success(request, "Approved. Runs use it from its first day on.")
        elif verdict == "reject":
            commands.send_back_tolerance(tolerance_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Sent back.")
        elif verdict == "end":
            commands.end_tolerance(tolerance_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Ended. From today on nothing is tolerated by it.")
        elif verdict == "withdraw":
            commands.withdraw_tolerance(tolerance_id=row.pk, actor=request.user)
            messages.success(request, "Withdrawn.")
        else:
            messages.error(request, "Choose what to do.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:tolerance-detail", public_id)


def _shown(row: AccountTolerance) -> dict[str, Any]:
    return {
        "row": row,
        "kind": KINDS.get(row.kind, row.kind),
        "largest": Money(row.largest_minor, row.account.currency),
        "taker": role_name(row.role),
    }


def _row(request: Request, public_id: str) -> AccountTolerance:
    rows = AccountTolerance.objects.select_related(
        "account__facility", "proposed_by", "decided_by", "ended_by"
    )
    return scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
