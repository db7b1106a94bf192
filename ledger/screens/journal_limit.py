"""Up to which total each role approves journals: the table, asking for another, letting it count."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen
from ledger.commands import approve_journal_limit, propose_journal_limit
from ledger.queries import journal_limits, limits_awaiting
from ledger.queries.journal_limit import APPROVERS


class JournalLimitForm(forms.Form):
    entity = forms.ChoiceField(label="Legal entity")
    role = forms.ChoiceField(label="Role", choices=[(role.value, role.label) for role in APPROVERS])
    limit = forms.CharField(
        label="Approves up to",
        required=False,
        max_length=20,
        help_text="In the functional currency, such as 25000.00.",
    )
    is_without = forms.BooleanField(label="Any total, without a limit", required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if bool(values.get("limit")) == bool(values.get("is_without")):
            self.add_error("limit", "Write an amount, or tick that there is no limit.")
        return values


@screen("ledger.view_journal", methods=["GET", "POST"])
def journal_limit_list(request: Request) -> HttpResponse:
    """Each entity's limits by role, and what awaits approval; POST asks for another one."""
    entities = _entities(request)
    form = JournalLimitForm(request.POST or None)
    offer(form, "entity", [(code, entity.name) for code, entity in entities.items()])
    if request.method == "POST" and request.user.has_perm("ledger.propose_journal_limit") and form.is_valid():
        entity = entities[form.cleaned_data["entity"]]
        try:
            limit = _limit(form.cleaned_data["limit"], entity)
            role = form.cleaned_data["role"]
            propose_journal_limit(legal_entity=entity, role=role, limit=limit, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="limit")
        else:
            messages.success(request, "The limit counts once another person approves it.")
            return redirect("ledger:journal-limit-list")
    limits = [(entity, journal_limits(legal_entity=entity)) for entity in entities.values()]
    context = {"form": form, "limits": limits}
    status = 422 if form.errors else 200
    return page(request, full="ledger/journal_limit/list.html", context=context, status=status)


@screen("ledger.approve_journal_limit", methods=["POST"])
def journal_limit_approval(request: Request, limit_id: int) -> HttpResponse:
    """Let a limit count that somebody else asked for."""
    entity_ids = [entity.pk for entity in _entities(request).values()]
    if not limits_awaiting(legal_entity_ids=entity_ids).filter(pk=limit_id).exists():
        raise Http404
    try:
        approve_journal_limit(limit_id=limit_id, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The limit counts from now on.")
    return redirect("ledger:journal-limit-list")


def _limit(text: str, entity: LegalEntity) -> Money | None:
    return Money.parse(text.strip().replace(",", ""), entity.functional_currency) if text else None


def _entities(request: Request) -> dict[str, LegalEntity]:
    return {facility.legal_entity.code: facility.legal_entity for facility in facilities_of(request.user)}
