"""The chart as a tree, and who plays which role."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from hms_ach.access.models import Facility, LegalEntity
from ledger.models import Account, AccountRole, RoleChange
from ledger.rules.calendar import is_within
from ledger.rules.chart import ChartRow
from ledger.rules.roles import CHART, CONTROL_ROLES


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One account in its place; depth counts from 0 at the top. roles are those it plays on the day."""

    number: str
    name: str
    depth: int
    natural_class_label: str
    normal_side_label: str
    currency: str
    active_from: date
    active_until: date | None
    is_active: bool
    is_control: bool
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleLine:
    """Who plays a role somewhere on a day; facility_code is empty for the whole legal entity."""

    role: str
    meaning: str
    facility_code: str
    account: Account | None
    valid_from: date | None
    valid_until: date | None
    is_later: bool


def chart(*, legal_entity: LegalEntity, on: date) -> list[ChartLine]:
    """Every account of the entity below its parent, in the order of numbers. Two SQL queries."""
    played = defaultdict(list)
    for row in _assignments(legal_entity).filter(valid_from__lte=on).exclude(valid_until__lte=on):
        played[row.account_id].append(row.role)
    below: dict[int | None, list[Account]] = defaultdict(list)
    for account in Account.objects.filter(legal_entity=legal_entity).order_by("number", "id"):
        below[account.parent_id].append(account)
    lines: list[ChartLine] = []

    def hang(parent_id: int | None, depth: int) -> None:
        for account in below[parent_id]:
            lines.append(_line(account, depth, sorted(set(played[account.pk])), on))
            hang(account.pk, depth + 1)

    hang(None, 0)
    return lines


def chart_rows(*, legal_entity: LegalEntity) -> list[ChartRow]:
    """Every account as a file of the chart names it, by number; each line is its place. One SQL query."""
    accounts = Account.objects.filter(legal_entity=legal_entity).select_related("parent")
    return [
        ChartRow(
            line=line,
            number=account.number,
            name=account.name,
            natural_class=account.natural_class,
            normal_side=account.normal_side,
            currency=account.currency,
            active_from=account.active_from,
            active_until=account.active_until,
            parent=account.parent.number if account.parent else "",
        )
        for line, account in enumerate(accounts.order_by("number", "id"), start=2)
    ]


def accounts_in_use(*, legal_entity: LegalEntity, on: date) -> list[Account]:
    """The accounts that take postings on a day, by number. One SQL query."""
    rows = Account.objects.filter(legal_entity=legal_entity, active_from__lte=on)
    return list(rows.exclude(active_until__lte=on).order_by("number", "id"))


def control_accounts(*, legal_entity: LegalEntity, on: date) -> frozenset[int]:
    """The accounts that a sub-ledger keeps on a day: nobody posts to them by hand. One SQL query."""
    rows = AccountRole.objects.filter(
        legal_entity=legal_entity, role__in=CONTROL_ROLES, valid_from__lte=on
    ).exclude(valid_until__lte=on)
    return frozenset(rows.values_list("account_id", flat=True))


def roles_of_accounts(*, legal_entity: LegalEntity, on: date) -> dict[int, str]:
    """The role of each account that plays exactly one on a day, by the account's id. One SQL query."""
    played = defaultdict(set)
    rows = _assignments(legal_entity).filter(valid_from__lte=on).exclude(valid_until__lte=on)
    for account_id, role in rows.values_list("account_id", "role"):
        played[account_id].add(role)
    return {account_id: min(roles) for account_id, roles in played.items() if len(roles) == 1}


def account_playing(role: str, *, facility: Facility, on: date) -> Account | None:
    """The account that plays a role at a facility on a day, its own before the entity's. One SQL query."""
    rows = (
        _assignments(facility.legal_entity).filter(role=role, valid_from__lte=on).exclude(valid_until__lte=on)
    )
    rows = rows.filter(Q(facility=facility) | Q(facility=None)).select_related("account")
    row = rows.order_by(F("facility_id").asc(nulls_last=True), "id").first()
    return row.account if row else None


def account_roles(*, legal_entity: LegalEntity, on: date) -> list[RoleLine]:
    """Each role with the account that plays it on the day, and those that will. One SQL query.

    Roles in the order of the seed chart; a facility's own row after the whole entity's.
    """
    found = defaultdict(list)
    rows = _assignments(legal_entity).select_related("account", "facility").exclude(valid_until__lte=on)
    for row in rows.order_by("facility__code", "valid_from", "id"):
        found[row.role].append(row)
    lines: list[RoleLine] = []
    for seed in CHART:
        general = [row for row in found[seed.role] if row.facility_id is None]
        own = [row for row in found[seed.role] if row.facility_id is not None]
        if not any(row.valid_from <= on for row in general):
            lines.append(RoleLine(seed.role, seed.name, "", None, None, None, False))
        lines += [_role_line(row, seed.name, on) for row in (*general, *own)]
    return lines


def role_changes(*, legal_entity_ids: Collection[int]) -> "QuerySet[RoleChange]":
    """Changes of roles in these entities, undecided ones first, then the latest. One SQL query."""
    rows = RoleChange.objects.filter(legal_entity_id__in=legal_entity_ids)
    rows = rows.select_related("account", "facility", "legal_entity", "proposed_by", "decided_by")
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-id")


def _assignments(legal_entity: LegalEntity) -> "QuerySet[AccountRole]":
    return AccountRole.objects.filter(legal_entity=legal_entity)


def _line(account: Account, depth: int, roles: list[str], on: date) -> ChartLine:
    return ChartLine(
        number=account.number,
        name=account.name,
        depth=depth,
        natural_class_label=account.get_natural_class_display(),
        normal_side_label=account.get_normal_side_display(),
        currency=account.currency or "",
        active_from=account.active_from,
        active_until=account.active_until,
        is_active=is_within(on, account.active_from, account.active_until),
        is_control=any(role in CONTROL_ROLES for role in roles),
        roles=tuple(roles),
    )


def _role_line(row: AccountRole, meaning: str, on: date) -> RoleLine:
    return RoleLine(
        role=row.role,
        meaning=meaning,
        facility_code=row.facility.code if row.facility else "",
        account=row.account,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_later=row.valid_from > on,
    )
