"""People, facilities and API clients for the given of a test."""

import base64
import itertools
from collections.abc import Iterable

from django.test import Client

from hms_ach.access.commands import (
    confirm_badge,
    create_api_client,
    create_facility,
    create_legal_entity,
    create_user,
    enrol_badge,
    grant_facility,
    grant_role,
)
from hms_ach.access.models import ApiClient, Facility, LegalEntity, User

PASSWORD = "a long enough passphrase"

_numbers = itertools.count(1)


def legal_entity(code: str = "", **values) -> LegalEntity:
    code = code or f"E{next(_numbers)}"
    return create_legal_entity(code=code, name=values.pop("name", f"Entity {code}"), **values)


def facility(code: str = "", **values) -> Facility:
    """A facility of its own legal entity, unless one is given."""
    code = code or f"F{next(_numbers)}"
    entity = values.pop("legal_entity", None) or legal_entity()
    return create_facility(
        legal_entity=entity, code=code, name=values.pop("name", f"Facility {code}"), **values
    )


def user(
    *roles: str, facilities: Iterable[Facility] = (), username: str = "", password: str | None = None
) -> User:
    """Somebody with these roles in these facilities; without a password unless one is given."""
    username = username or f"user{next(_numbers)}"
    person = create_user(username=username, name=username.title(), password=password)
    for role in roles:
        grant_role(user=person, role=role)
    for place in facilities:
        grant_facility(person, place)
    return person


def badge(person: User, code: str = "HMS-0042-77") -> str:
    """A badge that counts for this person: enrolled, and confirmed by its owner."""
    enrol_badge(user=person, code=code, actor=user("ADMINISTRATOR"))
    confirm_badge(user=person, code=code)
    return code


def signed_in(person: User) -> Client:
    """A browser in which this person is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def api_client(*scopes: str, facilities: Iterable[Facility] = (), client_id: str = "") -> ApiClient:
    """A registered program; its secret is "secret"."""
    client_id = client_id or f"client-{next(_numbers)}"
    made = create_api_client(
        client_id=client_id, name=client_id, scopes=scopes, facilities=facilities, secret="secret"
    )
    return made.client


def token(client: ApiClient, *scopes: str) -> str:
    """An access token got the way every program gets it."""
    credentials = base64.b64encode(f"{client}:secret".encode()).decode()
    form = {"grant_type": "client_credentials"}
    if scopes:
        form["scope"] = " ".join(scopes)
    answer = Client().post("/oauth/token/", form, headers={"Authorization": f"Basic {credentials}"})
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def api(*scopes: str, facilities: Iterable[Facility] = ()) -> Client:
    """A program with a token for these scopes in these facilities."""
    bearer = token(api_client(*scopes, facilities=facilities))
    return Client(headers={"Authorization": f"Bearer {bearer}"})
