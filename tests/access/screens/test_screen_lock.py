"""A locked screen."""

import pytest

from hms_ach.audit.models import Event
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    user = make.user()
    user.set_password("right horse battery")
    user.save()
    return user


def test_a_locked_screen_shows_nothing_until_its_person_unlocks_it(person):
    client = make.signed_in(person)
    client.post("/accounts/lock/", {"next": "/gallery/"})

    hidden = client.get("/")
    wrong = client.post("/accounts/unlock/", {"password": "wrong"})
    still = client.get("/")
    right = client.post("/accounts/unlock/", {"password": "right horse battery"})

    assert hidden["Location"] == still["Location"] == "/accounts/unlock/"
    assert wrong.status_code == 422
    assert right["Location"] == "/gallery/"
    assert client.get("/").status_code == 200
    assert Event.objects.filter(action__in=["access.lock_screen", "access.unlock_screen"]).count() == 2


def test_the_way_back_is_ours(person):
    client = make.signed_in(person)
    client.post("/accounts/lock/", {"next": "https://elsewhere.example/"})

    right = client.post("/accounts/unlock/", {"password": "right horse battery"})

    assert right["Location"] == "/"
