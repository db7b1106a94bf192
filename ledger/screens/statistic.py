"""Statistical accounts: what was counted, by account and facility, and counting more."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, offer, page, refuse_on_form, screen
from ledger.commands.statistic import Counted, define_statistic, record_statistics, reverse_statistic
from ledger.models import StatisticEntry
from ledger.queries import Scope, statistic_accounts, statistic_entries, statistics
from ledger.reports.statistics import statistics_table
from ledger.screens.chart import entity_or_404
from ledger.screens.filters import StatementFilter, day_field
from ledger.screens.foot import foot_of


class StatisticFilter(StatementFilter):
    """The statement's filter, and one account."""

    code = forms.CharField(label="Account", required=False, max_length=20)


class CountForm(forms.Form):
    account = forms.ChoiceField(label="What was counted")
    facility = forms.ChoiceField(label="Where")
    on = day_field("Day")
    quantity = forms.DecimalField(label="How much", max_digits=18, decimal_places=4)
    memo = forms.CharField(label="Memo", required=False, max_length=200)


class DefinitionForm(forms.Form):
    code = forms.SlugField(label="Code", max_length=20)
    name = forms.CharField(label="Name", max_length=120)
    unit = forms.CharField(label="Unit", max_length=30, help_text="Such as patient days.")
    decimals = forms.IntegerField(label="Decimals", min_value=0, max_value=4, initial=0)


@screen("ledger.view_entry")
def statistic_list(request: Request) -> HttpResponse:
    """Quantities by account and facility; with an account chosen, each entry of it."""
    return _shown(request)


def _shown(
    request: Request, *, counting: CountForm | None = None, defining: DefinitionForm | None = None
) -> HttpResponse:
    filters = StatisticFilter(request)
    scope = filters.scope()
    code = filters.cleaned_data["code"] if scope else ""
    entries = statistic_entries(scope, code=code) if scope and code else StatisticEntry.objects.none()
    rows = entries.select_related("account", "facility", "recorded_by", "reversed_by").order_by("-on", "-id")
    return page(
        request,
        full="ledger/statistic/list.html",
        fragment="ledger/statistic/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("statistics", request),
            "scope": scope,
            "code": code,
            "rows": statistics(scope) if scope else [],
            "page": Paginator(rows, 50).get_page(asked_page(request)),
            "counting": counting or _count_form(scope, None),
            "defining": defining or DefinitionForm(),
            "has_errors": bool(counting or defining),
        },
        status=422 if counting or defining else 200,
    )


def table(request: Request) -> StatementTable:
    """Every quantity of the days chosen, as rows for a file."""
    filters = StatisticFilter(request)
    scope = filters.scope_or_refuse()
    return statistics_table(scope, code=filters.cleaned_data["code"], actor=request.user)


def _count_form(scope: Scope | None, data: Any) -> CountForm:
    form = CountForm(data)
    accounts = statistic_accounts(scope) if scope else []
    offer(form, "account", [(each.code, f"{each.name} ({each.unit})") for each in accounts])
    offer(form, "facility", [(each.code, each.name) for each in scope.facilities] if scope else [])
    form.fields["on"].required = True
    return form


def _back(entity_code: str) -> HttpResponse:
    return redirect(f"{reverse('ledger:statistic-list')}?entity={entity_code}")


@screen("ledger.record_statistics", methods=["POST"])
def statistic_recording(request: Request, entity_code: str) -> HttpResponse:
    """Record one quantity by hand."""
    entity_or_404(request, entity_code)
    form = _count_form(StatisticFilter(request).scope(), request.POST)
    if not form.is_valid():
        return _shown(request, counting=form)
    said = form.cleaned_data
    facility = next(f for f in facilities_of(request.user) if f.code == said["facility"])
    counted = Counted(
        said["account"], facility, said["on"], said["quantity"], key=new_id("sen"), memo=said["memo"]
    )
    try:
        record_statistics(counted=[counted], source="by hand", actor=cast(Any, request.user))
    except Refusal as refusal:
        return _shown(request, counting=cast(CountForm, refuse_on_form(form, refusal)))
    messages.success(request, "Recorded.")
    return _back(entity_code)


@screen("ledger.record_statistics", methods=["POST"])
def statistic_reversal(request: Request, public_id: str) -> HttpResponse:
    """Take one quantity back."""
    rows = StatisticEntry.objects.filter(facility_id__in=facility_ids_of(request.user))
    entry = rows.select_related("account__legal_entity").filter(public_id=public_id).first()
    if entry is None:
        raise Http404
    try:
        reverse_statistic(entry_id=entry.pk, reason="Taken back by hand", actor=cast(Any, request.user))
        messages.success(request, "Taken back.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(entry.account.legal_entity.code)


@screen("ledger.import_chart", methods=["POST"])
def statistic_definition(request: Request, entity_code: str) -> HttpResponse:
    """Begin to count something."""
    entity = entity_or_404(request, entity_code)
    form = DefinitionForm(request.POST)
    if not form.is_valid():
        return _shown(request, defining=form)
    try:
        define_statistic(legal_entity=entity, **form.cleaned_data, actor=cast(Any, request.user))
    except Refusal as refusal:
        return _shown(request, defining=cast(DefinitionForm, refuse_on_form(form, refusal, field="code")))
    messages.success(request, "It is counted from now on.")
    return _back(entity_code)
