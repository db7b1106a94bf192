"""The screens of learnt rules, and their list in the API."""

import pytest
from django.urls import reverse

from reconciliation.models import LearntRule, RuleRequest, RuleTry
from reconciliation.queries import waiting
from reconciliation.tasks import try_learnt_rule
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_learnt_rule import account, batch, learnt, people, settle

__all__ = ["account", "people"]
LIST = "/reconciliation/rules/"


@pytest.fixture
def rule(account, people):
    return learnt(account, people)


@pytest.fixture
def address(rule):
    return reverse("reconciliation:rule-detail", args=[rule.public_id])


def _waiting(person, account) -> int:
    rows = waiting(person, [account.facility_id])
    return next(row.count for row in rows if row.title == "Learnt rules to approve")


def test_a_rule_is_tried_by_one_approved_by_another_and_retired(account, people, rule, address):
    eve, finn, gil = (access.signed_in(person) for person in people)
    assert b"FIRSTDATACORP stands for M-77" in eve.get(LIST).content
    assert b"Somebody else approves it" in finn.get(address).content
    assert [_waiting(person, account) for person in people] == [0, 0, 1]

    gil.post(f"{address}decision/", {"verdict": "approve"})
    assert LearntRule.objects.get().state == "PROPOSED"
    eve.post(f"{address}tries/")
    assert b"It is being tried" in gil.get(address).content
    try_learnt_rule(request_id=RuleRequest.objects.get().pk)
    assert b"Would have been wrong" in gil.get(address).content
    assert b"It is being tried" not in gil.get(address).content
    finn.post(f"{address}decision/", {"verdict": "approve"})
    assert LearntRule.objects.get().state == "PROPOSED"
    gil.post(f"{address}decision/", {"verdict": "approve"})
    assert LearntRule.objects.get().state == "ACTIVE"
    eve.post(f"{address}decision/", {"verdict": "retire", "reason": " "})
    assert LearntRule.objects.get().state == "ACTIVE"
    eve.post(f"{address}decision/", {"verdict": "retire", "reason": "they changed the processor"})

    assert b"they changed the processor" in gil.get(address).content
    assert RuleTry.objects.count() == 1


def test_looking_for_rules_says_when_there_is_nothing_new(account, people, rule):
    eve = access.signed_in(people[0])

    assert b"nothing new" in eve.post(f"{LIST}search/", follow=True).content
    for gross in (1_000_00, 2_000_00, 3_400_00):
        settle(account, people, make.line(gross - gross * 29 // 1000), batch(account, gross, "M-9"))
    answer = eve.post(f"{LIST}search/", follow=True).content.decode()

    assert "1 proposed" in answer
    assert "Of card batches of M-9 the processor keeps 2.90 %" in answer


def test_nobody_of_another_facility_or_role_reaches_it(people, rule, address):
    stranger = access.signed_in(make.reviewer(make.hospital("SOUTH"), username="sue"))
    cashier = access.signed_in(access.user("CASHIER", facilities=[rule.account.facility]))

    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}tries/").status_code == 404
    assert cashier.get(address).status_code == 403
    assert cashier.post(f"{LIST}search/").status_code == 403


def test_the_api_lists_rules_with_hits_and_misses(rule):
    rows = (
        access.api("statements:read", facilities=[rule.account.facility]).get("/api/ach/learnt-rules").json()
    )

    (shown,) = rows["items"]
    assert (shown["state"], shown["says"], shown["hits"]) == ("PROPOSED", {"payer": "M-77"}, 0)
