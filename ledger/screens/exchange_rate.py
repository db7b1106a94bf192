"""Rates of exchange: the list, a file of them, and one by hand."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from hms_ach.money import CURRENCIES
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen
from ledger.commands import import_rates, record_rate
from ledger.formats.exchange_rates import MAX_BYTES
from ledger.queries import exchange_rates

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


@screen("ledger.view_rate")
def exchange_rate_list(request: Request) -> HttpResponse:
    """Rates as they were recorded, the latest day first."""
    filters = RateFilter(request.GET, auto_id="%s")
    chosen = filters.cleaned_data if filters.is_valid() else {}
    rows = exchange_rates(
        base=chosen.get("base", ""), quote=chosen.get("quote", ""), until=chosen.get("until")
    )
    return page(
        request,
        full="ledger/exchange_rate/list.html",
        fragment="ledger/exchange_rate/_table.html",
        context={
            "filters": filters,
            "is_set": any(chosen.values()),
            "page": Paginator(rows, 50).get_page(request.GET.get("page", 1)),
        },
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
                f"{taken.added} rates were recorded and {taken.crossed} crossed from them; "
                f"{taken.known} were known.",
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
            record_rate(**form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="rate")
        else:
            messages.success(request, "The rate is recorded.")
            return redirect("ledger:exchange-rate-list")
    status = 422 if form.errors else 200
    return page(request, full="ledger/exchange_rate/new.html", context={"form": form}, status=status)
