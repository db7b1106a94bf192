"""What has not returned to zero on an account role, item by item."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.rules.clearing import bucket_of, is_past_zero, stands_debit
from ledger.rules.roles import CLEARING_ROLES, role_name

_SQL = (Path(__file__).parent / "sql" / "clearing_items.sql").read_text()
_KNOWN = (
    " AND EXISTS (SELECT FROM ledger_entry entry WHERE entry.id = posting.entry_id"
    " AND entry.posted_at <= %(known_at)s)"
)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item since it was last at zero, or since its first posting.

    age_days             calendar days since then
    debited, credited    what came and went since then; their difference is the balance
    """

    role: str
    reference: str
    facility_id: int
    facility_code: str
    debited: Money
    credited: Money
    since: date
    last_moved_on: date
    age_days: int
    n_postings: int

    @property
    def balance(self) -> Money:
        """Debits less credits."""
        return self.debited - self.credited

    @property
    def bucket(self) -> str:
        """The code of its age's bucket."""
        return bucket_of(self.age_days)

    @property
    def account(self) -> str:
        """The role in words."""
        return role_name(self.role)

    @property
    def is_past_zero(self) -> bool:
        """More left the account than came to it: the balance is on the wrong side."""
        return is_past_zero(self.role, self.balance.minor)

    @property
    def came(self) -> Money:
        """What opened the item, on the side on which the account stands."""
        return self.debited if stands_debit(self.role) else self.credited

    @property
    def settled(self) -> Money:
        """What settled part of it, on the other side."""
        return self.credited if stands_debit(self.role) else self.debited


def open_items(
    role: str,
    *,
    legal_entity: LegalEntity,
    today: date,
    facility_ids: Collection[int] | None = None,
) -> list[OpenItem]:
    """Each reference of the role whose postings do not sum to zero, oldest first. One SQL query.

    Items are told apart by facility and currency too: equal amounts of two items never cancel out.
    """
    return items_of([role], legal_entity=legal_entity, as_of=today, facility_ids=facility_ids)


def items_of(
    roles: Collection[str],
    *,
    legal_entity: LegalEntity,
    as_of: date,
    known_at: datetime | None = None,
    facility_ids: Collection[int] | None = None,
) -> list[OpenItem]:
    """The open items of several roles as of a day, as known at a moment, oldest first. One SQL query."""
    filters = "" if facility_ids is None else " AND facility_id = ANY(%(facilities)s)"
    params: dict[str, Any] = {
        "roles": list(roles),
        "legal_entity": legal_entity.pk,
        "as_of": as_of,
        "known_at": known_at,
        "facilities": list(facility_ids or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(filters=filters + (_KNOWN if known_at else "")), params)
        return [_item(row, as_of) for row in cursor.fetchall()]


def _item(row: tuple, as_of: date) -> OpenItem:
    role, reference, facility_id, code, currency, since, last, debited, credited, count = row
    return OpenItem(
        role=role,
        reference=reference,
        facility_id=facility_id,
        facility_code=code,
        debited=Money(int(debited), currency),
        credited=Money(int(credited), currency),
        since=since,
        last_moved_on=last,
        age_days=(as_of - since).days,
        n_postings=count,
    )


def clearing_items(
    *,
    legal_entity: LegalEntity,
    as_of: date,
    known_at: datetime | None = None,
    facility_ids: Collection[int] | None = None,
) -> list[OpenItem]:
    """What is open on all clearing accounts, oldest first. One SQL query."""
    return items_of(
        CLEARING_ROLES, legal_entity=legal_entity, as_of=as_of, known_at=known_at, facility_ids=facility_ids
    )
