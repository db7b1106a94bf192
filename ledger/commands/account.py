"""Accounts, and the seed chart that gives each role one."""

from datetime import date

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from hms_ach import audit
from hms_ach.access.models import LegalEntity, User
from ledger.models import Account, AccountRole
from ledger.rules.roles import CHART

_BEGINNING = date(2000, 1, 1)


def create_account(
    *,
    legal_entity: LegalEntity,
    number: str,
    name: str,
    natural_class: str,
    normal_side: str,
    currency: str | None = None,
    active_from: date,
    active_until: date | None = None,
    actor: User | None,
) -> Account:
    """Add an account to a legal entity's chart."""
    account = Account(
        legal_entity=legal_entity,
        number=number,
        name=name,
        natural_class=natural_class,
        normal_side=normal_side,
        currency=currency,
        active_from=active_from,
        active_until=active_until,
    )
    audit.attribute(account, actor)
    account.save()
    audit.record("ledger.create_account", actor=actor, subject=account)
    return account


@transaction.atomic
def ensure_chart(legal_entity: LegalEntity) -> None:
    """Give a legal entity the seed chart: an account for each role that has none yet. Safe to repeat."""
    played = set(
        AccountRole.objects.filter(legal_entity=legal_entity, facility=None).values_list("role", flat=True)
    )
    seeds = [seed for seed in CHART if seed.role not in played]
    accounts = {account.number: account for account in Account.objects.filter(legal_entity=legal_entity)}
    new = {
        seed.number: Account(
            legal_entity=legal_entity,
            number=seed.number,
            name=seed.name,
            natural_class=seed.natural_class,
            normal_side=seed.normal_side,
            active_from=_BEGINNING,
        )
        for seed in seeds
        if seed.number not in accounts
    }
    bulk_create_with_history(list(new.values()), Account)
    accounts |= new
    AccountRole.objects.bulk_create(
        AccountRole(
            legal_entity=legal_entity,
            role=seed.role,
            account=accounts[seed.number],
            valid_from=_BEGINNING,
        )
        for seed in seeds
    )
