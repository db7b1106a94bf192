"""The seed chart."""

import pytest

from ledger.commands import create_account, ensure_chart
from ledger.models import Account, AccountRole
from ledger.rules.roles import CHART
from tests.make import access
from tests.make.ledger import DAY

pytestmark = pytest.mark.django_db


def test_a_seed_chart_goes_in_at_once_with_its_history(django_assert_max_num_queries):
    entity = access.legal_entity()

    with django_assert_max_num_queries(10):
        ensure_chart(entity)

    accounts = Account.objects.filter(legal_entity=entity)
    roles = AccountRole.objects.filter(legal_entity=entity).values_list("role", "account__number")
    assert sorted(roles) == sorted((seed.role, seed.number) for seed in CHART)
    assert Account.history.filter(legal_entity=entity, history_type="+").count() == accounts.count()


def test_a_chart_takes_an_account_of_its_number_as_it_is_and_is_given_once():
    entity = access.legal_entity()
    safe = create_account(
        legal_entity=entity,
        number="1004",
        name="The old safe",
        natural_class="ASSET",
        normal_side="DEBIT",
        active_from=DAY,
        actor=None,
    )

    ensure_chart(entity)
    ensure_chart(entity)

    assert AccountRole.objects.get(legal_entity=entity, role="cash.safe").account == safe
    assert AccountRole.objects.filter(legal_entity=entity).count() == len(CHART)
    assert Account.objects.get(pk=safe.pk).name == "The old safe"
