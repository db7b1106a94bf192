"""Putting a final day right: what a match's page and a day's page say of it, and its decision."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from reconciliation import commands
from reconciliation.models import DayCorrection, Match
from reconciliation.queries import day_corrections, is_day_locked, is_in_closed_day

SUPERVISES = "reconciliation.undo_match"


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    """What a person may do about a match of a final day; asked: the correction that waits or was approved."""

    is_final: bool
    is_locked: bool
    asked: DayCorrection | None
    can_ask: bool
    can_approve: bool
    can_withdraw: bool


def correction_shown(match: Match, other: Match | None, person: User) -> CorrectionShown:
    """Of both halves where the match is half of a transfer between own accounts."""
    halves = [match] if other is None else [match, other]
    is_final = any(is_in_closed_day(half) for half in halves)
    is_locked = any(is_day_locked(half.account.facility, half.effective_on) for half in halves)
    rows = day_corrections([half.account.facility_id for half in halves])
    asked = rows.filter(match__in=halves).exclude(verdict__in=("REJECTED", "WITHDRAWN")).last()
    waits = asked is not None and asked.verdict is None
    is_own = asked is not None and asked.proposed_by_id == person.pk
    may = person.has_perm(SUPERVISES) and is_final
    return CorrectionShown(
        is_final=is_final,
        is_locked=is_final and is_locked,
        asked=asked,
        can_ask=may and not is_locked and asked is None,
        can_approve=may and not is_locked and waits and not is_own,
        can_withdraw=may and waits and is_own,
    )


@screen("reconciliation.view_day")
def correction_list(request: Request) -> HttpResponse:
    """What was put right in closed days of the person's facilities, newest first; or only what waits."""
    rows = day_corrections(facility_ids_of(request.user)).order_by("-id")
    if request.GET.get("waiting"):
        rows = rows.filter(verdict=None)
    listed = Paginator(rows, 50).get_page(asked_page(request))
    context = {"page": listed, "corrections": listed, "is_waiting": bool(request.GET.get("waiting"))}
    return page(request, full="reconciliation/day_correction/list.html", context=context)


@screen(SUPERVISES, methods=["POST"])
def correcting(request: Request, public_id: str) -> HttpResponse:
    """Ask that a match of a final day be taken back; approve that, or let the match stay."""
    rows = Match.objects.select_related("account__facility")
    row = scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
    waiting = row.corrections.filter(verdict=None).first()
    step, reason = request.POST.get("step", ""), request.POST.get("reason", "").strip()[:500]
    try:
        if step == "ask" and not reason:
            messages.error(request, "Say why the day is to be corrected.")
        elif step == "ask":
            commands.propose_day_correction(match_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Asked for. Another person approves it.")
        elif waiting is None:
            messages.error(request, "Nobody asks to correct this any more.")
        elif step == "approve":
            commands.approve_day_correction(correction_id=waiting.pk, actor=request.user)
            messages.success(request, "Corrected: the entry is reversed, and the bank line is open again.")
        else:
            commands.refuse_day_correction(correction_id=waiting.pk, actor=request.user)
            messages.success(request, "The match stays.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:match-detail", public_id)
