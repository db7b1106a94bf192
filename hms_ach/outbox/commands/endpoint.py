"""Managing endpoints."""

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hms_ach import audit, clock
from hms_ach.outbox.event_types import EVENT_TYPES
from hms_ach.outbox.models import Endpoint
from hms_ach.outbox.rules.address import checked
from hms_ach.refusal import Refusal

if TYPE_CHECKING:
    from hms_ach.access.models import Facility, User

BOTH_SECRETS_FOR = timedelta(hours=24)


class EventTypeUnknown(Refusal):
    code = "event_type_unknown"
    status = 422
    sentence = "There is no event {type}. Choose from the list in the events guide."


class EndpointWithoutFacility(Refusal):
    code = "endpoint_without_facility"
    status = 422
    sentence = "An endpoint receives the events of its facilities. Name at least one."


@dataclass(frozen=True, slots=True)
class SecretShownOnce:
    """An endpoint with the secret that signs from now on. It is not shown again."""

    endpoint: Endpoint
    secret: str


@transaction.atomic
def create_endpoint(
    *,
    url: str,
    description: str,
    event_types: Sequence[str],
    facilities: Iterable["Facility"],
    actor: "User",
) -> SecretShownOnce:
    """Add an address that receives events from now on.

    event_types  which ones; all when empty
    facilities   whose events; the caller has checked that they are the actor's own

    Raises AddressRefused, EventTypeUnknown, EndpointWithoutFacility.
    """
    checked(url, allow_loopback=settings.WEBHOOK_ALLOW_LOOPBACK)
    chosen = list(facilities)
    if not chosen:
        raise EndpointWithoutFacility()
    for type in event_types:
        if type not in EVENT_TYPES:
            raise EventTypeUnknown(type=type[:60])
    secret = _new_secret()
    endpoint = Endpoint.objects.create(
        url=url,
        description=description,
        event_types=sorted(set(event_types)),
        secret=secret,
        owner=actor,
        created_at=clock.now(),
    )
    endpoint.facilities.set(chosen)
    codes = sorted(facility.code for facility in chosen)
    audit.record(
        "outbox.create_endpoint",
        actor=actor,
        subject=endpoint,
        after={"url": url, "event_types": endpoint.event_types, "facilities": codes},
    )
    return SecretShownOnce(endpoint, secret)


@transaction.atomic
def rotate_secret(*, endpoint_id: int, actor: "User") -> SecretShownOnce:
    """Sign with a new secret; the one before signs too for 24 hours, so that receivers can change over."""
    endpoint = _locked(endpoint_id)
    secret = _new_secret()
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_secret_until = clock.now() + BOTH_SECRETS_FOR
    endpoint.secret = secret
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
    audit.record("outbox.rotate_secret", actor=actor, subject=endpoint)
    return SecretShownOnce(endpoint, secret)


@transaction.atomic
def pause_endpoint(*, endpoint_id: int, actor: "User", reason: str = "") -> Endpoint:
    """Hold back what is owed. It is kept and sent when the endpoint is resumed."""
    return _change_state(endpoint_id, Endpoint.State.PAUSED, "outbox.pause_endpoint", actor, reason)


@transaction.atomic
def resume_endpoint(*, endpoint_id: int, actor: "User", reason: str = "") -> Endpoint:
    """Send again, after a pause or after the endpoint was disabled."""
    return _change_state(endpoint_id, Endpoint.State.ACTIVE, "outbox.resume_endpoint", actor, reason)


@transaction.atomic
def remove_endpoint(*, endpoint_id: int, actor: "User", reason: str = "") -> Endpoint:
    """Stop for good: nothing more is recorded for it. Its log stays."""
    return _change_state(endpoint_id, Endpoint.State.DISABLED, "outbox.remove_endpoint", actor, reason)


def _change_state(endpoint_id: int, state: str, action: str, actor: "User", reason: str) -> Endpoint:
    endpoint = _locked(endpoint_id)
    before = endpoint.state
    endpoint.state = state
    endpoint.disabled_reason = (
        (reason or "Removed by a person.")[:200] if state == Endpoint.State.DISABLED else ""
    )
    endpoint.save(update_fields=["state", "disabled_reason"])
    audit.record(
        action,
        actor=actor,
        subject=endpoint,
        reason=reason,
        before={"state": before},
        after={"state": state},
    )
    return endpoint


def _locked(endpoint_id: int) -> Endpoint:
    return Endpoint.objects.select_for_update().get(pk=endpoint_id)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
