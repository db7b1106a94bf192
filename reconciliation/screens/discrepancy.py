"""The work list of finance: a queue on the left, the two sides on the right."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of, people_who_may
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, scoped_or_404, screen
from reconciliation import commands, queries
from reconciliation.models import Discrepancy, Proposal

FILTERS = ("kind", "state", "q", "mine")


class ProposalForm(forms.Form):
    action = forms.ChoiceField(choices=Proposal.Action.choices)
    reason = forms.CharField(max_length=500, label="Reason")
    line = forms.TypedMultipleChoiceField(coerce=int, required=False)
    item = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data, *, line_ids: list[int], item_ids: list[int]) -> None:
        super().__init__(data)
        offer(self, "line", [(pk, str(pk)) for pk in line_ids])
        offer(self, "item", [(pk, str(pk)) for pk in item_ids])


@screen("reconciliation.view_discrepancy")
def discrepancy_list(request: Request) -> HttpResponse:
    """The queue, with its first discrepancy open."""
    groups = _queue(request)
    first = next((row for group in groups for row in group.rows), None)
    return _show(request, groups, first)


@screen("reconciliation.view_discrepancy")
def discrepancy_detail(request: Request, public_id: str) -> HttpResponse:
    """One discrepancy beside the queue."""
    return _show(request, _queue(request), _row(request, public_id))


@screen("reconciliation.propose", methods=["POST"])
def proposals(request: Request, public_id: str) -> HttpResponse:
    """Propose how it ends; the next one opens. "preview" only shows the journal it would post."""
    row = _row(request, public_id)
    detail = queries.discrepancy_detail(row)
    items = [each.item.pk for each in detail.candidates]
    items += [each.pk for each in queries.unmatched_items(row.account_id)]
    form = ProposalForm(request.POST, line_ids=[each.pk for each in detail.other_lines], item_ids=items)
    if not form.is_valid():
        return _show(request, _queue(request), row, form=form, status=422)
    said = form.cleaned_data
    chosen = {"line_ids": said["line"], "item_ids": said["item"]}
    try:
        if "preview" in request.POST:
            plan = commands.plan_for(row, action=said["action"], **chosen)
            journal = queries.journal_of(plan, row.currency)
            return _show(request, _queue(request), row, form=form, preview=journal)
        commands.propose(
            discrepancy_id=row.pk,
            action=said["action"],
            reason=said["reason"],
            actor=request.user,
            **chosen,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _queue(request), row, form=form, status=422)
    messages.success(request, "Proposed. Another person approves it.")
    return redirect(_next(request, row))


@screen("reconciliation.view_discrepancy", methods=["POST"])
def decision(request: Request, public_id: str) -> HttpResponse:
    """Approve, send back with a reason, or withdraw one's own proposal."""
    row = _row(request, public_id)
    proposal = Proposal.objects.filter(discrepancy=row, verdict=None).order_by("-id").first()
    verdict = request.POST.get("verdict", "")
    if proposal is None:
        messages.error(request, "It was decided already. Refresh the list.")
        return redirect(_here(request, row))
    wanted = "reconciliation.propose" if verdict == "withdraw" else "reconciliation.approve"
    if not request.user.has_perm(wanted):
        messages.error(request, "Your role does not allow this decision.")
        return redirect(_here(request, row))
    try:
        _decide(request, proposal, verdict)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_here(request, row))
    return redirect(_next(request, row))


def _decide(request: Request, proposal: Proposal, verdict: str) -> None:
    if verdict == "approve":
        commands.approve(proposal_id=proposal.pk, actor=request.user)
        messages.success(request, "Approved and posted.")
    elif verdict == "withdraw":
        commands.withdraw(proposal_id=proposal.pk, actor=request.user)
        messages.success(request, "Withdrawn.")
    elif reason := request.POST.get("reason", "").strip():
        commands.send_back(proposal_id=proposal.pk, reason=reason, actor=request.user)
        messages.success(request, "Sent back.")
    else:
        messages.error(request, "Say why you send it back.")


@screen("reconciliation.approve", methods=["GET", "POST"])
def approvals(request: Request) -> HttpResponse:
    """GET leads to the proposals in the queue; POST approves all that others proposed in the shown one,
    after the person typed how many.
    """
    if request.method != "POST":
        return redirect(f"{reverse('reconciliation:discrepancy-list')}?state=PROPOSED")
    shown = [row.pk for group in _queue(request) for row in group.rows if row.state == "PROPOSED"]
    waiting = Proposal.objects.filter(discrepancy_id__in=shown, verdict=None)
    ids = list(waiting.exclude(proposed_by=request.user).order_by("id").values_list("pk", flat=True))
    if request.POST.get("count", "").strip() != str(len(ids)) or not ids:
        messages.error(request, f"{len(ids)} proposals of others wait here. Type exactly that number.")
    else:
        try:
            commands.approve_all(proposal_ids=ids, actor=request.user)
            messages.success(request, f"{len(ids)} approved and posted.")
        except Refusal as refusal:
            messages.error(request, f"{refusal} None of them was approved.")
    return redirect(f"{reverse('reconciliation:discrepancy-list')}?{_filters(request)}")


