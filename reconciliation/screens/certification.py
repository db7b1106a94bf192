"""Certification of bank accounts: an overview, the checklist of each, and one item with its history."""

from typing import Any, BinaryIO, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock, files
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, scoped_or_404, screen
from reconciliation import commands
from reconciliation.models import BankAccount, CertificationClaim
from reconciliation.queries import (
    Certification,
    ItemStanding,
    certification_of,
    certifications_of,
    claims_of,
    proof_of,
)
from reconciliation.rules.certification import ITEMS, Detail, Item

STATES = {
    "LEFT": ("none", "Not done"),
    "TO_CONFIRM": ("to_approve", "To confirm"),
    "DONE": ("confirmed", "Confirmed"),
    "NOT_NEEDED": ("ignored", "Not needed"),
    "SENT_BACK": ("rejected", "Sent back"),
    "REOPENED": ("stale", "Open again"),
}
_FIELDS = {
    "certification_day_unfit": "done_on",
    "certification_evidence_missing": "note",
    "certification_reason_missing": "note",
    "certification_reference_unfit": "detail_reference",
    "money_malformed": "detail_amount",
    **dict.fromkeys(("file_too_large", "evidence_kind_refused", "evidence_misnamed"), "file"),
}


class ClaimForm(forms.Form):
    outcome = forms.ChoiceField(
        label="It is",
        choices=[("DONE", "Done"), ("NOT_NEEDED", "Not needed")],
        widget=forms.RadioSelect,
        initial="DONE",
    )
    done_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label="Note",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What was agreed or seen, and where it is kept; or why the item is not needed.",
    )
    file = forms.FileField(label="PDF, picture, Word, Excel or text, up to 20 MB", required=False)

    def __init__(self, data, uploads, item: Item, initial: dict[str, Any]) -> None:
        super().__init__(data, uploads, initial=initial)
        self.item = item
        if item.is_ahead:
            self.fields["done_on"].label = item.title
        is_done = data is None or data.get("outcome") != "NOT_NEEDED"
        for detail in item.details:
            self.fields[f"detail_{detail.name}"] = _field_of(detail, is_needed=is_done)

    def detail_fields(self) -> list[forms.BoundField]:
        return [self[f"detail_{detail.name}"] for detail in self.item.details]

    def details(self) -> dict[str, str]:
        """What was said of the item by name."""
        return {detail.name: self.cleaned_data[f"detail_{detail.name}"] for detail in self.item.details}


def _field_of(detail: Detail, *, is_needed: bool) -> forms.Field:
    if detail.kind == "email":
        return forms.EmailField(label=detail.label, max_length=200, required=is_needed)
    attrs = {"inputmode": "decimal"} if detail.kind == "amount" else {}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=detail.label, max_length=300, required=is_needed, widget=widget)


@screen("reconciliation.view_statement")
def certification_list(request: Request) -> HttpResponse:
    """How far each open account of the person's facilities is; a warning for those used without."""
    found = certifications_of(facility_ids_of(request.user))
    context = {"certifications": found, "overdue": [each for each in found if each.is_overdue]}
    return page(request, full="reconciliation/certification/list.html", context=context)


@screen("reconciliation.view_statement")
def certification_detail(request: Request, code: str) -> HttpResponse:
    """One account's checklist, with what the system sees by itself of each item."""
    account = _own_or_404(request, code)
    found = certification_of(account)
    context = {
        "account": account,
        "certification": found,
        "rows": [_shown(account, standing) for standing in found.items],
    }
    return page(request, full="reconciliation/certification/detail.html", context=context)


