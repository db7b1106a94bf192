"""The work list of finance: a queue on the left, the two sides on the right."""

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach import files
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of, people_who_may
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from reconciliation import commands, queries
from reconciliation.models import Discrepancy, Proposal
from reconciliation.queries import Chosen, DiscrepancyDetail, Group
from reconciliation.rules.cause import CAUSES
from reconciliation.screens.queue import HELD, asked_for, filter_of, groups_of, here, row_of

Action = Proposal.Action
# From which score on proposals may be approved together.
THRESHOLDS = (90, 80, 70, 60)


@screen("reconciliation.view_discrepancy")
def discrepancy_list(request: Request) -> HttpResponse:
    """The queue, with its first discrepancy open."""
    groups = groups_of(request)
    first = next((each.row.public_id for group in groups for each in group.rows), None)
    return show(request, row_of(request, first) if first else None, groups=groups)


@screen("reconciliation.view_discrepancy")
def discrepancy_detail(request: Request, public_id: str) -> HttpResponse:
    """One discrepancy beside the queue."""
    return show(request, row_of(request, public_id))


@screen("reconciliation.write_note", methods=["POST"])
def notes(request: Request, public_id: str) -> HttpResponse:
    row = row_of(request, public_id)
    text = request.POST.get("text", "").strip()[:2000]
    if text:
        commands.write_note(discrepancy_id=row.pk, text=text, actor=request.user)
        messages.success(request, "The note was added.")
    else:
        messages.error(request, "Write the note first.")
    return redirect(here(request, row))


@screen("reconciliation.write_note", methods=["POST"])
def owner(request: Request, public_id: str) -> HttpResponse:
    """Take it, or give it to a colleague of the facility by user name; empty for nobody."""
    row = row_of(request, public_id)
    name = request.POST.get("owner", "").strip()
    person = User.objects.filter(username=name, is_active=True).first() if name else None
    if name and (person is None or row.facility_id not in facility_ids_of(person)):
        messages.error(request, f"{name[:60]} does not work in {row.facility.code}.")
    else:
        commands.assign_discrepancy(discrepancy_id=row.pk, owner=person, actor=request.user)
    return redirect(here(request, row))


