"""The cut-off test of a period's end: which receipts are in the wrong period."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hms_ach import clock
from hms_ach.access.queries import facilities_of
from hms_ach.sheets import write_csv
from hms_ach.web import Request, offer, page, screen
from reconciliation.commands import export_cut_off
from reconciliation.queries import ReceiptTested, credits_unrecorded, receipts_tested
from reconciliation.reports.cut_off import DEFINITION, cut_off_table
from reconciliation.rules.cut_off import MOST_DAYS, USUAL_DAYS, Verdict


class CutOffFilter(forms.Form):
    facility = forms.ChoiceField(label="Facility", required=False)
    last_day = forms.DateField(
        label="Period's last day", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    days = forms.IntegerField(
        label="Days before and after", required=False, min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS
    )


@screen("reconciliation.view_statement")
def cut_off_test(request: Request) -> HttpResponse:
    """Receipts around a period's end beside the bank's day; what must be looked at first."""
    form, asked = _asked(request)
    tested, unrecorded = _tested(request, asked), credits_unrecorded(**_where(request, asked))
    counted = Counter(each.verdict for each in tested)
    context = {
        "form": form,
        "last_day": asked["last_day"],
        "days": asked["days"],
        "counts": [(verdict, counted[verdict]) for verdict in Verdict if counted[verdict]],
        "n_doubtful": sum(each.verdict.is_doubtful for each in tested) + len(unrecorded),
        "tested": sorted(
            tested, key=lambda each: (not each.verdict.is_doubtful, each.verdict is Verdict.SAME)
        ),
        "unrecorded": unrecorded,
        "definition": DEFINITION,
    }
    full, fragment = "reconciliation/cut_off/page.html", "reconciliation/cut_off/_tables.html"
    return page(request, full=full, fragment=fragment, context=context, status=422 if form.errors else 200)


@screen("reconciliation.view_statement")
def cut_off_file(request: Request) -> HttpResponseBase:
    """The same receipts as CSV. Who took it stays in the audit trail."""
    _form, asked = _asked(request)
    last_day, days = asked["last_day"], asked["days"]
    table = cut_off_table(
        _tested(request, asked),
        facilities=asked["facility"] or "all of mine",
        last_day=last_day,
        days=days,
        actor=request.user,
    )
    export_cut_off(last_day=last_day, days=days, actor=request.user)
    response = StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    return response


def _asked(request: Request) -> tuple[CutOffFilter, dict[str, Any]]:
    """The filter, and what is shown: what it cannot use is as when nothing was asked, beside its error."""
    form = CutOffFilter(request.GET or None)
    offer(form, "facility", [("", "All of mine"), *((f.code, f.name) for f in facilities_of(request.user))])
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last_month_ended = _today(request).replace(day=1) - timedelta(days=1)
    return form, {
        "facility": said.get("facility") or "",
        "last_day": said.get("last_day") or last_month_ended,
        "days": said.get("days") or USUAL_DAYS,
    }


def _where(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
    ids = [f.pk for f in facilities_of(request.user) if asked["facility"] in ("", f.code)]
    return {"facility_ids": ids, "last_day": asked["last_day"], "days": asked["days"]}


def _tested(request: Request, asked: dict[str, Any]) -> list[ReceiptTested]:
    return receipts_tested(**_where(request, asked), today=_today(request))


def _today(request: Request) -> date:
    facilities = facilities_of(request.user)
    return clock.today(facilities[0].timezone if facilities else "UTC")
