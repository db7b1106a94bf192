"""Deliveries on screen: what was sent, what came back, sending again."""

import json
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from hms_ach.outbox.commands import replay_events
from hms_ach.outbox.queries import attempts_of, deliveries_of, event_as_sent
from hms_ach.outbox.screens.endpoint import own_or_404
from hms_ach.web import Request, page, screen


class ReplayForm(forms.Form):
    """One event, or all of some days."""

    delivery = forms.IntegerField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


@screen("outbox.view_endpoint")
def delivery_detail(request: Request, public_id: str, delivery_id: int) -> HttpResponse:
    """One delivery: the payload and every try. Four queries."""
    endpoint = own_or_404(request, public_id)
    delivery = get_object_or_404(deliveries_of(endpoint), pk=delivery_id)
    return page(
        request,
        full="outbox/endpoint/delivery.html",
        context={
            "endpoint": endpoint,
            "delivery": delivery,
            "attempts": attempts_of(delivery),
            "payload": json.dumps(event_as_sent(delivery.event), indent=2, ensure_ascii=False),
        },
    )


@screen("outbox.manage_endpoint", methods=["POST"])
def replay(request: Request, public_id: str) -> HttpResponse:
    """Send one event, or all events from one day to another, again."""
    endpoint = own_or_404(request, public_id)
    form = ReplayForm(request.POST)
    if not form.is_valid() or not (form.cleaned_data["delivery"] or _has_days(form)):
        messages.error(request, "Give the first and the last day as year-month-day, the first not later.")
        return redirect("outbox:endpoint-detail", public_id=public_id)
    if form.cleaned_data["delivery"]:
        event = get_object_or_404(deliveries_of(endpoint), pk=form.cleaned_data["delivery"]).event
        asked: dict[str, Any] = {"since": event.occurred_at, "until": event.occurred_at, "event_id": event.pk}
    else:
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        asked = {"since": _moment(since, time.min), "until": _moment(until, time.max)}
    count = replay_events(endpoint_id=endpoint.pk, actor=request.user, **asked)
    messages.success(request, f"{count} {'event is' if count == 1 else 'events are'} sent again.")
    return redirect("outbox:endpoint-detail", public_id=public_id)


def _has_days(form: ReplayForm) -> bool:
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    return bool(since and until and since <= until)


def _moment(day, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
