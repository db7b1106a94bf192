"""One period's close: its checklist, tie-outs, revaluation and late entries."""

from datetime import date, timedelta
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from hms_ach import clock, files
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, roles_of
from hms_ach.access.roles import Role
from hms_ach.refusal import Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, screen
from ledger.commands import (
    STANDARD_CHECKLIST,
    finish_task,
    revalue,
    set_checklist,
    sign_agreeing,
    sign_tie_out,
    start_close,
    take_tie_outs,
)
from ledger.models import TieOut
from ledger.queries import (
    checklist,
    close_lines,
    is_to_sign,
    late_entries,
    moved_since,
    period_of,
    tie_outs,
)
from ledger.reports.period import tie_outs_table
from ledger.rules.roles import NAMES
from ledger.screens.chart import entity_or_404
from ledger.screens.filters import StatementFilter
from ledger.screens.foot import foot_of
from ledger.screens.open_document import documents_address
from ledger.screens.period import period_or_404
from ledger.screens.year_close import year_of


class TaskForm(forms.Form):
    note = forms.CharField(required=False, max_length=300)
    evidence = forms.FileField(required=False)


@screen("ledger.view_period")
def period_detail(request: Request, entity_code: str, code: str) -> HttpResponse:
    """How far the close of one period is, and what is left to do."""
    row = period_or_404(request, entity_code, code)
    period = period_of(row.id)
    lines, taken = close_lines(period), tie_outs(period)
    moved = moved_since(period, taken)
    place = next(f for f in facilities_of(request.user) if f.legal_entity.code == entity_code)
    return page(
        request,
        full="ledger/period/detail.html",
        context={
            "period": row,
            "lines": [(line, Role(line.owner_role).label) for line in lines],
            "own_roles": roles_of(request.user),
            "n_done": sum(1 for line in lines if line.is_done),
            "now": clock.now(),
            "tie_outs": [
                (
                    each,
                    NAMES[each.role],
                    moved.get(each.pk, ""),
                    _documents(each, entity_code),
                    _booked(each, entity_code, place),
                )
                for each in taken
            ],
            "foot": foot_of("tie-outs", request, entity=entity_code, period=code),
            "n_agreeing": sum(is_to_sign(each, request.user, moved) for each in taken),
            "has_checklist": bool(checklist(legal_entity=period.legal_entity)),
            "late": late_entries(period),
            "year": year_of(period),
            "place": place,
        },
    )


def table(request: Request) -> StatementTable:
    """The tie-outs of the period that is named, as rows for a file."""
    scope = StatementFilter(request).scope_or_refuse()
    row = period_or_404(request, scope.legal_entity.code, request.GET.get("period", ""))
    taken = tie_outs(period_of(row.id))
    moved = moved_since(period_of(row.id), taken)
    return tie_outs_table(scope, row, taken, moved, actor=request.user)


def _documents(tie_out: TieOut, entity_code: str) -> str:
    """Where the documents are that the sub-ledger's figure was made of, as they were kept with it."""
    more = {"until": tie_out.as_of.isoformat(), "tie_out": tie_out.public_id}
    return documents_address(entity_code, tie_out.sub_ledger, tie_out.role, tie_out.currency, **more)


def _booked(tie_out: TieOut, entity_code: str, place: Facility) -> str:
    """Where the postings are that the book's figure was made of, as they were known when it was taken."""
    # Browsers know milliseconds only; what was posted by then must not fall out of the last one.
    moment = tie_out.taken_at + timedelta(microseconds=999)
    known_at = moment.astimezone(ZoneInfo(place.timezone)).replace(tzinfo=None)
    asked = {
        "entity": entity_code,
        "role": tie_out.role,
        "currency": tie_out.currency,
        "until": tie_out.as_of.isoformat(),
        "known_at": known_at.isoformat(timespec="milliseconds"),
    }
    return f"{reverse('ledger:posting-list')}?{urlencode(asked)}"


@screen("ledger.set_checklist", methods=["POST"])
def checklist_choice(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Give an entity without a checklist the standard one, and start this period's close with it."""
    row = period_or_404(request, entity_code, code)
    entity = entity_or_404(request, entity_code)
    if not checklist(legal_entity=entity):
        set_checklist(legal_entity=entity, steps=STANDARD_CHECKLIST, actor=request.user)
    return _done(request, row, start_close, "The close has started.", period_id=row.id)


@screen("ledger.finish_task", methods=["POST"])
def close_start(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Copy the entity's checklist to the period."""
    row = period_or_404(request, entity_code, code)
    return _done(request, row, start_close, "The close has started.", period_id=row.id)


@screen("ledger.finish_task", methods=["POST"])
def close_task_completion(request: Request, entity_code: str, code: str, task_id: int) -> HttpResponse:
    """Say that a step is done, with its evidence."""
    row = period_or_404(request, entity_code, code)
    if task_id not in {line.task_id for line in close_lines(period_of(row.id))}:
        raise Http404
    form = TaskForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "The note has over 300 letters, or the file is empty. Nothing was done.")
        return redirect("ledger:period-detail", entity_code, code)
    evidence_id = None
    upload = form.cleaned_data["evidence"]
    try:
        if upload:
            evidence_id = files.store_evidence(
                cast(BinaryIO, upload),
                name=upload.name or "",
                kind="close_evidence",
                facility=None,
                actor=request.user,
            ).pk
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("ledger:period-detail", entity_code, code)
    return _done(
        request,
        row,
        finish_task,
        "The step is done.",
        task_id=task_id,
        note=form.cleaned_data["note"],
        evidence_id=evidence_id,
    )


@screen("ledger.take_tie_outs", methods=["POST"])
def tie_out_taking(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Put every sub-ledger beside the book."""
    row = period_or_404(request, entity_code, code)
    told = "The sub-ledgers were taken; another person signs."
    return _done(request, row, take_tie_outs, told, period_id=row.id, today=_today(request))


@screen("ledger.sign_tie_out", methods=["POST"])
def tie_out_signature(request: Request, entity_code: str, code: str, public_id: str) -> HttpResponse:
    """Answer for one figure that somebody else took."""
    row = period_or_404(request, entity_code, code)
    for each in tie_outs(period_of(row.id)):
        if each.public_id == public_id:
            explanation = request.POST.get("explanation", "")[:300]
            return _done(request, row, sign_tie_out, "Signed.", tie_out_id=each.pk, explanation=explanation)
    raise Http404


@screen("ledger.sign_tie_out", methods=["POST"])
def tie_out_signatures(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Answer for all figures that agree and somebody else took."""
    row = period_or_404(request, entity_code, code)
    return _done(request, row, sign_agreeing, "Every figure that agrees is signed.", period_id=row.id)


@screen("ledger.revalue", methods=["POST"])
def revaluation(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Post what foreign balances are worth on the period's last day."""
    row = period_or_404(request, entity_code, code)
    told = "Foreign balances are revalued; it is taken back on the day after the period."
    return _done(request, row, revalue, told, period_id=row.id, today=_today(request))


def _today(request: Request) -> date:
    return clock.today(facilities_of(request.user)[0].timezone)


def _done(request: Request, row: Any, command: Any, told: str, **asked: Any) -> HttpResponse:
    """Run the command, say what came of it, and show the period again."""
    try:
        command(**asked, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("ledger:period-detail", row.entity_code, row.code)
