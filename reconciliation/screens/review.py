"""Putting discrepancies aside, rejecting suggestions, giving several to one person."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, screen
from reconciliation import commands, queries
from reconciliation.models import Discrepancy
from reconciliation.queries import Chosen
from reconciliation.screens.queue import after, filter_of, here, row_of, typed_back

MOST_ASSIGNED = 200


@screen("reconciliation.write_note", methods=["POST"])
def hold(request: Request, public_id: str) -> HttpResponse:
    """Put it aside until a day; the next one opens. "release" brings it back."""
    row = row_of(request, public_id)
    if "release" in request.POST:
        commands.release_discrepancy(discrepancy_id=row.pk, actor=request.user)
        return redirect(here(request, row))
    following = after(request, row, deciding=False)
    try:
        until_on = date.fromisoformat(request.POST.get("until", "").strip())
        commands.hold_discrepancy(
            discrepancy_id=row.pk,
            until_on=until_on,
            reason=request.POST.get("reason", ""),
            actor=request.user,
        )
    except ValueError:
        messages.error(request, f"Say until which day.{typed_back(request, 'reason')}")
    except Refusal as refusal:
        messages.error(request, f"{refusal}{typed_back(request, 'reason')}")
    else:
        messages.success(request, f"Put aside until {until_on:%b} {until_on.day}. It comes back by itself.")
        return redirect(following)
    return redirect(here(request, row))


@screen("reconciliation.propose", methods=["POST"])
def rejections(request: Request, public_id: str) -> HttpResponse:
    """Reject a candidate by its number, with a reason; "restore" takes one back."""
    row = row_of(request, public_id)
    restored = request.POST.get("restore", "")
    try:
        if restored:
            known = {str(each.pk): each.pk for each in queries.rejections_of(row)}
            if restored in known:
                commands.restore_suggestion(
                    discrepancy_id=row.pk, rejection_id=known[restored], actor=request.user
                )
                messages.success(request, "Taken back. The next matching may suggest it again.")
        else:
            _reject(request, row)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(here(request, row))


def _reject(request: Request, row: Discrepancy) -> None:
    found = queries.discrepancy_detail(row, Chosen()).candidates
    asked = request.POST.get("candidate", "")
    candidate = next((each for each in found if f"{each.field}:{each.id}" == asked), None)
    if candidate is None:
        messages.error(request, f"Choose which candidate it is not.{typed_back(request, 'reason')}")
        return
    is_item = candidate.field == "item"
    line_id = row.line_id if is_item else candidate.id
    item_id = candidate.id if is_item else row.expectation_id
    assert line_id is not None
    assert item_id is not None
    commands.reject_suggestion(
        discrepancy_id=row.pk,
        line_id=line_id,
        item_id=item_id,
        reason=request.POST.get("reason", ""),
        actor=request.user,
    )
    messages.success(request, "Rejected. It is not suggested or matched again.")


@screen("reconciliation.write_note", methods=["POST"])
def owners(request: Request) -> HttpResponse:
    """Give the ticked ones to one person, or to nobody."""
    picked = request.POST.getlist("row")[:MOST_ASSIGNED]
    facility_ids = facility_ids_of(request.user)
    rows = Discrepancy.objects.filter(public_id__in=picked, facility_id__in=facility_ids)
    ids = list(rows.exclude(state="APPROVED").order_by("pk").values_list("pk", flat=True))
    name = request.POST.get("owner", "").strip()
    person = get_object_or_404(User, username=name, is_active=True) if name else None
    if not ids:
        messages.error(request, "Tick the discrepancies first.")
    else:
        try:
            count = commands.assign_discrepancies(discrepancy_ids=ids, owner=person, actor=request.user)
            who = person.get_full_name() if person else "nobody"
            messages.success(request, f"{count} given to {who}.")
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{reverse('reconciliation:discrepancy-list')}?{filter_of(request)}")
