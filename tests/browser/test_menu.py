"""Every place of everybody's menu: it answers; axe finds nothing there, and nothing scrolls sideways."""

from hms_ach.access.roles import Role
from tests.browser.looking import assert_good_in_both_themes
from tests.make import access as make

# Who may do the most in a place sees the most of it, and looks at it first.
PEOPLE = [Role.CONTROLLER, *(role for role in Role if role not in (Role.CONTROLLER, Role.INTEGRATOR))]


def test_every_place_of_every_menu_is_accessible(site, signed_in):
    facility = make.facility()
    looked_at: set[str] = set()
    for role in PEOPLE:
        page = signed_in(make.user(role, facilities=[facility]))
        page.goto("/")
        for place in [link.get_attribute("href") for link in page.locator(".rail__link").all()]:
            answer = page.request.get(place) if place in looked_at else page.goto(place)
            assert answer.status == 200, f"{place} answered {answer.status} to {role}"
            if place not in looked_at:
                assert_good_in_both_themes(
                    page, f"{role.lower()}-{place.strip('/').replace('/', '-') or 'home'}"
                )
            looked_at.add(place)


def test_the_sign_in_page_is_accessible(site, window):
    page = window.new_page()
    page.goto("/accounts/login/")

    assert_good_in_both_themes(page, "sign-in")
