"""Which account plays which role: to see, to propose, and for another person to decide."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock
from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen
from ledger.commands import decide_role_change, propose_role_change
from ledger.models import RoleChange
from ledger.queries import account_roles, accounts_in_use, role_changes
from ledger.rules.roles import CHART
from ledger.screens.chart import entity_or_404
from ledger.screens.filters import BookFilter


class RoleChangeForm(forms.Form):
    role = forms.ChoiceField(label="Role")
    facility = forms.ChoiceField(label="Facility", required=False)
    account = forms.ChoiceField(label="Account")
    valid_from = forms.DateField(
        label="From",
        help_text="What was posted before this day stays on the account of before.",
        widget=forms.DateInput({"type": "date"}),
    )
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea({"rows": 3}))


@screen("ledger.view_account")
def account_role_list(request: Request) -> HttpResponse:
    """Every role with its account on a day, and the changes that were asked for."""
    filters = BookFilter(request)
    scope = filters.scope()
    return page(
        request,
        full="ledger/account_role/list.html",
        fragment="ledger/account_role/_table.html",
        context={
            "filters": filters,
            "scope": scope,
            "roles": account_roles(legal_entity=scope.legal_entity, on=scope.until) if scope else [],
            "changes": list(role_changes(legal_entity_ids=[scope.legal_entity.pk])[:20]) if scope else [],
        },
    )


@screen("ledger.propose_role_change", methods=["GET", "POST"])
def account_role_proposal(request: Request, entity_code: str) -> HttpResponse:
    """Propose that another account play a role from a day on."""
    entity = entity_or_404(request, entity_code)
    form = _form(request, entity)
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = dict(form.cleaned_data)
        own = {facility.code: facility for facility in facilities_of(request.user)}
        asked["facility"] = own.get(asked["facility"])
        today = accounts_in_use(legal_entity=entity, on=asked["valid_from"])
        asked["account"] = next((each for each in today if each.number == asked["account"]), None)
        if asked["account"] is None:
            form.add_error("account", "This account is not in use on that day. Choose another one.")
        else:
            try:
                propose_role_change(**asked, actor=request.user)
            except Refusal as refusal:
                refuse_on_form(form, refusal)
            else:
                messages.success(request, "The change now awaits another person.")
                return redirect("ledger:account-role-list")
    context = {"form": form, "entity": entity}
    status = 422 if form.errors else 200
    return page(request, full="ledger/account_role/proposal.html", context=context, status=status)


@screen("ledger.decide_role_change", methods=["POST"])
def account_role_decision(request: Request, public_id: str) -> HttpResponse:
    """Approve or reject what somebody else proposed."""
    entities = {facility.legal_entity_id for facility in facilities_of(request.user)}
    change = RoleChange.objects.filter(public_id=public_id, legal_entity_id__in=entities).first()
    if change is None:
        raise Http404
    is_approved = request.POST.get("decision") == "approve"
    try:
        decide_role_change(change_id=change.pk, is_approved=is_approved, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        verdict = f"holds from {change.valid_from.isoformat()} on" if is_approved else "was rejected"
        messages.success(request, f"The change of {change.role} {verdict}.")
    return redirect("ledger:account-role-list")


def _form(request: Request, entity: LegalEntity) -> RoleChangeForm:
    own = [each for each in facilities_of(request.user) if each.legal_entity_id == entity.pk]
    today = clock.today(own[0].timezone)
    form = RoleChangeForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    offer(form, "role", [(seed.role, f"{seed.role}: {seed.name}") for seed in CHART])
    offer(form, "facility", [("", "The whole legal entity"), *((each.code, each.name) for each in own)])
    accounts = accounts_in_use(legal_entity=entity, on=today)
    offer(form, "account", [("", "Choose"), *((each.number, str(each)) for each in accounts)])
    return form