@screen("reconciliation.write_note", methods=["POST"])
def notes(request: Request, public_id: str) -> HttpResponse:
    row = _row(request, public_id)
    text = request.POST.get("text", "").strip()[:2000]
    if text:
        commands.write_note(discrepancy_id=row.pk, text=text, actor=request.user)
    else:
        messages.error(request, "Write the note first.")
    return redirect(_here(request, row))


@screen("reconciliation.write_note", methods=["POST"])
def owner(request: Request, public_id: str) -> HttpResponse:
    """Take it, or give it to a colleague of the facility by user name; empty for nobody."""
    row = _row(request, public_id)
    name = request.POST.get("owner", "").strip()
    person = User.objects.filter(username=name, is_active=True).first() if name else None
    if name and (person is None or row.facility_id not in facility_ids_of(person)):
        messages.error(request, f"{name[:60]} does not work in {row.facility.code}.")
    else:
        commands.assign_discrepancy(discrepancy_id=row.pk, owner=person, actor=request.user)
    return redirect(_here(request, row))


def _row(request: Request, public_id: str) -> Discrepancy:
    rows = Discrepancy.objects.select_related(
        "facility", "account", "line", "expectation", "statement", "owner", "closed_by_match"
    )
    return scoped_or_404(rows, request, public_id=public_id)


def _queue(request: Request) -> list:
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    groups = queries.queue(
        facility_ids_of(request.user),
        kind=asked["kind"] if asked["kind"] in Discrepancy.Kind else "",
        state=asked["state"] if asked["state"] in Discrepancy.State else "",
        text=asked["q"].strip(),
        mine=request.user if asked["mine"] else None,
    )
    return groups


def _filters(request: Request) -> str:
    kept = request.GET.copy()
    for name in list(kept):
        if name not in FILTERS or not kept[name]:
            del kept[name]
    return kept.urlencode()


def _here(request: Request, row: Discrepancy) -> str:
    address = reverse("reconciliation:discrepancy-detail", args=[row.public_id])
    return f"{address}?{_filters(request)}"


def _next(request: Request, done: Discrepancy) -> str:
    """The one after it in the queue; the queue itself when there is none."""
    rows = [row for group in _queue(request) for row in group.rows if row.pk != done.pk]
    waiting = [row for row in rows if row.state != "PROPOSED"] or rows
    if not waiting:
        return f"{reverse('reconciliation:discrepancy-list')}?{_filters(request)}"
    return _here(request, waiting[0])


def _likely_journal(row: Discrepancy | None, detail) -> list:
    """What approval would post for the first candidate, or else for suspense; [] where neither fits."""
    if row is None or detail.proposal is not None or row.state == "APPROVED":
        return []
    first = [each.item.pk for each in detail.candidates[:1]]
    for action, items in ((Proposal.Action.MATCH, first), (Proposal.Action.SUSPENSE, [])):
        try:
            return queries.journal_of(commands.plan_for(row, action=action, item_ids=items), row.currency)
        except Refusal:
            continue
    return []


def _ids(request: Request, name: str) -> set[int]:
    """What was ticked in the form that is shown again."""
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal()}


def _show(
    request: Request,
    groups: list,
    row: Discrepancy | None,
    *,
    form: ProposalForm | None = None,
    preview: list | None = None,
    status: int = 200,
) -> HttpResponse:
    detail = queries.discrepancy_detail(row) if row is not None else None
    others = queries.unmatched_items(row.account_id) if row is not None and row.account_id else []
    waiting = sum(group.count for group in groups)
    context = {
        "groups": groups,
        "waiting": waiting,
        "detail": detail,
        "row": row,
        "others": others,
        "form": form,
        "preview": preview if preview is not None else _likely_journal(row, detail),
        "chosen_action": request.POST.get("action", Proposal.Action.MATCH),
        "chosen_items": _ids(request, "item"),
        "chosen_lines": _ids(request, "line"),
        "filters": _filters(request),
        "kinds": Discrepancy.Kind.choices,
        "kind": request.GET.get("kind", ""),
        "q": request.GET.get("q", ""),
        "mine": request.GET.get("mine", ""),
        "is_own": bool(detail and detail.proposal and detail.proposal.proposed_by_id == request.user.pk),
        "colleagues": people_who_may("reconciliation.write_note", facility=row.facility) if row else [],
        "can_propose": request.user.has_perm("reconciliation.propose"),
        "can_approve": request.user.has_perm("reconciliation.approve"),
        "to_approve": sum(each.state == "PROPOSED" for group in groups for each in group.rows),
        "is_statement_matter": bool(row and row.kind.startswith("STATEMENT_")),
    }
    return page(request, full="reconciliation/discrepancy/list.html", context=context, status=status)
