"""The close checklist of a legal entity: its steps with owner, due hour, order, evidence and check."""

from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.access.models import LegalEntity
from hms_ach.access.roles import Role
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from ledger.commands import (
    STANDARD_CHECKLIST,
    StepAsked,
    approve_checklist,
    decline_checklist,
    propose_checklist,
    set_checklist,
)
from ledger.commands.checklist import OWNERS
from ledger.models import CloseStep
from ledger.queries import checklist, checklists_awaiting
from ledger.screens.chart import entity_or_404

N_MORE = 3


class StepForm(forms.Form):
    """One step; a line without a name is no step. after names the number of the step before it."""

    number = forms.IntegerField(label="No.", min_value=1, max_value=99, required=False)
    name = forms.CharField(label="Step", max_length=120, required=False, widget=forms.TextInput({"size": 34}))
    owner_role = forms.ChoiceField(label="Owner", choices=[(role.value, role.label) for role in OWNERS])
    due_days = forms.IntegerField(label="Days after", min_value=0, max_value=60, initial=1)
    due_hour = forms.IntegerField(label="Hour", min_value=0, max_value=23, initial=12)
    check_code = forms.ChoiceField(label="Who looks", choices=CloseStep.Check.choices, required=False)
    after = forms.IntegerField(label="After no.", min_value=1, max_value=99, required=False)
    needs_evidence = forms.BooleanField(label="Evidence", required=False)


# What a POST does, who may, and what is told: for an entity without steps, and for one that has some.
_FIRST = (
    set_checklist,
    "ledger.set_checklist",
    "The next close starts with these steps; closes under way keep theirs.",
)
_ANOTHER = (
    propose_checklist,
    "ledger.propose_checklist",
    "These steps count once another person approves them.",
)
StepFormSet = forms.formset_factory(StepForm, extra=N_MORE, max_num=99, absolute_max=99)


@screen("ledger.view_period", methods=["GET", "POST"])
def checklist_definition(request: Request, entity_code: str) -> HttpResponse:
    """The steps that the next close of the entity starts with; POST sets the first, or proposes others."""
    entity = entity_or_404(request, entity_code)
    steps = checklist(legal_entity=entity)
    change, permission, told = _ANOTHER if steps else _FIRST
    may_change = request.user.has_perm(permission)
    formset: BaseFormSet = StepFormSet(
        request.POST if request.method == "POST" else None,
        initial=[_shown(step) for step in steps]
        or [_suggested(number) for number in range(len(STANDARD_CHECKLIST))],
        prefix="step",
    )
    problem = ""
    if request.method == "POST" and may_change and formset.is_valid():
        try:
            change(legal_entity=entity, steps=_asked(formset), actor=request.user)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, told)
            return redirect("ledger:checklist-definition", entity_code)
    context = {
        "entity": entity,
        "steps": [(step, Role(step.owner_role).label) for step in steps],
        "formset": formset,
        "problem": problem,
        "lines": {"errors": _errors(formset)},
        "may_change": may_change,
        "proposal": _proposal(entity),
    }
    status = 422 if problem or formset.is_bound else 200
    return page(request, full="ledger/period/checklist.html", context=context, status=status)


@screen("ledger.approve_checklist", methods=["POST"])
def checklist_approval(request: Request, entity_code: str) -> HttpResponse:
    """Let the next closes start with the steps that somebody else proposed."""
    return _decided(request, entity_code, approve_checklist, told=_FIRST[2])


@screen("ledger.approve_checklist", methods=["POST"])
def checklist_declination(request: Request, entity_code: str) -> HttpResponse:
    """Keep the steps as they are."""
    reason = request.POST.get("reason", "")[:300]
    return _decided(
        request, entity_code, decline_checklist, told="The steps stay as they are.", reason=reason
    )


def _decided(request: Request, entity_code: str, decide: Any, *, told: str, **asked: Any) -> HttpResponse:
    proposal = _proposal(entity_or_404(request, entity_code))
    if proposal is None:
        raise Http404
    try:
        decide(proposal_id=proposal.pk, actor=request.user, **asked)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("ledger:checklist-definition", entity_code)


def _proposal(entity: LegalEntity) -> Any:
    """What awaits a second person, with its steps as the page shows them; None for nothing."""
    proposal: Any = checklists_awaiting().filter(legal_entity=entity).first()
    if proposal is not None:
        checks = dict(CloseStep.Check.choices)
        proposal.shown = [
            (position, step, Role(step["owner_role"]).label, checks[step["check_code"]])
            for position, step in enumerate(proposal.steps, start=1)
        ]
    return proposal


def _asked(formset: BaseFormSet) -> list[StepAsked]:
    """The steps in the order of their numbers. A number that stands nowhere is refused by the command."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("name")]
    ordered = sorted(rows, key=lambda row: row["number"] or 99)
    places = {row["number"]: place for place, row in enumerate(ordered, start=1)}
    return [
        StepAsked(
            name=row["name"],
            owner_role=row["owner_role"],
            due_days=row["due_days"],
            due_hour=row["due_hour"],
            check_code=row["check_code"],
            needs_evidence=row["needs_evidence"],
            after=places.get(row["after"], 99) if row["after"] else None,
        )
        for row in ordered
    ]


def _shown(step: CloseStep) -> dict[str, Any]:
    names = ["name", "owner_role", "due_days", "due_hour", "check_code", "needs_evidence"]
    after = step.after.position if step.after else None
    return {name: getattr(step, name) for name in names} | {"number": step.position, "after": after}


def _suggested(number: int) -> dict[str, Any]:
    """A line of the standard checklist, for an entity that has none."""
    asked = STANDARD_CHECKLIST[number]
    names = ["name", "owner_role", "due_days", "due_hour", "check_code", "needs_evidence", "after"]
    return {name: getattr(asked, name) for name in names} | {"number": number + 1}


def _errors(formset: BaseFormSet) -> list[tuple[str, str]]:
    """Each error with the id of its field, for the summary on top."""
    return [
        (form[name].id_for_label, f"Line {number}, {form[name].label.lower()}: {error}")
        for number, form in enumerate(formset, start=1)
        for name, errors in form.errors.items()
        for error in errors
    ]
