"""Administration of people."""

import pytest

from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of, roles_of
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.user("ADMINISTRATOR", username="ivy")


@pytest.fixture
def browser(admin):
    return make.signed_in(admin)


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_person_is_made_given_a_role_and_a_facility(browser):
    make.facility("NORTH")
    answer = browser.post(
        "/access/users/new/", {"username": "ana", "name": "Ana Ruiz", "password": make.PASSWORD}
    )
    assert answer["Location"] == "/access/users/ana/"

    browser.post("/access/users/ana/roles/", {"role": "CASHIER", "reason": "hired"})
    browser.post("/access/users/ana/facilities/", {"facility": "NORTH"})

    ana = User.objects.get(username="ana")
    assert roles_of(ana) == {"CASHIER"}
    assert [facility.code for facility in facilities_of(ana)] == ["NORTH"]
    page = browser.get("/access/users/ana/").content.decode()
    assert "Ana Ruiz" in page
    assert "by Ivy" in page


def test_a_conflict_is_shown_at_the_form_and_keeps_what_was_typed(browser):
    person = make.user("CASHIER", username="ana")

    answer = browser.post("/access/users/ana/roles/", {"role": "FINANCE_APPROVER", "reason": "summer"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert "cannot also be finance approver" in page
    assert 'value="summer"' in page
    assert roles_of(fresh(person)) == {"CASHIER"}


def test_a_role_and_a_facility_are_taken_back(browser):
    person = make.user("CASHIER", facilities=[make.facility("NORTH")], username="ana")

    browser.post("/access/users/ana/roles/CASHIER/revocation/")
    browser.post("/access/users/ana/facilities/NORTH/revocation/")

    assert roles_of(fresh(person)) == set()
    assert facilities_of(fresh(person)) == []


def test_taking_back_what_is_not_held_is_a_kind_page(browser):
    make.user(username="ana")

    answer = browser.post("/access/users/ana/roles/CASHIER/revocation/")

    assert answer.status_code == 409
    assert "does not hold the role Cashier" in answer.content.decode()


def test_nobody_suspends_oneself(browser, admin):
    answer = browser.post("/access/users/ivy/suspension/", {"reason": "tired"})

    assert answer.status_code == 422
    assert fresh(admin).is_active


def test_a_weak_password_is_refused_at_its_field(browser):
    answer = browser.post("/access/users/new/", {"username": "ana", "name": "Ana", "password": "123"})

    assert "fewer than 15 characters" in answer.content.decode()
    assert not User.objects.filter(username="ana").exists()


def test_the_list_is_found_by_name_and_role_with_few_queries(browser, django_assert_max_num_queries):
    for number in range(12):
        make.user("CASHIER", username=f"cashier{number}")
    make.user("AUDITOR", username="hana")

    with django_assert_max_num_queries(9):
        page = browser.get("/access/users/?q=ha&role=AUDITOR").content.decode()

    assert "hana" in page
    assert "cashier1" not in page


def test_an_auditor_reads_but_does_not_change(client):
    client.force_login(make.user("AUDITOR"))
    make.user(username="ana")

    assert client.get("/access/users/ana/").status_code == 200
    assert "Give role" not in client.get("/access/users/ana/").content.decode()
    assert client.post("/access/users/ana/roles/", {"role": "CASHIER", "reason": "x"}).status_code == 403
