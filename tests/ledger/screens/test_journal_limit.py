"""Limits of journals on screen."""

import pytest
from django.urls import reverse

from ledger.queries.journal_limit import limits_in_force
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


def test_a_limit_is_asked_for_by_one_and_let_count_by_another(facility):
    gil = access.signed_in(access.user("CONTROLLER", facilities=[facility]))
    finn = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    page = reverse("ledger:journal-limit-list")
    sent = {"entity": facility.legal_entity.code, "role": "FINANCE_APPROVER", "limit": "9,000.00"}

    assert "Write an amount" in gil.post(page, sent | {"is_without": "on"}).content.decode()
    assert "counts once another person" in gil.post(page, sent, follow=True).content.decode()
    assert "Approve</button>" not in gil.get(page).content.decode()
    limit = facility.legal_entity.journallimit_set.get()
    approval = reverse("ledger:journal-limit-approval", args=[limit.pk])
    assert "asked for this limit" in gil.post(approval, follow=True).content.decode()
    assert "counts from now on" in finn.post(approval, follow=True).content.decode()

    assert limits_in_force(legal_entity=facility.legal_entity)["FINANCE_APPROVER"] == 9_000_00
    assert "$9,000.00" in finn.get(page).content.decode()


def test_whoever_may_not_ask_asks_for_nothing(facility):
    finn = access.signed_in(access.user("FINANCE_APPROVER", facilities=[facility]))
    sent = {"entity": facility.legal_entity.code, "role": "FINANCE_APPROVER", "is_without": "on"}

    finn.post(reverse("ledger:journal-limit-list"), sent)

    assert not facility.legal_entity.journallimit_set.exists()