@screen("reconciliation.view_statement", methods=["GET", "POST"])
def certification_item(request: Request, code: str, item: str) -> HttpResponse:
    """One item: what is asked, what was said and by whom, and the form that says it is done."""
    account, asked = _own_or_404(request, code), _item_or_404(item)
    if request.method == "POST" and not request.user.has_perm("reconciliation.claim_certification"):
        messages.error(request, "Your role does not fill in the checklist.")
        return redirect("reconciliation:certification-item", code, item)
    today = clock.today(account.facility.timezone)
    form = ClaimForm(request.POST or None, request.FILES or None, asked, {"done_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            _claim(request, account, form)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field=_FIELDS.get(refusal.code))
        else:
            messages.success(request, "Kept. It counts once another person confirms it.")
            return redirect("reconciliation:certification-detail", code)
    return _item_page(request, account, asked, form)


@screen("reconciliation.view_statement", methods=["POST"])
def certification_decision(request: Request, code: str, item: str) -> HttpResponse:
    """Confirm what waits, send it back with a reason, or withdraw one's own."""
    account, verdict = _own_or_404(request, code), request.POST.get("verdict", "")
    claims = CertificationClaim.objects.filter(account=account, item=_item_or_404(item).code)
    row = scoped_or_404(
        claims, request, facility_path="account__facility_id", public_id=request.POST.get("claim", "")
    )
    wanted = "claim_certification" if verdict == "withdraw" else "confirm_certification"
    try:
        if not request.user.has_perm(f"reconciliation.{wanted}"):
            messages.error(request, "Your role does not allow this decision.")
        elif verdict == "confirm":
            commands.confirm_certification(claim_id=row.pk, actor=request.user)
            messages.success(request, "Confirmed.")
            return redirect("reconciliation:certification-detail", code)
        elif verdict == "send_back":
            reason = request.POST.get("reason", "")
            commands.send_back_certification(claim_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Sent back.")
        elif verdict == "withdraw":
            commands.withdraw_certification(claim_id=row.pk, actor=request.user)
            messages.success(request, "Withdrawn.")
        else:
            messages.error(request, "Choose what to do.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:certification-item", code, item)


@screen("reconciliation.reopen_certification", methods=["POST"])
def certification_reopening(request: Request, code: str, item: str) -> HttpResponse:
    """Say that an item no longer holds."""
    account, asked = _own_or_404(request, code), _item_or_404(item)
    reason = request.POST.get("reason", "")
    try:
        commands.reopen_certification(account=account, item=asked.code, reason=reason, actor=request.user)
        messages.success(request, "Open again. The account is not certified until two people agree anew.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:certification-item", code, item)


@transaction.atomic
def _claim(request: Request, account: BankAccount, form: ClaimForm) -> None:
    """Keep the file and what was said, or neither."""
    said, file_id = form.cleaned_data, ""
    if upload := said["file"]:
        file_id = files.store_evidence(
            cast(BinaryIO, upload),
            name=upload.name or "",
            kind="certification_evidence",
            facility=account.facility,
            actor=request.user,
        ).public_id
    commands.claim_certification(
        account=account,
        item=form.item.code,
        outcome=said["outcome"],
        done_on=said["done_on"],
        note=said["note"],
        details=form.details(),
        file_id=file_id,
        actor=request.user,
    )


def _item_page(request: Request, account: BankAccount, item: Item, form: ClaimForm) -> HttpResponse:
    found: Certification = certification_of(account)
    standing = next(each for each in found.items if each.item.code == item.code)
    waiting, may = standing.waiting, request.user.has_perm
    is_own = waiting is not None and waiting.claimed_by_id == request.user.pk
    history = [(claim, _details_of(claim)) for claim in claims_of(account, item.code)]
    context = _shown(account, standing) | {
        "account": account,
        "form": form,
        "waiting": waiting,
        "history": history,
        "can_claim": waiting is None and may("reconciliation.claim_certification"),
        "can_decide": waiting is not None and not is_own and may("reconciliation.confirm_certification"),
        "can_withdraw": is_own and may("reconciliation.claim_certification"),
        "can_reopen": waiting is None
        and standing.in_force is not None
        and may("reconciliation.reopen_certification"),
    }
    status = 422 if form.errors else 200
    return page(request, full="reconciliation/certification/item.html", context=context, status=status)


def _shown(account: BankAccount, standing: ItemStanding) -> dict[str, Any]:
    """One item for a page: its state, whose word stands, and what the system sees now."""
    claim, (state, word) = standing.shown, STATES[standing.state]
    said = claim.details if claim else None
    since = claim.done_on if claim else None
    return {
        "item": standing.item,
        "standing": standing,
        "claim": claim,
        "details": _details_of(claim) if claim else [],
        "state": state,
        "word": word,
        "seen": proof_of(account, standing.item.code, details=said, since=since),
    }


def _details_of(claim: CertificationClaim) -> list[tuple[str, str]]:
    """What was said, with labels, in the order of the list."""
    asked = ITEMS[claim.item].details
    return [(detail.label, claim.details[detail.name]) for detail in asked if detail.name in claim.details]


def _item_or_404(code: str) -> Item:
    if code not in ITEMS:
        raise Http404
    return ITEMS[code]


def _own_or_404(request: Request, code: str) -> BankAccount:
    return scoped_or_404(BankAccount.objects.select_related("facility"), request, code=code)
