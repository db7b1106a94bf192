"""Programs that use the API: their secrets, scopes and end."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from oauth2_provider.models import AccessToken, Application

from hms_ach import audit, clock
from hms_ach.access.commands.facility_grant import grant_facility
from hms_ach.access.commands.role import grant_role
from hms_ach.access.commands.user import create_user, reinstate_user, suspend_user
from hms_ach.access.models import ApiClient, Facility, User
from hms_ach.access.roles import Role
from hms_ach.access.scopes import SCOPES
from hms_ach.refusal import Refusal


class ScopeUnknown(Refusal):
    code = "scope_unknown"
    status = 422
    sentence = "There is no scope {scope}. Choose from the list; the spelling counts, letter by letter."


class ClientIdTaken(Refusal):
    code = "client_id_taken"
    sentence = "The client id {client_id} is already used. Choose another."


class ClientIdMalformed(Refusal):
    code = "client_id_malformed"
    status = 422
    sentence = "A client id has 3 to 40 small letters, digits and hyphens. Write for example lab-system."


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A client and its secret, which is shown once and kept only as a hash."""

    client: ApiClient
    secret: str


@transaction.atomic
def create_api_client(
    *,
    client_id: str,
    name: str,
    scopes: Iterable[str],
    facilities: Iterable[Facility] = (),
    actor: User | None = None,
    secret: str | None = None,
) -> NewSecret:
    """Register a program, with a service account in the role of integrator.

    client_id  small letters, digits and hyphens
    scopes     a part of the closed list
    secret     made at random when None

    Raises ScopeUnknown, ClientIdTaken, ClientIdMalformed.
    """
    wanted = _known(scopes)
    if not re.fullmatch(r"[a-z0-9-]{3,40}", client_id):
        raise ClientIdMalformed()
    if Application.objects.filter(client_id=client_id).exists():
        raise ClientIdTaken(client_id=client_id)
    user = create_user(username=f"client.{client_id}", name=name, kind=User.Kind.SERVICE, actor=actor)
    grant_role(user=user, role=Role.INTEGRATOR, actor=actor)
    for facility in facilities:
        grant_facility(user, facility, actor=actor)
    secret = secret or _new_secret()
    application = Application.objects.create(
        client_id=client_id,
        name=name,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    now = clock.now()
    client = ApiClient.objects.create(
        application=application,
        user=user,
        name=name,
        scopes=wanted,
        created_by=actor,
        created_at=now,
        secret_set_at=now,
    )
    audit.record("access.create_api_client", actor=actor, subject=client, after={"scopes": wanted})
    return NewSecret(client, secret)


@transaction.atomic
def rotate_api_secret(*, client: ApiClient, actor: User) -> NewSecret:
    """A new secret; the old one and every token got with it are refused from now on."""
    secret = _new_secret()
    application = Application.objects.select_for_update().get(pk=client.application_id)
    application.client_secret = secret
    application.save()
    client.secret_set_at = clock.now()
    client.save(update_fields=["secret_set_at"])
    _end_tokens(client)
    audit.record("access.rotate_api_secret", actor=actor, subject=client)
    return NewSecret(client, secret)


@transaction.atomic
def change_api_scopes(*, client: ApiClient, scopes: Iterable[str], actor: User) -> ApiClient:
    """Other scopes; tokens got before end, so that the change counts at once. Raises ScopeUnknown."""
    before, client.scopes = client.scopes, _known(scopes)
    client.save(update_fields=["scopes"])
    _end_tokens(client)
    audit.record(
        "access.change_api_scopes",
        actor=actor,
        subject=client,
        before={"scopes": before},
        after={"scopes": client.scopes},
    )
    return client


@transaction.atomic
def suspend_api_client(*, client: ApiClient, reason: str, actor: User) -> ApiClient:
    """Refuse the client and its tokens from now on."""
    suspend_user(user=client.user, reason=reason, actor=actor)
    _end_tokens(client)
    return client


def reinstate_api_client(*, client: ApiClient, reason: str, actor: User) -> ApiClient:
    """Let the client get tokens again."""
    reinstate_user(user=client.user, reason=reason, actor=actor)
    return client


def _known(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope not in SCOPES:
            raise ScopeUnknown(scope=repr(scope)[:60])
    return wanted


def _new_secret() -> str:
    return secrets.token_urlsafe(36)


def _end_tokens(client: ApiClient) -> None:
    AccessToken.objects.filter(application_id=client.application_id).delete()
