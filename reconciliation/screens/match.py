"""Matches: what was matched, how, and taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from hms_ach.web.totals import totals_of
from ledger.queries import document_entries
from reconciliation.commands import undo_match
from reconciliation.models import Match, MatchLine, SuspenseClearing
from reconciliation.queries import journal_of, matches_of, other_side, plan_of
from reconciliation.screens.day_correction import correction_shown


@screen("reconciliation.view_match")
def match_list(request: Request) -> HttpResponse:
    """The matches of the person's facilities, the newest first."""
    rows = matches_of(facility_ids_of(request.user)).prefetch_related("lines__line")
    name = request.GET.get("pass", "").strip()[:60]
    if name:
        rows = rows.filter(pass_name=name)
    context = {
        "totals": totals_of(
            MatchLine.objects.filter(match__in=rows.values("pk"), undo__isnull=True),
            {"Bank lines that stay matched": "line__amount_minor"},
            currency="match__currency",
        ),
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "pass_name": name,
    }
    return page(request, full="reconciliation/match/list.html", context=context)


@screen("reconciliation.view_match")
def match_detail(request: Request, public_id: str) -> HttpResponse:
    """One match: both sides, why, and what it posted."""
    row = _row(request, public_id)
    lines = [part.line for part in row.lines.select_related("line", "line__statement").order_by("id")]
    items = [part.expectation for part in row.items.select_related("expectation").order_by("id")]
    other = other_side(row)
    context = {
        "row": row,
        "lines": [(line, Money(line.amount_minor, line.currency)) for line in lines],
        "items": [(item, Money(item.amount_minor, item.currency)) for item in items],
        "journal": journal_of(plan_of(row), row.currency),
        "entries": document_entries(("match", row.public_id)),
        "other": other,
        "correction": correction_shown(row, other, request.user),
        "undo": getattr(row, "undo", None),
        "proposal": row.proposals.select_related("discrepancy", "decided_by").order_by("id").first(),
        "clearing": SuspenseClearing.objects.filter(match=row).select_related("facility").first(),
        "taken_back_by": row.taken_back_by.filter(match__undo=None).select_related("match"),
    }
    return page(request, full="reconciliation/match/detail.html", context=context)


@screen("reconciliation.undo_match", methods=["POST"])
def undoing(request: Request, public_id: str) -> HttpResponse:
    """Take a match back, with a reason."""
    row = _row(request, public_id)
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, "Say why the match is taken back.")
        return redirect("reconciliation:match-detail", public_id)
    try:
        undo_match(match_id=row.pk, reason=reason, actor=request.user)
        messages.success(request, "Taken back; its entry was reversed.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:match-detail", public_id)


def _row(request: Request, public_id: str) -> Match:
    rows = Match.objects.select_related("account", "account__facility", "made_by", "undo", "posting", "run")
    return scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
