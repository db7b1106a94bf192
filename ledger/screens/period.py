"""The periods of the book: closing them, and reopening one by two people."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, refuse_on_form, screen
from ledger.commands import hard_close, open_period, reopen, request_reopening, soft_close
from ledger.commands.period import decline_reopening
from ledger.queries import PeriodRow, periods
from ledger.reports.period import periods_table
from ledger.screens.chart import entity_or_404
from ledger.screens.filters import BookFilter
from ledger.screens.foot import foot_of


class ReopeningForm(forms.Form):
    reason = forms.CharField(
        label="What has to be corrected in this period", max_length=500, widget=forms.Textarea({"rows": 3})
    )


def _periods_of(user: Any) -> list[PeriodRow]:
    return periods(legal_entity_ids={facility.legal_entity_id for facility in facilities_of(user)})


def period_or_404(request: Request, entity_code: str, code: str) -> PeriodRow:
    for row in _periods_of(request.user):
        if (row.entity_code, row.code) == (entity_code, code):
            return row
    raise Http404


def _person(request: Request) -> User:
    """Whoever acts; `screen` lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def _back(row: PeriodRow) -> HttpResponse:
    """To the period, which says what is left to do."""
    return HttpResponseRedirect(reverse("ledger:period-detail", args=[row.entity_code, row.code]))


@screen("ledger.view_period")
def period_list(request: Request) -> HttpResponse:
    """Every period of the person's legal entities, latest first."""
    entities = {each.legal_entity.code: each.legal_entity for each in facilities_of(request.user)}
    return page(
        request,
        full="ledger/period/list.html",
        context={
            "periods": _periods_of(request.user),
            "entities": entities.values(),
            "foot": foot_of("periods", request),
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    scope = BookFilter(request).scope_or_refuse()
    return periods_table(scope, _periods_of(request.user), actor=_person(request))


@screen("ledger.open_period", methods=["POST"])
def period_opening(request: Request, entity_code: str) -> HttpResponse:
    """Open the period that follows the last one, or this month's where there is none yet."""
    entity = entity_or_404(request, entity_code)
    known = [row.ends_on for row in _periods_of(request.user) if row.entity_code == entity_code]
    today = clock.today(facilities_of(request.user)[0].timezone)
    starts_on = max(known) + timedelta(days=1) if known else today
    period = open_period(legal_entity=entity, starts_on=starts_on, actor=_person(request))
    messages.success(request, f"{period} of {entity.name} is open.")
    return HttpResponseRedirect(reverse("ledger:period-list"))


@screen("ledger.soft_close", methods=["POST"])
def period_soft_closure(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Let a period take adjustments only."""
    return _closed(request, period_or_404(request, entity_code, code), soft_close)


@screen("ledger.hard_close", methods=["POST"])
def period_closure(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Close a period."""
    return _closed(request, period_or_404(request, entity_code, code), hard_close)


def _closed(request: Request, row: PeriodRow, close: Any) -> HttpResponse:
    try:
        period = close(period_id=row.id, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        state = period.get_state_display().lower()
        messages.success(request, f"{row.label} of {row.entity_name} is {state}.")
    return _back(row)


@screen("ledger.request_reopening", methods=["GET", "POST"])
def period_reopening_request(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Ask for a closed period to be reopened."""
    row = period_or_404(request, entity_code, code)
    form = ReopeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_reopening(period_id=row.id, reason=form.cleaned_data["reason"], actor=_person(request))
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, f"Reopening {row.label} now awaits another person.")
            return _back(row)
    context = {"period": row, "form": form}
    status = 422 if form.errors else 200
    return page(request, full="ledger/period/reopening.html", context=context, status=status)


@screen("ledger.reopen", methods=["POST"])
def period_reopening(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Approve the reopening that somebody else asked for."""
    row = period_or_404(request, entity_code, code)
    if row.awaiting_id is None:
        raise Http404
    try:
        reopen(reopening_id=row.awaiting_id, actor=_person(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row.label} of {row.entity_name} is open again.")
    return _back(row)


@screen("ledger.reopen", methods=["POST"])
def period_reopening_declination(request: Request, entity_code: str, code: str) -> HttpResponse:
    """Leave a period closed that somebody asked to reopen, oneself or another."""
    row = period_or_404(request, entity_code, code)
    if row.awaiting_id is None:
        raise Http404
    try:
        reason = request.POST.get("reason", "")[:300]
        decline_reopening(reopening_id=row.awaiting_id, reason=reason, actor=_person(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{row.label} of {row.entity_name} stays {row.state_label.lower()}.")
    return _back(row)
