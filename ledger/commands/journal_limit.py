"""Up to which total a role approves journals."""

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.access.queries import roles_of
from hms_ach.access.roles import Role
from hms_ach.money import Money, digits
from ledger.models import JournalLimit
from ledger.rules.journal import DEFAULT_LIMITS, highest_limit


def journal_limit_of(actor: User, facility: Facility) -> int | None:
    """Up to which total, in minor units of the functional currency, the person approves; None: any."""
    entity = facility.legal_entity
    one = 10 ** digits(entity.functional_currency)
    limits = {role: None if limit is None else limit * one for role, limit in DEFAULT_LIMITS.items()}
    for row in JournalLimit.objects.filter(legal_entity=entity).order_by("id"):
        limits[row.role] = row.limit_minor
    return highest_limit(limits[role] for role in roles_of(actor) if role in limits)


@transaction.atomic
def set_journal_limit(
    *, legal_entity: LegalEntity, role: str, limit: Money | None, actor: User
) -> JournalLimit:
    """Say up to which total a role approves journals; None for no limit. The latest counts.

    limit  in the functional currency of the entity
    """
    row = JournalLimit.objects.create(
        legal_entity=legal_entity,
        role=Role(role).value,
        limit_minor=None if limit is None else limit.minor,
        set_by=actor,
        set_at=clock.now(),
    )
    audit.record(
        "ledger.set_journal_limit",
        actor=actor,
        subject=legal_entity,
        after={"role": role, "limit": limit},
    )
    return row
