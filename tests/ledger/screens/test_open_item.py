"""The clearing accounts on screen: by age, item by item, and what people find out."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ledger.commands import watch_clearing
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def eve(facility):
    return access.user("FINANCE_REVIEWER", facilities=[facility], username="eve")


@pytest.fixture
def reviewer(eve):
    return access.signed_in(eve)


def card(facility, minor=100_00, *, day=DAY, reference="cba_1"):
    sides = {"debit": "card.clearing", "credit": "receivable.patient"}
    if minor < 0:
        sides = {"debit": "receivable.patient", "credit": "card.clearing"}
    return make.entry(facility, day=day, postings=make.lines(abs(minor), reference=reference, **sides))


def listed(client, **query):
    answer = client.get(reverse("ledger:open-item-list"), {"until": DAY} | query)
    assert answer.status_code == 200
    return answer.content.decode()


def item_address(facility, reference="cba_1", role="card.clearing"):
    return f"{reverse('ledger:open-item', args=[facility.code, role])}?reference={reference}&currency=USD"


def test_items_are_listed_by_age_and_lead_to_their_entries(reviewer, facility):
    entry = card(facility, day=DAY - timedelta(days=9))

    table = listed(reviewer)
    item = reviewer.get(item_address(facility)).content.decode()

    assert "8–30 days" in table
    assert item_address(facility).replace("&", "&amp;") in table
    assert reverse("ledger:entry-detail", args=[entry.public_id]) in item


@pytest.mark.parametrize("reference", ["cba_1", "cba_01J00000000000000000000000", "nonsense"])
def test_a_reference_that_names_no_document_says_so(reviewer, facility, reference):
    card(facility, reference=reference)

    assert "Unknown reference" in listed(reviewer)
    assert (
        "No document has this reference" in reviewer.get(item_address(facility, reference)).content.decode()
    )


def test_an_item_beyond_zero_and_one_in_part_are_told_apart(reviewer, facility):
    card(facility)
    card(facility, -150_00)
    card(facility, 80_00, reference="cba_2")
    card(facility, -30_00, reference="cba_2")

    table = listed(reviewer)

    assert table.count("Past zero") == 1
    assert "$30.00" in table and "$50.00" in table  # noqa: PT018 one sentence


def test_the_list_narrows_to_account_age_lateness_and_me(reviewer, facility, eve):
    card(facility, day=DAY - timedelta(days=5), reference="cba_old")
    card(facility, reference="cba_new")
    watch_clearing(legal_entity=facility.legal_entity, today=DAY)

    for query, shown in [
        ({"role": "cash.drawer"}, set()),
        ({"bucket": "4-7"}, {"cba_old"}),
        ({"late": "on"}, {"cba_old"}),
        ({"mine": "on"}, {"cba_old"}),
        ({}, {"cba_old", "cba_new"}),
    ]:
        table = listed(reviewer, **query)
        assert {each for each in ("cba_old", "cba_new") if f"reference={each}" in table} == shown, query


def test_a_note_is_kept_and_shown_at_the_item_and_in_the_list(reviewer, facility):
    card(facility)
    address = item_address(facility).replace("/?", "/note/?")

    answer = reviewer.post(
        address, {"text": "The processor owes it", "expected_on": "2026-03-20"}, follow=True
    )
    empty = reviewer.post(address, {"text": ""})

    assert "The processor owes it" in answer.content.decode()
    assert "The processor owes it" in listed(reviewer)
    assert empty.status_code == 422


def test_an_item_of_another_facility_role_or_currency_is_not_there(reviewer, facility):
    foreign = make.book()
    card(foreign)

    for address in [
        item_address(foreign),
        item_address(facility),
        item_address(facility, role="cash.safe"),
        item_address(facility).replace("USD", "XXX"),
        item_address(facility, reference="x" * 61),
    ]:
        assert reviewer.get(address).status_code == 404, address


def test_limits_are_seen_by_all_and_set_by_the_controller(reviewer, facility):
    controller = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    where = reverse("ledger:clearing-limit-setting", args=[facility.legal_entity.code])
    asked = {"role": "card.clearing", "age_days": "2", "owner_role": "FINANCE_APPROVER"}

    assert reviewer.post(where, asked).status_code == 403
    assert controller.post(where, asked | {"age_days": "999"}).status_code == 422
    shown = controller.post(where, asked, follow=True).content.decode()

    assert "Finance approver" in shown


def test_the_list_takes_a_stated_number_of_queries(reviewer, facility, django_assert_max_num_queries):
    for number in range(12):
        card(facility, reference=f"cba_{number}")
    listed(reviewer)

    with django_assert_max_num_queries(8):
        listed(reviewer)
