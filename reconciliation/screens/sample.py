"""Matches to look at again, and what they say about the engine."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from reconciliation.commands import judge_match
from reconciliation.models import SampledMatch
from reconciliation.queries import (
    journal_of,
    makers_of,
    measured_precision,
    plan_of,
    samples_to_judge,
    sides_of,
)

MEASURED_DAYS = 90


@screen("reconciliation.view_match")
def sample_list(request: Request) -> HttpResponse:
    """What waits to be judged, and the precision by pass of the last ninety days."""
    facility_ids = facility_ids_of(request.user)
    rows = samples_to_judge(facility_ids)
    context = {
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "measured": measured_precision(facility_ids, since=measured_since()),
        "days": MEASURED_DAYS,
    }
    return page(request, full="reconciliation/sample/list.html", context=context)


def measured_since():
    return clock.now().date() - timedelta(days=MEASURED_DAYS)


@screen("reconciliation.view_match")
def sample_detail(request: Request, public_id: str) -> HttpResponse:
    """Both sides of a drawn match, and the question."""
    row = _row(request, public_id)
    lines = [part.line for part in row.match.lines.select_related("line").order_by("id")]
    items = [part.expectation for part in row.match.items.select_related("expectation").order_by("id")]
    context = {
        "row": row,
        "match": row.match,
        "sides": sides_of(row.match.currency, lines, items, country=row.match.account.country),
        "journal": journal_of(plan_of(row.match), row.match.currency),
        "is_own": request.user.pk in makers_of(row.match),
        "can_judge": request.user.has_perm("reconciliation.judge_match"),
    }
    return page(request, full="reconciliation/sample/detail.html", context=context)


@screen("reconciliation.judge_match", methods=["POST"])
def judgement(request: Request, public_id: str) -> HttpResponse:
    """Right or wrong; the next one that this person may judge opens."""
    row = _row(request, public_id)
    verdict = request.POST.get("verdict", "")
    try:
        if verdict in ("right", "wrong"):
            note = request.POST.get("note", "")
            judge_match(sampled_id=row.pk, is_right=verdict == "right", note=note, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reconciliation:sample-detail", public_id)
    if verdict == "wrong":
        messages.success(request, "Recorded as wrong. Take the match back here.")
        return redirect("reconciliation:match-detail", row.match.public_id)
    return redirect(_next(request))


def _next(request: Request) -> str:
    """The oldest that this person did not work on; looks at fifty."""
    for each in samples_to_judge(facility_ids_of(request.user))[:50]:
        if request.user.pk not in makers_of(each.match):
            return reverse("reconciliation:sample-detail", args=[each.public_id])
    return reverse("reconciliation:sample-list")


def _row(request: Request, public_id: str) -> SampledMatch:
    rows = SampledMatch.objects.select_related(
        "sample__facility", "match__account__facility", "match__undo", "judged_by"
    )
    return scoped_or_404(rows, request, facility_path="sample__facility_id", public_id=public_id)
