"""Deliveries to the general ledger: what went, what waits, what failed; and sending a batch now."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, screen
from ledger.commands import queue_delivery
from ledger.commands.delivery_hand import drop_delivery, hasten_delivery
from ledger.models import GlBatchDelivery
from ledger.queries import deliveries, delivery_profiles, gl_batch
from ledger.tasks import deliver_one


class DeliveryFilter(forms.Form):
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *GlBatchDelivery.State.choices]
    )


@screen("ledger.view_gl_batch")
def delivery_list(request: Request) -> HttpResponse:
    """Deliveries of the person's facilities, the latest first."""
    form = DeliveryFilter(request.GET)
    state = asked_one_of(request, "state", GlBatchDelivery.State.values)
    rows = deliveries(facility_ids=facility_ids_of(request.user), states=[state] if state else [])
    found = Paginator(rows, 50).get_page(asked_page(request))
    return page(
        request,
        full="ledger/delivery/list.html",
        fragment="ledger/delivery/_table.html",
        context={"form": form, "page": found, "state": state},
    )


@screen("ledger.queue_delivery", methods=["POST"])
def gl_batch_delivery(request: Request, public_id: str) -> HttpResponse:
    """Send a batch to a destination now; a second time only with a reason."""
    batch = gl_batch(public_id=public_id, facility_ids=facility_ids_of(request.user))
    if batch is None:
        raise Http404
    profiles = delivery_profiles(legal_entity_ids=[batch.legal_entity_id])
    profile = profiles.filter(public_id=request.POST.get("profile", "")).first()
    if profile is None:
        raise Http404
    reason = request.POST.get("reason", "")[:300]
    try:
        delivery = queue_delivery(batch=batch, profile=profile, actor=request.user, reason=reason)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        deliver_one.delay_on_commit(delivery_id=delivery.pk)
        messages.success(request, f"{delivery.remote_name} is on its way to {profile.code}.")
    return redirect("ledger:gl-batch-detail", batch.public_id)


@screen("ledger.queue_delivery", methods=["POST"])
def delivery_try(request: Request, public_id: str) -> HttpResponse:
    """Try a delivery that waits now."""
    delivery = _delivery_or_404(request, public_id)
    try:
        hasten_delivery(delivery=delivery, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        deliver_one.delay_on_commit(delivery_id=delivery.pk)
        messages.success(
            request, f"{delivery.remote_name} is tried now. Refresh the page to see what came of it."
        )
    return redirect("ledger:gl-batch-detail", delivery.batch.public_id)


@screen("ledger.queue_delivery", methods=["POST"])
def delivery_end(request: Request, public_id: str) -> HttpResponse:
    """Try a delivery no more."""
    delivery = _delivery_or_404(request, public_id)
    try:
        drop_delivery(delivery=delivery, reason=request.POST.get("reason", "")[:300], actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{delivery.remote_name} is tried no more.")
    return redirect("ledger:gl-batch-detail", delivery.batch.public_id)


def _delivery_or_404(request: Request, public_id: str) -> GlBatchDelivery:
    delivery = deliveries(facility_ids=facility_ids_of(request.user)).filter(public_id=public_id).first()
    if delivery is None:
        raise Http404
    return delivery
