"""Up to which total each role approves journals."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hms_ach.access.models import LegalEntity, User
from hms_ach.access.queries import roles_of
from hms_ach.access.roles import PERMISSIONS, Role
from hms_ach.money import Money, digits
from ledger.models import JournalLimit
from ledger.queries.exchange_rate import rates_on
from ledger.rules.exchange_rate import converted
from ledger.rules.journal import DEFAULT_LIMITS, highest_limit

APPROVERS = [role for role in Role if "ledger.approve_journal" in PERMISSIONS[role]]


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A role's limit now (None: any total), who let it count, and what awaits approval."""

    role: Role
    limit: Money | None
    in_force: JournalLimit | None
    awaiting: JournalLimit | None


@dataclass(frozen=True, slots=True)
class AboveLimit:
    """Why a person does not approve.

    worth, limit  what it is worth and up to what the person approves, in the functional currency
    able          the roles whose limit is high enough; empty when none is
    """

    worth: Money
    limit: Money
    able: list[Role]


def limits_in_force(*, legal_entity: LegalEntity) -> dict[str, int | None]:
    """Each role's limit in minor units of the functional currency, None for no limit. One SQL query."""
    return _in_force([legal_entity])[legal_entity.pk]


def _in_force(entities: Iterable[LegalEntity]) -> dict[int, dict[str, int | None]]:
    """Each entity's limits by its key: what two people set, else the standard ones. One SQL query."""
    limits = {each.pk: _standard(each) for each in entities}
    rows = JournalLimit.objects.filter(legal_entity__in=list(limits)).exclude(approval=None)
    set_by_two = rows.order_by("approval__id").values_list("legal_entity_id", "role", "limit_minor")
    for entity_id, role, limit in set_by_two:
        limits[entity_id][role] = limit
    return limits


def _standard(legal_entity: LegalEntity) -> dict[str, int | None]:
    one = 10 ** digits(legal_entity.functional_currency)
    return {role: None if limit is None else limit * one for role, limit in DEFAULT_LIMITS.items()}


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


def approval_limit(user: User, legal_entity: LegalEntity) -> int | None:
    """Up to which total, in minor units of the functional currency, the person approves; None: any.

    Two SQL queries.
    """
    return _of(user, limits_in_force(legal_entity=legal_entity))


def _of(user: User, limits: dict[str, int | None]) -> int | None:
    return highest_limit(limits[role] for role in roles_of(user) if role in limits)


def above_limit(total: Money, *, on: date, legal_entity: LegalEntity, user: User) -> AboveLimit | None:
    """Why the person may not approve what moves a total on a day; None when they may. Three SQL queries.

    Nobody is told so of a total that no rate converts: what it is worth is known when it is posted.
    """
    limits, currency = limits_in_force(legal_entity=legal_entity), legal_entity.functional_currency
    own, worth = _of(user, limits), _worth(total, on, currency)
    if own is None or worth is None or worth.minor <= own:
        return None
    highest = {role: limits.get(role, 0) for role in APPROVERS}
    able = [role for role, most in highest.items() if most is None or most >= worth.minor]
    return AboveLimit(worth, Money(own, currency), able)


def _worth(total: Money, on: date, currency: str) -> Money | None:
    if total.currency == currency:
        return total
    rate = rates_on(bases=[total.currency], quote=currency, on=on).get(total.currency)
    return None if rate is None else Money(converted([total.minor], rate.minor_rate)[0], currency)


def limits_of(user: User, *, facility_ids: Collection[int]) -> list[tuple[LegalEntity, int]]:
    """The legal entities of the facilities in which the person has a limit, with it. Three SQL queries."""
    entities = LegalEntity.objects.filter(facilities__in=facility_ids).distinct().order_by("id")
    limits = _in_force(entities)
    own = [(each, _of(user, limits[each.pk])) for each in entities]
    return [(entity, limit) for entity, limit in own if limit is not None]


def surely_above(limits: Collection[tuple[LegalEntity, int]], *, facility: str, amount: str) -> Q:
    """Rows in the functional currency above these limits.

    facility, amount  the rows' columns of where it is posted and what it moves, in minor units
    """
    found = Q(pk__in=[])
    for entity, limit in limits:
        own = {f"{facility}__legal_entity": entity, "currency": entity.functional_currency}
        found |= Q(**own, **{f"{amount}__gt": limit})
    return found
