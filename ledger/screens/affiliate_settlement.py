"""Setting a transfer between banks off against what one legal entity owes another: asking and deciding."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen
from hms_ach.web.names import names_of
from ledger.commands.affiliate_settlement import (
    approve_affiliate_settlement,
    propose_affiliate_settlement,
    refuse_affiliate_settlement,
)
from ledger.queries import AffiliatePair, affiliate_pairs, place_of_item, settlements
from ledger.queries.affiliates import DUE_FROM, DUE_TO
from ledger.screens.filters import day_field

ITEM = ("creditor", "debtor", "currency", "reference")


class SettlementForm(forms.Form):
    transfer = forms.ChoiceField(
        label="Transfer",
        error_messages={"required": "Choose the transfer that paid it."},
        help_text="What the other book claims for a transfer that both banks booked.",
    )
    amount = forms.CharField(label="Amount", max_length=24)
    effective_on = day_field("Day")
    memo = forms.CharField(label="Why", max_length=200)


@screen("ledger.prepare_journal", methods=["GET", "POST"])
def settlement_asking(request: Request) -> HttpResponse:
    """Choose the transfer that paid an item; another person approves it."""
    pairs = affiliate_pairs(facility_ids=facility_ids_of(request.user), as_of=date.max, by_item=True)
    item = _item(request, pairs)
    transfers = {each.reference: each for each in pairs if _pays(each, item)}
    names = names_of([item.reference, *transfers])
    form = SettlementForm(request.POST or None, initial=_initial(request, item, transfers))
    choices = [
        (each.reference, f"{names[each.reference]}, {_open(each).in_words()}") for each in transfers.values()
    ]
    offer(form, "transfer", choices)
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, item, form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="amount")
        else:
            messages.success(request, "Asked for. Another person approves it, and only then is it posted.")
            return redirect(f"{reverse('ledger:affiliate-list')}#settlements")
    context = {"form": form, "item": item, "name": names[item.reference], "transfers": transfers}
    status = 422 if form.errors else 200
    return page(request, full="ledger/affiliate/settlement.html", context=context, status=status)


@screen("ledger.view_entry", methods=["POST"])
def settlement_decision(request: Request, public_id: str) -> HttpResponse:
    """Approve what somebody else asked for, send it back, or withdraw one's own."""
    asked = settlements(facility_ids_of(request.user)).filter(public_id=public_id).first()
    if asked is None:
        raise Http404
    is_own = asked.proposed_by_id == request.user.pk
    try:
        if not (is_own or request.user.has_perm("ledger.approve_journal")):
            messages.error(request, "Your role does not allow this decision.")
        elif request.POST.get("step") == "approve":
            approve_affiliate_settlement(settlement_id=asked.pk, actor=request.user)
            messages.success(request, "Posted in both books.")
        else:
            refuse_affiliate_settlement(settlement_id=asked.pk, actor=request.user)
            messages.success(request, "Withdrawn." if is_own else "Sent back. Both items stay.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('ledger:affiliate-list')}#settlements")


def _item(request: Request, pairs: list[AffiliatePair]) -> AffiliatePair:
    """The item that the address names, as both books have it; 404 where the person sees none such."""
    wanted = tuple(request.GET.get(name, "") for name in ITEM)
    for each in pairs:
        key = (each.creditor, each.debtor, each.currency, each.reference)
        if key == wanted and each.reference and _open(each).minor > 0:
            return each
    raise Http404


def _pays(each: AffiliatePair, item: AffiliatePair) -> bool:
    """Whether it is the other way round in the same currency, and both books have some of it."""
    other_way = (each.creditor, each.debtor, each.currency) == (item.debtor, item.creditor, item.currency)
    return other_way and bool(each.reference) and _open(each).minor > 0


def _open(each: AffiliatePair) -> Money:
    """What both books have of an item: the smaller side; zero where one is not known."""
    if each.claimed is None or each.owed is None:
        return Money.zero(each.currency)
    return min(each.claimed, each.owed, key=lambda side: side.minor)


def _initial(request: Request, item: AffiliatePair, transfers: dict[str, AffiliatePair]) -> dict[str, Any]:
    """The only transfer there is and as much as both have; nothing is chosen between several."""
    today = clock.today(facilities_of(request.user)[0].timezone)
    if len(transfers) != 1:
        return {"effective_on": today, "amount": str(_open(item))}
    (only,) = transfers.values()
    amount = min(_open(item), _open(only), key=lambda side: side.minor)
    return {"effective_on": today, "amount": str(amount), "transfer": only.reference}


def _propose(request: Request, item: AffiliatePair, chosen: dict[str, Any]) -> None:
    own = {facility.pk: facility for facility in facilities_of(request.user)}
    debtor, creditor = place_of_item(DUE_TO, item), place_of_item(DUE_FROM, item)
    if debtor is None or creditor is None or not {debtor.pk, creditor.pk} <= set(own):
        raise Http404
    propose_affiliate_settlement(
        debtor=own[debtor.pk],
        creditor=own[creditor.pk],
        amount=Money.parse(chosen["amount"].strip().replace(",", ""), item.currency),
        reference=item.reference,
        transfer=chosen["transfer"],
        effective_on=chosen["effective_on"] or _today(own[debtor.pk]),
        memo=chosen["memo"],
        actor=request.user,
    )


def _today(facility: Facility) -> Any:
    return clock.today(facility.timezone)
