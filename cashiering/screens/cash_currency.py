"""Foreign currencies taken in cash: the rules with today's rate, asking for one, letting it count."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from cashiering.commands import approve_cash_currency, ask_cash_currency
from cashiering.models import CashCurrency
from cashiering.queries.cash_currency import (
    cash_currencies,
    cash_currencies_awaiting,
    cash_currency_lines,
)
from cashiering.rules.denominations import DENOMINATIONS
from cashiering.screens.pay_form import typed_money
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, offer, page, refuse_on_form, screen


class CashCurrencyForm(forms.Form):
    """What one person asks for."""

    facility = forms.ChoiceField(label="Facility")
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in DENOMINATIONS])
    is_taken = forms.TypedChoiceField(
        label="Taken in cash",
        choices=[("yes", "Yes"), ("no", "No, not any more")],
        coerce=lambda text: text == "yes",
    )
    smallest = forms.CharField(
        label="Smallest piece taken",
        max_length=20,
        initial="5.00",
        help_text="In that currency, such as 5.00 for notes only.",
    )
    rate_days = forms.IntegerField(
        label="Oldest rate in days",
        min_value=0,
        max_value=7,
        initial=0,
        help_text="0 takes only a rate of the day itself.",
    )
    gives_back = forms.ChoiceField(label="Refunds are paid", choices=CashCurrency.GivesBack.choices)


@screen("cashiering.view_register", methods=("GET", "POST"))
def cash_currency_list(request: Request) -> HttpResponse:
    """What each facility takes, with today's rate; POST asks for another rule."""
    facilities = list(facilities_of(request.user))
    form = CashCurrencyForm(request.POST or None)
    offer(form, "facility", [(one.code, one.name) for one in facilities])
    if request.method == "POST" and request.user.has_perm("cashiering.ask_cash_currency") and form.is_valid():
        try:
            _ask(request, {one.code: one for one in facilities}, form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="smallest" if "amount" in str(refusal) else None)
        else:
            messages.success(request, "It counts once another person approves it.")
            return redirect("cashiering:cash-currency-list")
    context = {"form": form, "places": [_shown(one) for one in facilities]}
    status = 422 if form.errors else 200
    return page(request, full="cashiering/cash_currency/list.html", context=context, status=status)


def _shown(facility: Facility) -> dict[str, Any]:
    """The facility's rules, and what the register would say of each now."""
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    rates = {one.currency: one for one in cash_currencies(facility, quote=facility.currency, on=today)}
    lines = [(line, rates.get(line.currency)) for line in cash_currency_lines(facility)]
    return {"facility": facility, "lines": lines}


def _ask(request: Request, facilities: dict[str, Facility], asked: dict[str, Any]) -> None:
    smallest: Money = typed_money(asked["smallest"], asked["currency"])
    ask_cash_currency(
        facility=facilities[asked["facility"]],
        currency=asked["currency"],
        is_taken=asked["is_taken"],
        rate_days=asked["rate_days"],
        smallest_minor=smallest.minor,
        gives_back=asked["gives_back"],
        actor=request.user,
    )


@screen("cashiering.approve_cash_currency", methods=("POST",))
def approval(request: Request, public_id: str) -> HttpResponse:
    """Let a rule count that somebody else asked for."""
    rows = cash_currencies_awaiting(facility_ids_of(request.user)).filter(public_id=public_id)
    rule = rows.first()
    if rule is None:
        raise Http404
    try:
        approve_cash_currency(rule=rule, actor=request.user)
        messages.success(request, f"{rule.currency} at {rule.facility.code}: the rule counts from now on.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:cash-currency-list")
