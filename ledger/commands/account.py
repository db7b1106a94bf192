"""The chart of accounts and the roles its accounts play."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from hms_ach import audit
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.models import Account, AccountRole
from ledger.rules.roles import CHART, ROLES

_BEGINNING = date(2000, 1, 1)


class RoleUnknown(Refusal):
    code = "role_unknown"
    status = 422
    sentence = "{role} is not a role of the book. The roles are listed in the chart of accounts guide."


def create_account(
    *,
    legal_entity: LegalEntity,
    number: str,
    name: str,
    natural_class: str,
    normal_side: str,
    currency: str | None = None,
    active_from: date,
    actor: User | None,
) -> Account:
    """Add an account to a legal entity's chart."""
    account = Account.objects.create(
        legal_entity=legal_entity,
        number=number,
        name=name,
        natural_class=natural_class,
        normal_side=normal_side,
        currency=currency,
        active_from=active_from,
    )
    audit.record("ledger.create_account", actor=actor, subject=account)
    return account


@transaction.atomic
def assign_role(
    *,
    role: str,
    account: Account,
    valid_from: date,
    facility: Facility | None = None,
    actor: User | None,
) -> AccountRole:
    """Let an account play a role from a day on, for one facility or for the whole legal entity.

    The account that played it until then keeps what was posted to it. Raises RoleUnknown.
    """
    if role not in ROLES:
        raise RoleUnknown(role=role)
    same = AccountRole.objects.filter(
        role=role, legal_entity_id=account.legal_entity_id, facility=facility, valid_from__lt=valid_from
    )
    same.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from)).update(valid_until=valid_from)
    assigned = AccountRole.objects.create(
        role=role,
        legal_entity_id=account.legal_entity_id,
        facility=facility,
        account=account,
        valid_from=valid_from,
    )
    audit.record("ledger.assign_role", actor=actor, subject=assigned)
    return assigned


@transaction.atomic
def ensure_chart(legal_entity: LegalEntity) -> None:
    """Give a legal entity the seed chart: an account for each role that has none yet. Safe to repeat."""
    played = set(
        AccountRole.objects.filter(legal_entity=legal_entity, facility=None).values_list("role", flat=True)
    )
    for seed in CHART:
        if seed.role in played:
            continue
        account, _is_new = Account.objects.get_or_create(
            legal_entity=legal_entity,
            number=seed.number,
            defaults={
                "name": seed.name,
                "natural_class": seed.natural_class,
                "normal_side": seed.normal_side,
                "active_from": _BEGINNING,
            },
        )
        AccountRole.objects.create(
            legal_entity=legal_entity, role=seed.role, account=account, valid_from=_BEGINNING
        )
