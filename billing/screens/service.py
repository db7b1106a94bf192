"""The catalogue of services on screen: what can be charged, a new service, a change."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from billing.commands import change_service, register_service
from billing.models import Service
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen

PAGE_SIZE = 50


class ServiceForm(forms.Form):
    name = forms.CharField(max_length=160)
    revenue_code = forms.RegexField(
        r"^[0-9]{3,4}$", required=False, help_text="Three or four digits of the UB-04."
    )
    department_code = forms.CharField(
        max_length=10, required=False, help_text="The department that earns it, by its code."
    )
    is_active = forms.BooleanField(label="Offered for new charges", required=False, initial=True)


class NewServiceForm(ServiceForm):
    code = forms.RegexField(r"^[A-Z0-9.-]{1,20}$", label="Code (capital letters, digits, dots, hyphens)")
    field_order = ["code", "name"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]


@screen("billing.view_price")
def service_list(request: Request) -> HttpResponse:
    """Services by code, or those whose code or name contains what was typed. Two SQL queries."""
    text = request.GET.get("q", "").strip()[:60]
    rows = Service.objects.order_by("code", "id")
    if text:
        rows = rows.filter(Q(code__istartswith=text) | Q(name__icontains=text))
    context = {"page": Paginator(rows, PAGE_SIZE).get_page(asked_page(request)), "q": text}
    return page(
        request, full="billing/service/list.html", fragment="billing/service/_table.html", context=context
    )


@screen("billing.register_service", methods=["GET", "POST"])
def service_registration(request: Request) -> HttpResponse:
    """Add a service; a price list must price it before it can be charged."""
    form = NewServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service = register_service(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="code")
        else:
            messages.success(request, f"{service.code} was added. Set its price in a price list.")
            return redirect("billing:service-list")
    return _form(request, form, "New service")


@screen("billing.register_service", methods=["GET", "POST"])
def service_change(request: Request, code: str) -> HttpResponse:
    """Change a service, or stop offering it."""
    service = get_object_or_404(Service, code=code)
    known = {name: getattr(service, name) for name in ServiceForm.base_fields}
    form = ServiceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        change_service(service_id=service.pk, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{service.code} was changed.")
        return redirect("billing:service-list")
    return _form(request, form, f"Service {service.code}")


def _form(request: Request, form: forms.Form, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("billing:service-list"), "back_to": "Services"}
    status = 422 if form.errors else 200
    return page(request, full="form.html", context=context, status=status)
