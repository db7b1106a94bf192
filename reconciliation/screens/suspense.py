"""Suspense: what nobody could place yet, the oldest first, and where it goes."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from cashiering.queries import lockbox_images_of
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, scoped_or_404, screen
from hms_ach.web.names import name_of, names_of
from ledger.queries import document_entries
from reconciliation import commands
from reconciliation.commands import SuspenseKey
from reconciliation.models import SuspenseClearing
from reconciliation.queries import (
    affiliate_receipts,
    clearings_of,
    owed_back,
    suspense_balance,
    suspense_items,
    tries_of,
)
from reconciliation.rules.clearing import purposes_of_people
from reconciliation.screens.clearing_journal import clearing_journal

Purpose = SuspenseClearing.Purpose
_FIELDS = {
    "document_not_found": "document",
    "document_not_said": "document",
    "more_than_in_suspense": "amount",
    "money_malformed": "amount",
    "owner_unfit": "owner",
}


class ClearingForm(forms.Form):
    purpose = forms.ChoiceField(label="What it is")
    owner = forms.ChoiceField(label="Whose money it is", required=False)
    document = forms.CharField(label="Invoice number or MRN", max_length=40, required=False)
    amount = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    reason = forms.CharField(label="How it was found out", max_length=500)


@screen("reconciliation.view_discrepancy")
def suspense_list(request: Request) -> HttpResponse:
    """Every item of the person's facilities that is not back at zero, oldest first."""
    facilities = facilities_of(request.user)
    today = clock.today(facilities[0].timezone) if facilities else clock.now().date()
    items = suspense_items(facilities, today=today)
    names = names_of(row.item.reference for row in items)
    tries = tries_of([facility.pk for facility in facilities])
    rows = []
    for row in items:
        tried = tries.get((row.item.facility_id, row.item.reference, row.held.currency))
        rows.append((row, names[row.item.reference], tried))
    held: dict[str, Money] = {}
    for item in items:
        held[item.held.currency] = held.get(item.held.currency, Money.zero(item.held.currency)) + item.held
    context = {"rows": rows, "totals": [held[currency] for currency in sorted(held)]}
    return page(request, full="reconciliation/suspense/list.html", context=context)


@screen("reconciliation.view_discrepancy")
def suspense_detail(request: Request, code: str, currency: str, reference: str) -> HttpResponse:
    """One item: where it came from, what was proposed, and the form or the decision."""
    return _show(request, _key(request, code, currency, reference))


@screen("reconciliation.propose", methods=["POST"])
def suspense_clearing(request: Request, code: str, currency: str, reference: str) -> HttpResponse:
    """Propose what it is."""
    item = _key(request, code, currency, reference)
    form = _form(item, request.user, request.POST)
    if not form.is_valid():
        return _show(request, item, form=form, status=422)
    asked = form.cleaned_data
    try:
        commands.propose_clearing(
            item=item,
            purpose=asked["purpose"],
            document=asked["document"],
            owner=_owner(item, request.user, asked.get("owner", "")),
            amount=Money.parse(asked["amount"].strip(), currency),
            reason=asked["reason"],
            actor=request.user,
        )
    except Refusal as refusal:
        refuse_on_form(form, refusal, field=_FIELDS.get(refusal.code))
        return _show(request, item, form=form, status=422)
    messages.success(request, "Proposed. Another person approves it.")
    return redirect("reconciliation:suspense-detail", code, currency, reference)


@screen("reconciliation.view_discrepancy")
def clearing_detail(request: Request, public_id: str) -> HttpResponse:
    """A clearing is shown at its item; another legal entity's money on a page that its owner opens, too."""
    if affiliate_receipts(facility_ids_of(request.user)).filter(public_id=public_id).exists():
        return redirect("reconciliation:affiliate-receipt-detail", public_id)
    row = scoped_or_404(SuspenseClearing.objects.select_related("facility"), request, public_id=public_id)
    return redirect("reconciliation:suspense-detail", row.facility.code, row.currency, row.reference)


