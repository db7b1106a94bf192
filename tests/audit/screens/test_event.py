"""The auditor's screens: found by what is asked, within facilities, in few queries."""

import pytest

from hms_ach import audit
from hms_ach.access.roles import Role
from tests.make import access as make
from tests.make import billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def browser(north):
    return make.signed_in(make.user(Role.AUDITOR, facilities=[north]))


def recorded(north, subject="inv_1", **values):
    kept = {"actor": None, "facility": north, "before": {"state": "DRAFT"}, "after": {"state": "ISSUED"}}
    return audit.record(values.pop("action", "billing.issue_invoice"), subject=subject, **(kept | values))


def found(browser, **asked) -> str:
    answer = browser.get("/audit/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_events_are_found_by_id_person_action_facility_and_day(browser, north):
    ana = make.user(username="ana")
    wanted = recorded(north, "inv_7", actor=ana, reason="the wanted one")
    recorded(north, "inv_8", action="billing.cancel_invoice", reason="another")
    day = f"{wanted.at:%Y-%m-%d}"

    for asked in (
        {"id": "inv_7"},
        {"id": wanted.public_id},
        {"person": "ana", "action": "billing.issue_invoice"},
        {"action": "billing.issue_invoice", "facility": north.pk, "since": day, "until": day},
    ):
        text = found(browser, **asked)
        assert "the wanted one" in text
        assert "another" not in text
    assert "No events found" in found(browser, until="2001-01-01")
    assert "No events found" in found(browser, person="nobody")


def test_events_of_another_facility_are_not_seen(browser):
    foreign = recorded(make.facility("LAKE"), "inv_foreign")

    assert "inv_foreign" not in found(browser)
    assert browser.get(f"/audit/events/{foreign.public_id}/").status_code == 404
    assert "Nothing recorded" in browser.get("/audit/subjects/inv_foreign/").content.decode()


def test_an_event_shows_old_and_new_of_what_changed(browser, north):
    event = recorded(north, before={"state": "DRAFT", "x": 1}, after={"state": "ISSUED", "x": 1})

    text = browser.get(f"/audit/events/{event.public_id}/").content.decode()

    assert "<del>DRAFT</del>" in text
    assert "<ins>ISSUED</ins>" in text
    assert ">x<" not in text


def test_a_subject_has_its_history(browser, north):
    recorded(north, reason="first reason")
    recorded(north, reason="second reason")

    text = browser.get("/audit/subjects/inv_1/").content.decode()

    assert text.index("second reason") < text.index("first reason")


def test_pages_follow_each_other_without_gap_or_overlap(browser, north):
    for number in range(120):
        recorded(north, f"inv_{number:03}_")
    seen, answer = [], browser.get("/audit/", {"action": "billing.issue_invoice"})
    while True:
        seen += [event.subject for event, *_ in answer.context["rows"]]
        if not answer.context["older_url"]:
            break
        answer = browser.get(f"/audit/{answer.context['older_url']}")

    assert seen == [f"inv_{number:03}_" for number in reversed(range(120))]


def test_the_list_takes_the_same_queries_however_long(browser, north, django_assert_max_num_queries):
    for number in range(60):
        recorded(north, f"inv_{number}")

    with django_assert_max_num_queries(10):
        found(browser)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.FINANCE_REVIEWER, Role.ADMINISTRATOR])
def test_only_those_who_may_read_the_trail_do(north, role):
    other = make.signed_in(make.user(role, facilities=[north]))

    assert other.get("/audit/").status_code == 403


def test_a_document_is_found_by_the_number_people_know(browser, north):
    patient = billing.patient(north, billing.clerk(north))
    recorded(north, patient.public_id, action="billing.correct_patient", reason="the wanted one")
    recorded(north, "inv_8", reason="another")

    text = found(browser, id=patient.mrn)

    assert "the wanted one" in text
    assert "another" not in text
    assert f"Patient {patient.mrn}" in text
    assert "Correct patient" in text
    history = browser.get(f"/audit/subjects/{patient.public_id}/").content.decode()
    assert f'href="/billing/patients/{patient.public_id}/"' in history


def test_an_action_is_found_by_its_words_and_a_person_by_the_name(browser, north):
    ana = make.user(username="ana")
    recorded(north, "inv_7", actor=ana, reason="the wanted one")
    recorded(north, "inv_8", action="billing.cancel_invoice", reason="another")

    for asked in ({"action": "Issue invoice"}, {"person": ana.name.upper()}):
        text = found(browser, **asked)
        assert "the wanted one" in text
        assert "another" not in text


def test_a_day_that_is_none_is_marked(browser):
    assert "Enter a valid date" in found(browser, since="yesterday")
