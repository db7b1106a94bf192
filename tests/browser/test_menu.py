"""Every place of everybody's menu, as that person sees it: axe finds nothing, nothing scrolls sideways."""

import pytest

from hms_ach.access.roles import Role
from tests.browser.looking import assert_good_in_both_themes
from tests.make import access as make

PEOPLE = [role for role in Role if role != Role.INTEGRATOR]


@pytest.mark.parametrize("role", PEOPLE, ids=lambda role: role.lower())
def test_every_place_of_the_menu_is_accessible(role, site, signed_in):
    page = signed_in(make.user(role, facilities=[make.facility()]))
    page.goto("/")
    places = [link.get_attribute("href") for link in page.locator(".rail__link").all()]

    for place in places:
        answer = page.goto(place)
        assert answer.status == 200, f"{place} answered {answer.status} to {role}"
        assert_good_in_both_themes(page, f"{role.lower()}-{place.strip('/').replace('/', '-') or 'home'}")


def test_the_sign_in_page_is_accessible(site, window):
    page = window.new_page()
    page.goto("/accounts/login/")

    assert_good_in_both_themes(page, "sign-in")
