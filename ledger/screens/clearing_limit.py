"""How old items may grow on each clearing account, and who looks then."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.access.roles import Role
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from ledger.commands import set_clearing_limit
from ledger.commands.clearing import OWNER_ROLES
from ledger.queries import clearing_limits
from ledger.rules.roles import CLEARING_ROLES, role_name
from ledger.screens.chart import entity_or_404


class LimitForm(forms.Form):
    role = forms.ChoiceField(label="Account", choices=[(role, role_name(role)) for role in CLEARING_ROLES])
    age_days = forms.IntegerField(label="Older than days", min_value=0, max_value=365)
    owner_role = forms.ChoiceField(
        label="Is looked at by",
        required=False,
        choices=[*((role.value, role.label) for role in OWNER_ROLES), ("", "Nobody: take the limit away")],
    )


@screen("ledger.view_entry")
def clearing_limit_list(request: Request, entity_code: str) -> HttpResponse:
    """How old items may grow on each clearing account, and who looks then."""
    return _show_limits(request, entity_code, LimitForm())


@screen("ledger.set_clearing_limit", methods=["POST"])
def clearing_limit_setting(request: Request, entity_code: str) -> HttpResponse:
    """Set or take away one limit."""
    entity = entity_or_404(request, entity_code)
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _show_limits(request, entity_code, form, status=422)
    try:
        set_clearing_limit(legal_entity=entity, **form.cleaned_data, actor=cast(Any, request.user))
        messages.success(request, "The limit counts from the next night on.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("ledger:clearing-limit-list", entity_code)


def _show_limits(request: Request, entity_code: str, form: LimitForm, status: int = 200) -> HttpResponse:
    entity = entity_or_404(request, entity_code)
    limits = [
        (limit, role_name(limit.role), Role(limit.owner_role).label) for limit in clearing_limits(entity)
    ]
    context = {"entity": entity, "limits": limits, "form": form}
    return page(request, full="ledger/open_item/limits.html", context=context, status=status)
