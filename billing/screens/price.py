"""Price lists on screen: which there are, the prices of one, a new price."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from billing.commands import create_price_list, set_price
from billing.models import PayerClass, Price, PriceList, Service
from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen

PAGE_SIZE = 50


class PriceForm(forms.Form):
    service = forms.ModelChoiceField(queryset=Service.objects.filter(is_active=True).order_by("code", "id"))
    amount = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Empty: until further notice.",
    )


class PriceListForm(forms.Form):
    name = forms.CharField(max_length=80)
    facility = forms.ModelChoiceField(
        queryset=Facility.objects.none(), required=False, empty_label="Every facility"
    )
    payer_class = forms.ChoiceField(
        label="Payers", choices=[("", "Every payer"), *PayerClass.choices], required=False
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$", initial="USD", error_messages={"invalid": "Write the three letters, such as USD."}
    )

    def __init__(self, data, facility_ids) -> None:
        super().__init__(data)
        chooser = self.fields["facility"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = Facility.objects.filter(pk__in=facility_ids).order_by("name", "id")


@screen("billing.view_price")
def price_list(request: Request) -> HttpResponse:
    """The lists open to the person, narrowest first. Two SQL queries besides those of the frame."""
    rows = _lists(request).annotate(n_services=Count("prices__service", distinct=True))
    rows = rows.select_related("facility").order_by("facility__code", "-payer_class", "name", "id")
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request))}
    return page(request, full="billing/price/list.html", context=context)


@screen("billing.view_price", methods=["GET"])
def price_list_detail(request: Request, public_id: str) -> HttpResponse:
    """The prices of a list by service, the running and future ones first."""
    chosen = get_object_or_404(_lists(request).select_related("facility"), public_id=public_id)
    text = request.GET.get("q", "").strip()[:60]
    rows = Price.objects.filter(list=chosen).select_related("service", "set_by")
    if text:
        rows = rows.filter(Q(service__code__istartswith=text) | Q(service__name__icontains=text))
    context = {
        "list": chosen,
        "page": Paginator(rows.order_by("service__code", "-starts_on", "id"), PAGE_SIZE).get_page(
            asked_page(request)
        ),
        "q": text,
        "today": clock.today(facilities_of(request.user)[0].timezone),
    }
    return page(
        request, full="billing/price/detail.html", fragment="billing/price/_table.html", context=context
    )


@screen("billing.set_price", methods=["GET", "POST"])
def price_list_new(request: Request) -> HttpResponse:
    """Start an empty list; its prices are set next."""
    form = PriceListForm(request.POST or None, facility_ids_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            started = create_price_list(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            fields = {"code_taken": "name", "currency_unknown": "currency"}
            refuse_on_form(form, refusal, field=fields.get(refusal.code))
        else:
            messages.success(request, f"{started.name} was started. Set its prices.")
            return redirect("billing:price-list-detail", public_id=started.public_id)
    context = {
        "form": form,
        "title": "New price list",
        "back": reverse("billing:price-list"),
        "back_to": "Price lists",
    }
    return page(request, full="form.html", context=context, status=422 if form.errors else 200)


@screen("billing.set_price", methods=["GET", "POST"])
def price_setting(request: Request, public_id: str) -> HttpResponse:
    """Set a price from a day on; the one that runs then ends the day before."""
    chosen = get_object_or_404(_lists(request), public_id=public_id)
    form = PriceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            price = set_price(
                price_list_id=chosen.pk,
                service_id=asked["service"].pk,
                amount=Money.parse(asked["amount"].strip(), chosen.currency),
                starts_on=asked["starts_on"],
                ends_on=asked["ends_on"],
                actor=request.user,
            )
        except Refusal as refusal:
            field = "amount" if refusal.code in ("money_malformed", "price_not_above_zero") else None
            refuse_on_form(form, refusal, field=field)
        else:
            starts = clock.in_words(price.starts_on)
            messages.success(request, f"{price.service.code} has a new price from {starts}.")
            return redirect("billing:price-list-detail", public_id=public_id)
    context = {"form": form, "list": chosen, "back": reverse("billing:price-list-detail", args=[public_id])}
    return page(request, full="billing/price/set.html", context=context)


def _lists(request: Request):
    ids = facility_ids_of(request.user)
    return PriceList.objects.filter(Q(facility=None) | Q(facility_id__in=ids))