@screen("reconciliation.write_note", methods=["POST"])
def discrepancy_files(request: Request, public_id: str) -> HttpResponse:
    """Attach what proves something: a letter, a slip, a picture."""
    row = row_of(request, public_id)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, "Choose the file first.")
        return redirect(here(request, row))
    try:
        stored = files.store_evidence(
            cast(BinaryIO, upload),
            name=upload.name or "",
            kind="discrepancy_evidence",
            facility=row.facility,
            actor=request.user,
        )
        commands.attach_file(discrepancy_id=row.pk, file_id=stored.public_id, actor=request.user)
        messages.success(request, f"{stored.name} was attached.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(here(request, row))


def show(
    request: Request,
    row: Discrepancy | None,
    *,
    groups: list[Group] | None = None,
    chosen: Chosen | None = None,
    form: Any = None,
    status: int = 200,
) -> HttpResponse:
    """The page; to htmx, only what follows from the choice: both sides and the journal."""
    is_fragment = bool(request.htmx) and not request.htmx.boosted
    chosen = chosen or Chosen()
    detail = queries.discrepancy_detail(row, chosen) if row is not None else None
    if detail is not None and not chosen.action:
        chosen = Chosen(_likely(detail), chosen.line_ids, chosen.item_ids)
    context = _of_choice(request, detail, chosen)
    if not is_fragment:
        groups = groups_of(request) if groups is None else groups
        context |= _of_queue(request, groups) | _of_people(request, detail, groups) | {"form": form}
    return page(
        request,
        full="reconciliation/discrepancy/list.html",
        fragment="reconciliation/discrepancy/_chosen.html",
        context=context,
        status=status,
    )


def _likely(detail: DiscrepancyDetail) -> str:
    """The ending that stands chosen at first; none where a person must say first what it is about."""
    row = detail.row
    if row.kind.startswith("STATEMENT_"):
        return Action.ACCEPT
    if detail.candidates:
        return Action.MATCH
    if detail.original:
        return Action.RETURN
    if detail.sweep or detail.transfers:
        return Action.TRANSFER
    return Action.SUSPENSE if row.line_id and not row.expectation_id else ""


def _of_choice(request: Request, detail: DiscrepancyDetail | None, chosen: Chosen) -> dict[str, Any]:
    """Both sides, and the journal of exactly what is chosen, or why it cannot be proposed yet."""
    journal, problem = [], ""
    if detail is not None and detail.proposal is None and detail.row.state != "APPROVED" and chosen.action:
        try:
            plan = commands.plan_for(
                detail.row, action=chosen.action, line_ids=chosen.line_ids, item_ids=chosen.item_ids
            )
            journal = queries.journal_of(plan, detail.row.currency)
            if request.user.has_perm("reconciliation.propose"):
                commands.check_write_off(plan, detail.row.currency, request.user)
        except Refusal as refusal:
            problem = str(refusal)
    return {
        "detail": detail,
        "row": detail.row if detail else None,
        "here": here(request, detail.row) if detail else "",
        "chosen": chosen,
        "preview": journal,
        "problem": problem,
        "is_fragment": bool(request.htmx) and not request.htmx.boosted,
        "is_statement_matter": bool(detail and detail.row.kind.startswith("STATEMENT_")),
    }


def _of_queue(request: Request, groups: list[Group]) -> dict[str, Any]:
    asked = asked_for(request)
    facility_ids = facility_ids_of(request.user)
    done_id = request.GET.get("done", "")
    done = Discrepancy.objects.filter(public_id=done_id, facility_id__in=facility_ids) if done_id else None
    return {
        "groups": groups,
        "waiting_totals": queries.totals_of_queue(groups),
        "waiting": sum(group.count for group in groups),
        "progress": queries.progress(facility_ids, groups),
        "asked": asked,
        "filters": filter_of(request),
        "kinds": Discrepancy.Kind.choices,
        "states": [
            *(each for each in Discrepancy.State.choices if each[0] != "APPROVED"),
            (HELD, "Put aside"),
        ],
        "asked_state": HELD if asked.is_held else asked.state,
        "done": done.select_related("closed_by_match").first() if done is not None else None,
    }


def _causes(detail: DiscrepancyDetail | None) -> list[tuple[str, str, dict[str, str]]]:
    """The endings that fit, each with its name and its causes."""
    is_statement = bool(detail and detail.row.kind.startswith("STATEMENT_"))
    fit = [each for each in Action if (each == Action.ACCEPT) == is_statement]
    if detail is None or detail.original is None:
        fit = [each for each in fit if each != Action.RETURN]
    if detail is None or not (detail.sweep or detail.transfers):
        fit = [each for each in fit if each != Action.TRANSFER]
    return [(each.value, str(each.label), CAUSES[each]) for each in fit]


def _of_people(request: Request, detail: DiscrepancyDetail | None, groups: list[Group]) -> dict[str, Any]:
    """Who may do what with it, and what may be approved together."""
    can_approve = request.user.has_perm("reconciliation.approve")
    proposal = detail.proposal if detail else None
    shown = [each.row.pk for group in groups for each in group.rows if each.row.state == "PROPOSED"]
    return {
        "is_own": bool(proposal and proposal.proposed_by_id == request.user.pk),
        "colleagues": people_who_may("reconciliation.write_note", facility=detail.row.facility)
        if detail
        else [],
        "can_propose": request.user.has_perm("reconciliation.propose"),
        "can_approve": can_approve,
        "causes": _causes(detail),
        "thresholds": queries.scores_to_approve(shown, reader=request.user, thresholds=THRESHOLDS)
        if can_approve
        else [],
        "threshold": request.GET.get("threshold", ""),
    }
