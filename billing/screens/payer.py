"""Payers on screen: who pays besides the patient, a new one, a change."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from billing.commands import change_payer, register_payer
from billing.models import Payer, PayerClass
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen

PAGE_SIZE = 50
CLASSES = [choice for choice in PayerClass.choices if choice[0] != PayerClass.SELF_PAY]


class PayerForm(forms.Form):
    name = forms.CharField(max_length=120)
    address = forms.CharField(required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    is_active = forms.BooleanField(label="Offered for new bills and coverages", required=False, initial=True)


class NewPayerForm(PayerForm):
    code = forms.RegexField(r"^[A-Z0-9-]{1,12}$", label="Code (capital letters, digits, hyphens)")
    payer_class = forms.ChoiceField(label="Class", choices=CLASSES)
    field_order = ["code", "payer_class", "name", "address"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]


@screen("billing.view_payer")
def payer_list(request: Request) -> HttpResponse:
    """Payers by name, or those whose code or name contains what was typed. Two SQL queries."""
    text = request.GET.get("q", "").strip()[:60]
    rows = Payer.objects.order_by("name", "id")
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(name__icontains=text))
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request)), "q": text}
    return page(
        request, full="billing/payer/list.html", fragment="billing/payer/_table.html", context=context
    )


@screen("billing.register_payer", methods=["GET", "POST"])
def payer_registration(request: Request) -> HttpResponse:
    """Add a payer."""
    form = NewPayerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payer = register_payer(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="code")
        else:
            messages.success(request, f"{payer.name} was added.")
            return redirect("billing:payer-list")
    return _form(request, form, "New payer")


@screen("billing.register_payer", methods=["GET", "POST"])
def payer_change(request: Request, public_id: str) -> HttpResponse:
    """Change a payer's name and address, or stop offering it."""
    payer = get_object_or_404(Payer, public_id=public_id)
    known = {name: getattr(payer, name) for name in PayerForm.base_fields}
    form = PayerForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_payer(payer_id=payer.pk, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{payer.code} was changed.")
        return redirect("billing:payer-list")
    return _form(request, form, f"Payer {payer.code}")


def _form(request: Request, form: forms.Form, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("billing:payer-list"), "back_to": "Payers"}
    status = 422 if form.errors else 200
    return page(request, full="form.html", context=context, status=status)
