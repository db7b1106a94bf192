"""The general ledger's own chart and names: what maps may lead to, and what layouts say."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hms_ach.access.models import LegalEntity
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, refuse_on_form, screen
from ledger.commands import import_gl_accounts, set_gl_settings
from ledger.formats.layouts import SETTINGS
from ledger.formats.mapping import read_accounts
from ledger.queries import gl_accounts, gl_settings
from ledger.screens.filters import BookFilter
from ledger.screens.mapping_forms import UploadForm


class SettingsForm(forms.Form):
    """One field for each name that a layout uses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in SETTINGS.items():
            self.fields[name] = forms.CharField(label=label, max_length=80, required=False)


@screen("ledger.view_mapping")
def gl_account_list(request: Request) -> HttpResponse:
    """The chart of one legal entity's general ledger, by code."""
    filters = BookFilter(request)
    scope = filters.scope()
    entity = scope.legal_entity if scope else None
    return _list(request, entity, filters, UploadForm())


def _list(
    request: Request, entity: LegalEntity | None, filters: BookFilter, form: forms.Form, **more: Any
) -> HttpResponse:
    accounts: Any = gl_accounts(legal_entity=entity) if entity else []
    return page(
        request,
        full="ledger/gl_account/list.html",
        fragment="ledger/gl_account/_table.html",
        context={
            "filters": filters,
            "entity": entity,
            "page": Paginator(accounts, 100).get_page(asked_page(request)),
            "form": form,
            "findings": more.get("findings", ()),
        },
        status=more.get("status", 200),
    )


@screen("ledger.draft_mapping", methods=["POST"])
def gl_account_upload(request: Request, entity_code: str) -> HttpResponse:
    """Take in the chart of the general ledger from a file, all or none."""
    entity = _entity_or_404(request, entity_code)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            rows = read_accounts(form.cleaned_data["file"].read())
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            more = {"findings": getattr(refusal, "findings", ()), "status": 422}
            return _list(request, entity, BookFilter(request), form, **more)
        count = import_gl_accounts(legal_entity=entity, rows=rows, actor=request.user)
        messages.success(request, f"{count} of {len(rows)} accounts were new or changed.")
        return HttpResponseRedirect(f"{reverse('ledger:gl-account-list')}?entity={entity.code}")
    return _list(request, entity, BookFilter(request), form, status=422)


@screen("ledger.manage_gl_export", methods=["GET", "POST"])
def gl_setting(request: Request, entity_code: str) -> HttpResponse:
    """What the general ledger calls things in its layouts."""
    entity = _entity_or_404(request, entity_code)
    form = SettingsForm(request.POST or None, initial=gl_settings(legal_entity=entity))
    if request.method == "POST" and form.is_valid():
        try:
            set_gl_settings(legal_entity=entity, values=form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal)
        else:
            messages.success(request, "Batches built from now on say this.")
            return HttpResponseRedirect(reverse("ledger:gl-setting", args=[entity.code]))
    context = {"form": form, "entity": entity}
    status = 422 if form.errors else 200
    return page(request, full="ledger/gl_account/settings.html", context=context, status=status)


def _entity_or_404(request: Request, code: str) -> LegalEntity:
    for facility in facilities_of(request.user):
        if facility.legal_entity.code == code:
            return facility.legal_entity
    raise Http404
