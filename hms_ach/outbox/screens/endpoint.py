"""Webhook endpoints on screen."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.outbox.commands import (
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from hms_ach.outbox.event_types import EVENT_TYPES
from hms_ach.outbox.models import Delivery, Endpoint
from hms_ach.outbox.queries import deliveries_of, endpoints_with_counts, endpoints_within
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, offer, page, refuse_on_form, screen

CHANGES = {"pause": pause_endpoint, "resume": resume_endpoint, "removal": remove_endpoint}


class EndpointForm(forms.Form):
    url = forms.CharField(label="Address", max_length=500, help_text="https:// and a public DNS name.")
    description = forms.CharField(label="What it is for", max_length=120, required=False)
    facilities = forms.MultipleChoiceField(label="Facilities", widget=forms.CheckboxSelectMultiple)
    event_types = forms.MultipleChoiceField(
        label="Events",
        choices=[(name, name) for name in EVENT_TYPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="All when none is chosen.",
    )

    def __init__(self, data=None, *, facilities) -> None:
        super().__init__(data)
        self.by_code = {facility.code: facility for facility in facilities}
        offer(self, "facilities", [(code, one.name) for code, one in self.by_code.items()])

    def chosen(self) -> dict:
        facilities = [self.by_code[code] for code in self.cleaned_data["facilities"]]
        return self.cleaned_data | {"facilities": facilities}


def own_or_404(request: Request, public_id: str) -> Endpoint:
    """The endpoint, when all its facilities are the person's own."""
    return get_object_or_404(endpoints_within(facility_ids_of(request.user)), public_id=public_id)


@screen("outbox.view_endpoint")
def endpoint_list(request: Request) -> HttpResponse:
    """All endpoints of the person's facilities. Three queries."""
    endpoints = endpoints_with_counts(facility_ids_of(request.user))
    shown = Paginator(endpoints, 50).get_page(asked_page(request))
    return page(request, full="outbox/endpoint/list.html", context={"page": shown})


@screen("outbox.manage_endpoint", methods=["GET", "POST"])
def endpoint_new(request: Request) -> HttpResponse:
    """Add an endpoint; the answer shows its secret once, so that it is never kept in a session."""
    form = EndpointForm(request.POST or None, facilities=facilities_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            shown = create_endpoint(**form.chosen(), actor=request.user)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="url")
        else:
            return _show_secret(request, shown)
    return page(
        request,
        full="outbox/endpoint/new.html",
        context={"form": form},
        status=422 if form.errors else 200,
    )


@screen("outbox.view_endpoint")
def endpoint_detail(request: Request, public_id: str) -> HttpResponse:
    """One endpoint and its delivery log. Four queries."""
    endpoint = own_or_404(request, public_id)
    state = asked_one_of(request, "state", Delivery.State.values)
    log = deliveries_of(endpoint, state=state)
    return page(
        request,
        full="outbox/endpoint/detail.html",
        fragment="outbox/endpoint/_log.html",
        context={
            "endpoint": endpoint,
            "page": Paginator(log, 50).get_page(asked_page(request)),
            "state": state,
            "states": Delivery.State.choices,
        },
    )


@screen("outbox.manage_endpoint", methods=["POST"])
def secret_rotation(request: Request, public_id: str) -> HttpResponse:
    """A new secret, shown once; the old one signs too for 24 hours."""
    shown = rotate_secret(endpoint_id=own_or_404(request, public_id).pk, actor=request.user)
    return _show_secret(request, shown)


@screen("outbox.manage_endpoint", methods=["POST"])
def endpoint_state(request: Request, public_id: str) -> HttpResponse:
    """Pause, resume or remove, as the button says."""
    endpoint = own_or_404(request, public_id)
    change = CHANGES.get(request.POST.get("change", ""))
    if change is None:
        messages.error(request, "Choose pause, resume or removal.")
    else:
        changed = change(endpoint_id=endpoint.pk, actor=request.user)
        messages.success(request, f"The endpoint is now {changed.get_state_display().lower()}.")
    return redirect("outbox:endpoint-detail", public_id=public_id)


def _show_secret(request: Request, shown) -> HttpResponse:
    context = {"endpoint": shown.endpoint, "secret": shown.secret}
    response = page(request, full="outbox/endpoint/secret.html", context=context)
    response["Cache-Control"] = "no-store"
    return response
