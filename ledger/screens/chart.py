"""The chart of accounts, and taking one from a file: first shown, then done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock, files
from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import FileRejected, Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, page, refuse_on_form, screen
from ledger.commands import import_chart, plan_chart
from ledger.formats.chart import MAX_BYTES, write_rows
from ledger.queries import chart, chart_rows
from ledger.reports.chart import chart_table
from ledger.screens.filters import BookFilter
from ledger.screens.foot import foot_of

KIND = "chart"


class ChartForm(forms.Form):
    file = forms.FileField(
        label="Chart of accounts",
        help_text="CSV in UTF-8 or XLSX. The first row names the columns: number, name, class, and as "
        "needed normal_side (debit or credit), currency, active_from, active_until, parent. Classes are "
        "asset, liability, net assets, revenue and expense. Nothing is changed yet.",
    )


@screen("ledger.view_account")
def chart_list(request: Request) -> HttpResponse:
    """Every account of an entity in its place, with the roles it plays."""
    filters = BookFilter(request)
    scope = filters.scope()
    lines = chart(legal_entity=scope.legal_entity, on=scope.until) if scope else []
    return page(
        request,
        full="ledger/chart/list.html",
        fragment="ledger/chart/_table.html",
        context={"filters": filters, "foot": foot_of("chart", request), "scope": scope, "lines": lines},
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    scope = BookFilter(request).scope_or_refuse()
    lines = chart(legal_entity=scope.legal_entity, on=scope.until)
    return chart_table(scope, lines, actor=request.user)


@screen("ledger.view_account")
def chart_csv(request: Request, entity_code: str) -> HttpResponse:
    """The chart as the upload takes it, to be changed and sent back."""
    entity = entity_or_404(request, entity_code)
    return HttpResponse(
        b"".join(write_rows(chart_rows(legal_entity=entity))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="chart-{entity.code}.csv"'},
    )


@screen("ledger.import_chart", methods=["GET", "POST"])
def chart_upload(request: Request, entity_code: str) -> HttpResponse:
    """Keep a file, and go on to what it would change."""
    entity = entity_or_404(request, entity_code)
    form = ChartForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            stored = files.store(
                upload,
                name=upload.name,
                media_type=upload.content_type or "application/octet-stream",
                kind=KIND,
                facility=None,
                actor=request.user,
                limit_bytes=MAX_BYTES,
            )
            return redirect("ledger:chart-confirmation", entity.code, stored.public_id)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
    status = 422 if form.errors else 200
    context = {"form": form, "entity": entity}
    return page(request, full="ledger/chart/upload.html", context=context, status=status)


@screen("ledger.import_chart", methods=["GET", "POST"])
def chart_confirmation(request: Request, entity_code: str, file_id: str) -> HttpResponse:
    """GET shows what the file would change; POST does it."""
    entity = entity_or_404(request, entity_code)
    stored = _own_file_or_404(request, file_id)
    content = files.open_file(file_id).read()
    today = clock.today(facilities_of(request.user)[0].timezone)
    context: dict[str, Any] = {"entity": entity, "file": stored, "plan": None, "refusal": None}
    try:
        if request.method == "POST":
            plan = import_chart(
                legal_entity=entity, content=content, name=stored.name, today=today, actor=request.user
            )
            messages.success(
                request, f"{len(plan.added)} accounts were added and {len(plan.changed)} changed."
            )
            return redirect("ledger:chart-list")
        context["plan"] = plan_chart(legal_entity=entity, content=content, today=today)
    except FileRejected as refusal:
        context["refusal"] = refusal
    status = 422 if context["refusal"] else 200
    return page(request, full="ledger/chart/confirmation.html", context=context, status=status)


def entity_or_404(request: Request, code: str) -> LegalEntity:
    """One of the legal entities whose facilities are open to the person."""
    for facility in facilities_of(request.user):
        if facility.legal_entity.code == code:
            return facility.legal_entity
    raise Http404


def _own_file_or_404(request: Request, file_id: str) -> Any:
    try:
        stored = files.file_named(file_id)
    except Refusal:
        raise Http404 from None
    if stored.kind != KIND or stored.created_by_id != request.user.pk:
        raise Http404
    return stored
