"""Putting aside, rejecting and giving away on the review screen, with the filter kept."""

import pytest

from reconciliation.models import Discrepancy, Suggestion, SuggestionRejection
from tests.make import access
from tests.reconciliation.commands.test_review import account, eve, found

__all__ = ["account", "eve", "found"]
LIST = "/reconciliation/discrepancies/"
FILTER = "kind=UNMATCHED_CREDIT"


@pytest.fixture
def desk(eve):
    return access.signed_in(eve)


@pytest.fixture
def address(found):
    return f"{LIST}{found.public_id}/"


def test_put_aside_and_brought_back(desk, found, address):
    answer = desk.post(f"{address}hold/?{FILTER}", {"until": "2026-03-16", "reason": "the bank was asked"})
    assert FILTER in answer.url
    assert b"1 put aside" in desk.get(LIST).content
    assert found.public_id not in desk.get(LIST).content.decode()
    assert found.public_id in desk.get(f"{LIST}?state=HELD").content.decode()
    page = desk.get(address).content.decode()
    assert "Bring it back now" in page
    assert "the bank was asked" in page

    desk.post(f"{address}hold/", {"release": "1"})

    assert found.public_id in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"until": "", "reason": "x"}, "Say until which day"),
        ({"until": "tomorrow", "reason": "x"}, "Say until which day. You had written: “x”."),
        ({"until": "2020-01-01", "reason": "asked"}, "You had written: “asked”."),
        ({"until": "2026-03-13", "reason": "x"}, "until a day from"),
        ({"until": "9999-12-31", "reason": "x"}, "until a day from"),
        ({"until": "2026-03-16", "reason": ""}, "Say why"),
    ],
)
def test_a_hold_that_cannot_be_is_told(desk, found, address, said, told):
    assert told in desk.post(f"{address}hold/?{FILTER}", said, follow=True).content.decode()
    assert not found.holds.exists()


def test_a_candidate_is_rejected_with_a_reason_and_taken_back(desk, found, address):
    item = Suggestion.objects.order_by("-score", "id")[0].expectation
    rejecting = f"{address}rejections/?{FILTER}"

    assert "Say why" in desk.post(rejecting, {"candidate": f"item:{item.pk}"}, follow=True).content.decode()
    for wrong in ("", "item:0", f"line:{item.pk}", "item:x"):
        told = desk.post(rejecting, {"candidate": wrong, "reason": "x"}, follow=True).content.decode()
        assert "Choose which candidate" in told
    answer = desk.post(rejecting, {"candidate": f"item:{item.pk}", "reason": "not our bag"})
    assert FILTER in answer.url
    page = desk.get(address).content.decode()
    assert "not our bag" in page
    assert f'value="item:{item.pk}"' not in page

    desk.post(rejecting, {"restore": str(SuggestionRejection.objects.get().pk)})

    assert SuggestionRejection.objects.get().restored_by is not None


def test_the_ticked_go_to_one_person(desk, eve, found):
    sent = {"row": [found.public_id, "dis_unknown"], "owner": eve.username}

    assert b"Tick the discrepancies first" in desk.post(f"{LIST}owners/", {"owner": ""}, follow=True).content
    answer = desk.post(f"{LIST}owners/?{FILTER}", sent)

    assert FILTER in answer.url
    assert Discrepancy.objects.get().owner == eve
    assert desk.post(f"{LIST}owners/", sent | {"owner": "nobody.known"}).status_code == 404


def test_matching_now_keeps_the_filter(desk, found):
    assert FILTER in desk.post(f"/reconciliation/runs/?{FILTER}").url


def test_an_auditor_sees_what_was_set_aside_and_sets_nothing_aside(account, found, address):
    hana = access.signed_in(access.user("AUDITOR", facilities=[account.facility]))

    assert hana.get(address).status_code == 200
    for where in (f"{address}hold/", f"{address}rejections/", f"{LIST}owners/"):
        assert hana.post(where, {}).status_code == 403
