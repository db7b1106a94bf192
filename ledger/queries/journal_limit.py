"""Up to which total each role approves journals."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from hms_ach.access.models import LegalEntity
from hms_ach.access.roles import PERMISSIONS, Role
from hms_ach.money import Money, digits
from ledger.models import JournalLimit
from ledger.rules.journal import DEFAULT_LIMITS

APPROVERS = [role for role in Role if "ledger.approve_journal" in PERMISSIONS[role]]


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A role's limit now (None: any total), who let it count, and what awaits approval."""

    role: Role
    limit: Money | None
    in_force: JournalLimit | None
    awaiting: JournalLimit | None


def limits_in_force(*, legal_entity: LegalEntity) -> dict[str, int | None]:
    """Each role's limit in minor units of the functional currency, None for no limit. One SQL query."""
    one = 10 ** digits(legal_entity.functional_currency)
    limits = {role: None if limit is None else limit * one for role, limit in DEFAULT_LIMITS.items()}
    rows = JournalLimit.objects.filter(legal_entity=legal_entity).exclude(approval=None)
    return limits | dict(rows.order_by("approval__id").values_list("role", "limit_minor"))


def journal_limits(*, legal_entity: LegalEntity) -> list[LimitLine]:
    """A line for each role that approves journals. Two SQL queries."""
    limits, currency = limits_in_force(legal_entity=legal_entity), legal_entity.functional_currency
    rows = JournalLimit.objects.filter(legal_entity=legal_entity)
    related = rows.select_related("set_by", "approval__approved_by").order_by("approval__id", "id")
    counting = {row.role: row for row in related if hasattr(row, "approval")}
    asked = {row.role: row for row in related if not hasattr(row, "approval")}
    found = []
    for role in APPROVERS:
        limit = limits.get(role, 0)
        shown = None if limit is None else Money(limit, currency)
        found.append(LimitLine(role, shown, counting.get(role), asked.get(role)))
    return found


def limits_awaiting(*, legal_entity_ids: Collection[int]) -> "QuerySet[JournalLimit]":
    """Limits that somebody asked for and nobody approved or asked for anew. One SQL query."""
    rows = JournalLimit.objects.filter(legal_entity_id__in=legal_entity_ids, approval=None)
    return rows.select_related("legal_entity", "set_by").order_by("id")
