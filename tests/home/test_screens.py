"""The frame of every page: home, menu, theme, error pages."""

import re

import pytest
from django.test import Client, override_settings

from hms_ach.access.roles import Role
from tests.make import access as make


@pytest.fixture
def ana(db):
    return make.user()


@pytest.fixture
def client_of_ana(ana):
    return make.signed_in(ana)


def test_home_asks_a_stranger_to_sign_in(db):
    answer = Client().get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_home_shows_only_what_the_person_may_open(client_of_ana):
    answer = client_of_ana.get("/")

    assert answer.status_code == 200
    assert "Nothing waits for you" in answer.content.decode()
    assert "Trial balance" not in answer.content.decode()


def test_the_theme_is_kept_and_leads_back_only_to_our_own_pages(client_of_ana):
    answer = client_of_ana.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})

    assert answer["Location"] == "/"
    assert 'data-theme="dark"' in client_of_ana.get("/").content.decode()


def test_a_theme_nobody_drew_is_not_kept(client_of_ana):
    client_of_ana.post("/theme/", {"theme": '"><script>'})

    assert 'data-theme="auto"' in client_of_ana.get("/").content.decode()


def test_a_missing_page_says_what_to_do(client_of_ana):
    answer = client_of_ana.get("/no-such-page/")

    assert answer.status_code == 404
    assert "Check the address" in answer.content.decode()


def test_a_wrong_method_has_a_page_and_still_names_the_right_one(client_of_ana):
    answer = client_of_ana.post("/")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "does not take that" in answer.content.decode()


def test_a_stale_form_is_told_apart_from_a_missing_permission(ana):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)

    answer = client.post("/theme/", {"theme": "dark"})

    assert answer.status_code == 403
    assert "out of date" in answer.content.decode()


def test_the_gallery_is_closed_outside_the_demo(client_of_ana):
    with override_settings(IS_DEMO=False):
        assert client_of_ana.get("/gallery/").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.INTEGRATOR])
def test_every_place_of_the_menu_opens_for_whoever_sees_it(db, role):
    browser = make.signed_in(make.user(role, facilities=[make.facility()]))
    places = re.findall(r'class="rail__link" href="([^"]+)"', browser.get("/").content.decode())

    assert places
    for place in places:
        assert browser.get(place, follow=True).status_code == 200, place


def test_an_address_that_is_not_there_is_told_as_a_problem(client):
    answer = client.get("/api/ach/nonsense")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"
