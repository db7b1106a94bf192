"""What stands on accounts and roles: as of any day, and as it was known at any moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Sum

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.models import Account, Posting
from ledger.rules.movements import RECEIVABLE_ROLES

_SQL = (Path(__file__).parent / "sql" / "balances.sql").read_text()
_FIRST_DAY, _LAST_DAY = date(1, 1, 1), date(9999, 12, 31)

DIMENSIONS = {
    "account": "account_id",
    "facility": "facility_id",
    "department": "department_id",
    "role": "role",
    "payer_class": "payer_class",
    "tender": "tender",
    "currency": "currency",
    "payer": "payer",
    "reference": "reference",
}
_ONLY_KNOWN = (
    " AND EXISTS (SELECT FROM ledger_entry entry WHERE entry.id = posting.entry_id"
    " AND entry.posted_at <= %(known_at)s)"
)


@dataclass(frozen=True, slots=True)
class Balance:
    """The sum of what shares the dimensions asked for; the others are None.

    amount_minor                 in the document currency, which has a meaning by currency only
    debit_minor and credit_minor in the legal entity's functional currency
    """

    amount_minor: int
    debit_minor: int
    credit_minor: int
    n_postings: int
    account: int | None = None
    facility: int | None = None
    department: int | None = None
    role: str | None = None
    payer_class: str | None = None
    tender: str | None = None
    currency: str | None = None
    payer: str | None = None
    reference: str | None = None

    @property
    def functional_minor(self) -> int:
        """Debits less credits."""
        return self.debit_minor - self.credit_minor


def balances(
    *,
    legal_entity: LegalEntity,
    by: Sequence[str] = ("account",),
    as_of: date | None = None,
    since: date | None = None,
    known_at: datetime | None = None,
    where: dict[str, Any] | None = None,
    roles: Collection[str] | None = None,
    facility_ids: Collection[int] | None = None,
) -> list[Balance]:
    """Sums of postings effective from since up to and with as_of, by any of DIMENSIONS, in their order.

    known_at      only what was posted by then (aware): the book as it was known at that moment
    where         dimension → the one value looked for, such as {"account": 7, "tender": "CASH"}
    roles         only these; all when omitted
    facility_ids  only these facilities; the whole legal entity when omitted

    Closed periods are read from their snapshots, so that the time depends on the open ones; with reference,
    with payer of other roles than receivables, for a day inside a closed period or an earlier known_at its
    postings are. One SQL query.
    """
    where = where or {}
    params: dict[str, Any] = {
        "legal_entity": legal_entity.pk,
        "as_of": as_of or _LAST_DAY,
        "since": since or _FIRST_DAY,
        "known_at": known_at,
        "may_use_snapshots": _are_in_snapshots({*by, *where}, roles),
        "roles": list(roles or ()),
        "facility_ids": list(facility_ids or ()),
        **{f"of_{name}": value for name, value in where.items()},
    }
    filters = [f" AND {{table}}.{DIMENSIONS[name]} = %(of_{name})s" for name in where]
    if roles is not None:
        filters.append(" AND {table}.role = ANY(%(roles)s)")
    if facility_ids is not None:
        filters.append(" AND {table}.facility_id = ANY(%(facility_ids)s)")
    sql = _SQL.format(
        **_columns(by),
        kept_filters="".join(filters).format(table="line") if params["may_use_snapshots"] else "",
        posted_filters="".join(filters).format(table="posting") + (_ONLY_KNOWN if known_at else ""),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return [_balance(by, row) for row in rows if row[-1]]


def _are_in_snapshots(dimensions: Collection[str], roles: Collection[str] | None) -> bool:
    """Snapshots keep no reference, and the payer of receivables only: others name patients, who are many."""
    has_payer = roles is not None and set(roles) <= set(RECEIVABLE_ROLES)
    return "reference" not in dimensions and ("payer" not in dimensions or has_payer)


def _columns(by: Sequence[str]) -> dict[str, str]:
    """What balances.sql selects and groups by on each of its levels."""
    places = ", ".join(str(number) for number in range(1, len(by) + 1))
    # Within one account there is nothing to part by account.
    summed = [DIMENSIONS[name] for name in by if name != "account"]
    return {
        "columns": "".join(f"{DIMENSIONS[name]}, " for name in by),
        "kept_columns": "".join(f"{_kept(name)} AS {DIMENSIONS[name]}, " for name in by),
        "posted_columns": "".join(f"{_posted(name)} AS {DIMENSIONS[name]}, " for name in by),
        "summed_columns": "".join(f"posting.{column}, " for column in summed),
        "summed_groups": f"GROUP BY {', '.join(f'posting.{column}' for column in summed)}" if summed else "",
        "groups": f"GROUP BY {places}" if by else "",
        "order": f"ORDER BY {places}" if by else "",
    }


def _kept(name: str) -> str:
    return "''" if name == "reference" else f"line.{DIMENSIONS[name]}"


def _posted(name: str) -> str:
    return "account.id" if name == "account" else f"sums.{DIMENSIONS[name]}"


def _balance(by: Sequence[str], row: tuple) -> Balance:
    amount, debit, credit, n = (int(value) for value in row[len(by) :])
    return Balance(amount, debit, credit, n, **dict(zip(by, row, strict=False)))


def balance_of(
    role: str,
    *,
    legal_entity: LegalEntity,
    currency: str,
    facility: Facility | None = None,
    reference: str | None = None,
) -> Money:
    """Debits less credits ever posted to a role, in one document currency. One SQL query.

    facility   only what was posted for it; the whole legal entity when omitted
    reference  only what was posted for that item
    """
    if reference is not None:
        return _balance_of_item(role, legal_entity, currency, facility, reference)
    facility_ids = None if facility is None else [facility.pk]
    found = balances(
        legal_entity=legal_entity,
        by=(),
        where={"role": role, "currency": currency},
        facility_ids=facility_ids,
    )
    return Money(sum(balance.amount_minor for balance in found), currency)


def _balance_of_item(
    role: str, legal_entity: LegalEntity, currency: str, facility: Facility | None, reference: str
) -> Money:
    rows = Posting.objects.filter(
        role=role, legal_entity=legal_entity, currency=currency, reference=reference
    )
    if facility is not None:
        rows = rows.filter(facility=facility)
    return Money(int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def account_balance(
    account: Account,
    *,
    as_of: date,
    known_at: datetime | None = None,
    facility_ids: Collection[int] | None = None,
) -> Money:
    """Debits less credits of an account up to and with a day, in the functional currency. One SQL query.

    account must come with its legal_entity selected.
    """
    entity = account.legal_entity
    found = balances(
        legal_entity=entity,
        by=(),
        as_of=as_of,
        known_at=known_at,
        where={"account": account.pk},
        facility_ids=facility_ids,
    )
    return Money(sum(balance.functional_minor for balance in found), entity.functional_currency)


def held_for(payer: str, *, facility_ids: Collection[int]) -> list[Money]:
    """What these facilities hold on account for a payer: money received and not yet applied, by currency.

    One SQL query.
    """
    rows = Posting.objects.filter(
        role="liability.patient_deposits", payer=payer, facility_id__in=list(facility_ids)
    )
    sums = rows.values("currency").annotate(sum=Sum("amount_minor")).exclude(sum=0).order_by("currency")
    return [Money(-int(row["sum"]), row["currency"]) for row in sums]
