"""Programs that use the API: register, change scopes, new secret, suspend."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from hms_ach.access.commands import (
    NewSecret,
    change_api_scopes,
    create_api_client,
    reinstate_api_client,
    rotate_api_secret,
    suspend_api_client,
)
from hms_ach.access.models import ApiClient
from hms_ach.access.queries import api_clients, facilities_of
from hms_ach.access.screens.forms import ApiClientForm, ReasonForm, ScopesForm
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, screen


@screen("access.view_api_client")
def api_client_list(request: Request) -> HttpResponse:
    """Every registered program."""
    return page(
        request,
        full="access/api_client/list.html",
        context={"clients": api_clients(), "may_change": _may_change(request)},
    )


@screen("access.create_api_client", ("GET", "POST"))
def api_client_create(request: Request) -> HttpResponse:
    """Register a program and show its secret, once."""
    form = ApiClientForm(request.POST or None)
    if form.is_valid():
        try:
            return _secret(request, create_api_client(actor=request.user, **form.cleaned_data))
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="client_id")
    return page(request, full="access/api_client/create.html", context={"form": form})


@screen("access.view_api_client")
def api_client_detail(request: Request, client_id: str) -> HttpResponse:
    """One program."""
    return _detail(request, _client(client_id))


@screen("access.rotate_api_secret", ("POST",))
def api_client_secret(request: Request, client_id: str) -> HttpResponse:
    """A new secret; the old one ends at once."""
    return _secret(request, rotate_api_secret(client=_client(client_id), actor=request.user))


@screen("access.change_api_scopes", ("POST",))
def api_client_scopes(request: Request, client_id: str) -> HttpResponse:
    """Other scopes, from the next request on."""
    client, form = _client(client_id), ScopesForm(request.POST)
    if not form.is_valid():
        return _detail(request, client, scopes_form=form)
    change_api_scopes(client=client, actor=request.user, **form.cleaned_data)
    messages.success(request, "The scopes are changed. The program needs a new token.")
    return redirect("access:api-client-detail", client_id=client_id)


@screen("access.suspend_api_client", ("POST",))
def api_client_suspension(request: Request, client_id: str) -> HttpResponse:
    """Suspend a program, or end the suspension, with a reason."""
    client, form = _client(client_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _detail(request, client, reason_form=form)
    change = suspend_api_client if client.user.is_active else reinstate_api_client
    change(client=client, actor=request.user, **form.cleaned_data)
    return redirect("access:api-client-detail", client_id=client_id)


def _may_change(request: Request) -> bool:
    return request.user.has_perm("access.create_api_client")


def _secret(request: Request, new: NewSecret) -> HttpResponse:
    """Answered by the POST itself: behind a redirect the secret would have to be kept somewhere."""
    return page(request, full="access/api_client/secret.html", context={"new": new})


def _detail(request: Request, client: ApiClient, **failed) -> HttpResponse:
    forms = {"scopes_form": ScopesForm(initial={"scopes": client.scopes}), "reason_form": ReasonForm()}
    return page(
        request,
        full="access/api_client/detail.html",
        context={
            "client": client,
            "state": "ACTIVE" if client.user.is_active else "SUSPENDED",
            "may_change": _may_change(request),
            "facilities": facilities_of(client.user),
            "form": next(iter(failed.values()), None),
            **forms,
            **failed,
        },
        status=422 if failed else 200,
    )


def _client(client_id: str) -> ApiClient:
    return get_object_or_404(
        ApiClient.objects.select_related("application", "user"), application__client_id=client_id
    )