@screen("reconciliation.view_discrepancy", methods=["POST"])
def clearing_decision(request: Request, public_id: str) -> HttpResponse:
    """Approve, send back with a reason, or withdraw one's own proposal."""
    row = scoped_or_404(SuspenseClearing.objects.select_related("facility"), request, public_id=public_id)
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "").strip()[:500]
    wanted = "reconciliation.propose" if verdict == "withdraw" else "reconciliation.approve"
    try:
        if not request.user.has_perm(wanted):
            messages.error(request, "Your role does not allow this decision.")
        elif verdict == "approve":
            commands.approve_clearing(clearing_id=row.pk, actor=request.user)
            messages.success(request, "Approved and posted.")
        elif verdict == "withdraw":
            commands.withdraw_clearing(clearing_id=row.pk, actor=request.user)
            messages.success(request, "Withdrawn.")
        elif reason:
            commands.send_back_clearing(clearing_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Sent back.")
        else:
            messages.error(request, "Say why you send it back.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:suspense-detail", row.facility.code, row.currency, row.reference)


@screen("reconciliation.view_discrepancy", methods=["POST"])
def clearing_undo(request: Request, public_id: str) -> HttpResponse:
    """Ask that an approved clearing be undone; approve that, or let the clearing stay."""
    row = scoped_or_404(SuspenseClearing.objects.select_related("facility"), request, public_id=public_id)
    waiting = row.undoings.filter(verdict=None).first()
    step, reason = request.POST.get("step", ""), request.POST.get("reason", "").strip()[:500]
    wanted = "reconciliation.propose" if step == "ask" else "reconciliation.approve"
    is_own = waiting is not None and waiting.proposed_by_id == request.user.pk
    try:
        if not (request.user.has_perm(wanted) or (step == "keep" and is_own)):
            messages.error(request, "Your role does not allow this decision.")
        elif step == "ask" and not reason:
            messages.error(request, "Say why it is to be undone.")
        elif step == "ask":
            commands.propose_clearing_undo(clearing_id=row.pk, reason=reason, actor=request.user)
            messages.success(request, "Asked for. Another person approves it.")
        elif waiting is None:
            messages.error(request, "Nobody asks to undo this any more.")
        elif step == "approve":
            commands.approve_clearing_undo(undo_id=waiting.pk, actor=request.user)
            messages.success(request, "Undone: the entry is reversed, and the item is in suspense again.")
        else:
            commands.refuse_clearing_undo(undo_id=waiting.pk, actor=request.user)
            messages.success(request, "The clearing stays.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:suspense-detail", row.facility.code, row.currency, row.reference)


def _undo_of(clearing: SuspenseClearing, request: Request) -> dict:
    """What the page offers at a decided clearing: its last undoing, and what this person may do."""
    last = next((row for row in reversed(clearing.undoings.all()) if row.verdict in (None, "APPROVED")), None)
    is_waiting = last is not None and last.verdict is None
    is_own = last is not None and last.proposed_by_id == request.user.pk
    can_propose = request.user.has_perm("reconciliation.propose")
    return {
        "clearing": clearing,
        "undo": last,
        "owed_back": clearing.purpose == "GIVE_BACK"
        and owed_back([clearing.facility_id]).filter(pk=clearing.pk).exists(),
        "can_ask": clearing.verdict == "APPROVED" and last is None and can_propose,
        "can_approve": is_waiting and not is_own and request.user.has_perm("reconciliation.approve"),
        "can_withdraw": is_waiting and is_own,
    }


def _key(request: Request, code: str, currency: str, reference: str) -> SuspenseKey:
    for facility in facilities_of(request.user):
        if facility.code == code:
            return SuspenseKey(facility, reference, currency)
    raise Http404


def _others(item: SuspenseKey, person: User) -> list[Facility]:
    """The person's facilities of other legal entities: whose money it may be."""
    entity_id = item.facility.legal_entity_id
    return [each for each in facilities_of(person) if each.legal_entity_id != entity_id]


def _owner(item: SuspenseKey, person: User, code: str) -> Facility | None:
    return next((each for each in _others(item, person) if each.code == code), None)


def _form(item: SuspenseKey, person: User, data=None) -> ClearingForm:
    balance = suspense_balance(item.facility, reference=item.reference, currency=item.currency)
    form = ClearingForm(data, initial={"amount": str(Money(abs(balance.minor), item.currency))})
    others = _others(item, person)
    purposes = [name for name in purposes_of_people(balance.minor) if others or name != Purpose.AFFILIATE]
    offer(form, "purpose", [(name, Purpose(name).label) for name in purposes])
    if Purpose.AFFILIATE in purposes:
        named = [(each.code, f"{each.name} ({each.legal_entity.name})") for each in others]
        offer(form, "owner", [("", "Nobody else's"), *named])
    else:
        del form.fields["owner"]
    return form


def _show(
    request: Request, item: SuspenseKey, *, form: ClearingForm | None = None, status: int = 200
) -> HttpResponse:
    asked = {"reference": item.reference, "currency": item.currency}
    balance = suspense_balance(item.facility, **asked)
    clearings = clearings_of(item.facility, **asked)
    if not balance and not clearings:
        raise Http404
    waiting = next((row for row in clearings if row.verdict is None), None)
    can_propose = request.user.has_perm("reconciliation.propose") and waiting is None and bool(balance)
    context = {
        "facility": item.facility,
        "currency": item.currency,
        "reference": item.reference,
        "name": name_of(item.reference),
        "images": lockbox_images_of(item.reference, [item.facility.pk]),
        "held": -balance,
        "tried": tries_of([item.facility.pk]).get((item.facility.pk, item.reference, item.currency)),
        "waiting": waiting,
        "journal": clearing_journal(waiting) if waiting else [],
        "past": [_undo_of(row, request) for row in clearings if row.verdict is not None],
        "entries": document_entries(
            *((kind, row.public_id) for row in clearings for kind in ("suspense_clearing", "affiliate"))
        ),
        "is_own": bool(waiting and waiting.proposed_by_id == request.user.pk),
        "can_approve": request.user.has_perm("reconciliation.approve"),
        "form": (form or _form(item, request.user)) if can_propose else None,
    }
    return page(request, full="reconciliation/suspense/detail.html", context=context, status=status)
