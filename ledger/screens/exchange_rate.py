"""Rates of exchange: the list, a file of them, and one by hand."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.money import CURRENCIES
from hms_ach.refusal import Refusal
from hms_ach.sheets import StatementTable
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen
from ledger.commands import import_rates, record_rate
from ledger.formats.exchange_rates import MAX_BYTES
from ledger.models import ExchangeRate
from ledger.queries import exchange_rates
from ledger.queries.exchange_rate import doubted
from ledger.reports.exchange_rate import exchange_rates_table
from ledger.rules.exchange_rate import Quoted
from ledger.screens.filters import BookFilter, FilterNotUnderstood
from ledger.screens.foot import foot_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

_CODES = [(code, code) for code in sorted(CURRENCIES)]


class RateFilter(forms.Form):
    base = forms.ChoiceField(label="From", choices=[("", "All"), *_CODES], required=False)
    quote = forms.ChoiceField(label="To", choices=[("", "All"), *_CODES], required=False)
    until = forms.DateField(label="Up to and with", required=False, widget=forms.DateInput({"type": "date"}))


class RateFileForm(forms.Form):
    file = forms.FileField(
        label="Rates",
        help_text="The European Central Bank's XML, or CSV with the columns date,base,quote,rate.",
    )
    source = forms.CharField(label="Source", max_length=60, initial="ECB")


class RateForm(forms.Form):
    base = forms.ChoiceField(label="One unit of", choices=_CODES)
    quote = forms.ChoiceField(label="buys units of", choices=_CODES)
    rate = forms.DecimalField(label="Rate", max_digits=19, decimal_places=10)
    on = forms.DateField(label="Day", widget=forms.DateInput({"type": "date"}))
    source = forms.CharField(label="Source", max_length=60)
    is_sure = forms.BooleanField(label="It is right, although it looks like a slip", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_sure") or not all(said.get(name) for name in ("base", "quote", "rate", "on")):
            return said
        if said["rate"] <= 0 or said["base"] == said["quote"]:
            return said  # No rate at all: the command says so, and no tick makes it one.
        for _each, why in doubted([Quoted(0, said["on"], said["base"], said["quote"], said["rate"])]):
            self.add_error("rate", f"This looks like a slip: {why}. Correct it, or tick that it is right.")
        return said


@screen("ledger.view_rate")
def exchange_rate_list(request: Request) -> HttpResponse:
    """Rates as they were recorded, the latest day first."""
    filters = RateFilter(request.GET, auto_id="%s")
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = _rates(chosen)
    return page(
        request,
        full="ledger/exchange_rate/list.html",
        fragment="ledger/exchange_rate/_table.html",
        context={
            "filters": filters,
            "foot": foot_of("rates", request),
            "is_set": any(chosen.values()),
            "page": Paginator(rows, 50).get_page(asked_page(request)),
        },
    )


def table(request: Request) -> StatementTable:
    """The same as rows for a file."""
    filters, scope = RateFilter(request.GET), BookFilter(request).scope_or_refuse()
    if not filters.is_valid():
        raise FilterNotUnderstood(problem=" ".join(map(str, filters.errors.values())))
    chosen = filters.cleaned_data
    asked = [("From", chosen["base"]), ("To", chosen["quote"])]
    more = [(label, code) for label, code in asked if code]
    return exchange_rates_table(scope, _rates(chosen), more=more, actor=request.user)


def _rates(chosen: dict) -> "QuerySet[ExchangeRate]":
    return exchange_rates(
        base=chosen.get("base", ""), quote=chosen.get("quote", ""), until=chosen.get("until")
    )


@screen("ledger.import_rates", methods=["GET", "POST"])
def exchange_rate_upload(request: Request) -> HttpResponse:
    """Take a file of rates in, all of it or nothing."""
    form = RateFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read(MAX_BYTES + 1)
            taken = import_rates(content=content, source=form.cleaned_data["source"], actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
        else:
            messages.success(
                request,
                f"{taken.added} recorded, {taken.crossed} crossed from them, {taken.known} known before.",
            )
            return redirect("ledger:exchange-rate-list")
    status = 422 if form.errors else 200
    return page(request, full="ledger/exchange_rate/upload.html", context={"form": form}, status=status)


@screen("ledger.record_rate", methods=["GET", "POST"])
def exchange_rate_new(request: Request) -> HttpResponse:
    """Record one rate by hand."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = {name: value for name, value in form.cleaned_data.items() if name != "is_sure"}
            record_rate(**said, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="rate")
        else:
            messages.success(request, "The rate is recorded.")
            return redirect("ledger:exchange-rate-list")
    status = 422 if form.errors else 200
    return page(request, full="ledger/exchange_rate/new.html", context={"form": form}, status=status)
