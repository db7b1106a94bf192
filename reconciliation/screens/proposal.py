"""How a discrepancy ends: proposed by one person, decided by another."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, screen
from reconciliation import commands, queries
from reconciliation.models import Proposal
from reconciliation.queries import Chosen, DiscrepancyDetail
from reconciliation.rules.cause import ALL, CAUSES, reason_of
from reconciliation.screens.discrepancy import THRESHOLDS, show
from reconciliation.screens.queue import after, filter_of, groups_of, here, row_of, typed_back


class ProposalForm(forms.Form):
    """How it ends and why. The reason in words may stay empty where the cause or the evidence says it."""

    action = forms.ChoiceField(
        choices=Proposal.Action.choices, error_messages={"required": "Say how it ends."}
    )
    cause = forms.ChoiceField(choices=[("", ""), *ALL.items()], required=False)
    reason = forms.CharField(max_length=480, required=False)
    line = forms.TypedMultipleChoiceField(coerce=int, required=False)
    item = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data, detail: DiscrepancyDetail) -> None:
        super().__init__(data, auto_id="%s")
        self._row = detail.row
        lines = [each.id for each in detail.candidates if each.field == "line"]
        items = [each.id for each in detail.candidates if each.field == "item"]
        lines += [each.pk for each in detail.other_lines] + [each.line.pk for each in detail.transfers]
        items += [each.pk for each in detail.other_items]
        offer(self, "line", [(pk, str(pk)) for pk in lines])
        offer(self, "item", [(pk, str(pk)) for pk in items])
        self._evidence = {each.id: ", ".join(each.reasons) for each in detail.candidates}

    def clean(self) -> dict:
        said = super().clean() or {}
        action, cause = said.get("action"), said.get("cause", "")
        if not action or "cause" in self.errors or "reason" in self.errors:
            return said
        if cause and cause not in CAUSES[action]:
            self.add_error("cause", "This cause belongs to another ending. Choose again.")
            return said
        chosen = [*said.get("item", []), *said.get("line", [])]
        evidence = "; ".join(self._evidence[each] for each in chosen if each in self._evidence)
        said["reason"] = reason_of(action, cause=cause, words=said.get("reason", ""), evidence=evidence)
        if not said["reason"]:
            if not self.errors:
                self._refuse_choice(said)
            if cause:
                self.add_error("reason", "The engine suggested none of these: say why they belong together.")
            else:
                self.add_error("cause", "Choose the cause, or say it in words.")
        return said

    def _refuse_choice(self, said: dict) -> None:
        """What is chosen comes before why: say first what of it is missing or wrong."""
        try:
            commands.plan_for(
                self._row,
                action=said["action"],
                line_ids=said.get("line", ()),
                item_ids=said.get("item", ()),
            )
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


@screen("reconciliation.propose", methods=["POST"])
def proposals(request: Request, public_id: str) -> HttpResponse:
    """Propose how it ends; the next one opens. "preview" only shows what would follow from the choice."""
    row = row_of(request, public_id)
    chosen = Chosen(request.POST.get("action", ""), _ids(request, "line"), _ids(request, "item"))
    if chosen.action not in Proposal.Action:
        chosen = Chosen("", chosen.line_ids, chosen.item_ids)
    if "preview" in request.POST:
        return show(request, row, chosen=chosen)
    form = ProposalForm(request.POST, queries.discrepancy_detail(row, chosen))
    following = after(request, row, deciding=False)
    if form.is_valid():
        said = form.cleaned_data
        try:
            commands.propose(
                discrepancy_id=row.pk,
                action=said["action"],
                cause=said["cause"],
                reason=said["reason"],
                line_ids=said["line"],
                item_ids=said["item"],
                actor=request.user,
            )
            return redirect(following)
        except commands.DiscrepancyClosed:
            # The form is not there any more: what somebody else did is, beside what was typed here.
            typed = typed_back(request, "reason")
            messages.error(request, f"Somebody was quicker: nothing of yours was proposed.{typed}")
            return redirect(here(request, row))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return show(request, row, chosen=chosen, form=form, status=422)


@screen("reconciliation.view_discrepancy", methods=["POST"])
def decision(request: Request, public_id: str) -> HttpResponse:
    """Approve, send back with a reason, or withdraw one's own proposal."""
    row = row_of(request, public_id)
    proposal = Proposal.objects.filter(discrepancy=row, verdict=None).order_by("-id").first()
    verdict = request.POST.get("verdict", "")
    if proposal is None:
        messages.error(
            request, "Somebody decided it already; nothing of yours was done. Below is what became of it."
        )
        return redirect(here(request, row))
    wanted = "reconciliation.propose" if verdict == "withdraw" else "reconciliation.approve"
    if not request.user.has_perm(wanted):
        messages.error(request, "Your role does not allow this decision.")
        return redirect(here(request, row))
    following = here(request, row) if verdict == "withdraw" else after(request, row, deciding=True)
    try:
        is_done = _decide(request, proposal, verdict)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        is_done = False
    return redirect(following if is_done else here(request, row))


def _decide(request: Request, proposal: Proposal, verdict: str) -> bool:
    if verdict == "approve":
        commands.approve(proposal_id=proposal.pk, actor=request.user)
    elif verdict == "withdraw":
        commands.withdraw(proposal_id=proposal.pk, actor=request.user)
    elif reason := request.POST.get("reason", "").strip():
        commands.send_back(proposal_id=proposal.pk, reason=reason, actor=request.user)
    else:
        messages.error(request, "Say why you send it back.")
        return False
    return True


@screen("reconciliation.approve", methods=["GET", "POST"])
def approvals(request: Request) -> HttpResponse:
    """GET leads to the proposals in the queue; POST approves those of others in the shown one that score
    enough, after the person typed how many they are.
    """
    if request.method != "POST":
        return redirect(f"{reverse('reconciliation:discrepancy-list')}?state=PROPOSED")
    at_least = _threshold(request)
    shown = [each.row.pk for group in groups_of(request) for each in group.rows]
    waiting = Proposal.objects.filter(discrepancy_id__in=shown, verdict=None, score__gte=at_least)
    ids = list(waiting.exclude(proposed_by=request.user).order_by("id").values_list("pk", flat=True))
    kept = ""
    if request.POST.get("count", "").strip() != str(len(ids)) or not ids:
        said = f"Nothing was approved. Proposals of others here that score {at_least} or more: {len(ids)}."
        messages.error(request, f"{said} Type exactly that number.")
        kept = f"&threshold={at_least}"
    else:
        try:
            commands.approve_all(proposal_ids=ids, at_least=at_least, actor=request.user)
            messages.success(request, f"{len(ids)} approved and posted.")
        except Refusal as refusal:
            messages.error(request, f"{refusal} None of them was approved.")
    return redirect(f"{reverse('reconciliation:discrepancy-list')}?{filter_of(request)}{kept}")


def _threshold(request: Request) -> int:
    said = request.POST.get("threshold", "")
    return int(said) if said in map(str, THRESHOLDS) else THRESHOLDS[0]


def _ids(request: Request, name: str) -> tuple[int, ...]:
    """What was ticked, as far as it can be the number of a row."""
    return tuple(int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19)
