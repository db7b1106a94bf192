"""Every sub-ledger beside its control accounts, as they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.queries.balance import balances
from ledger.queries.tie_out import documented
from ledger.rules.sub_ledger import REGISTERED, Key, SubLedger


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What the documents of a role add up to, and what the book says; debit positive.

    as_of  the day both are of; None where the documents are only known as they stand now
    """

    code: str
    sub_ledger: str
    role: str
    documents: Money
    booked: Money
    as_of: date | None

    @property
    def difference(self) -> Money:
        return self.documents - self.booked

    @property
    def ties(self) -> bool:
        return self.documents == self.booked


def control_totals(
    *, legal_entity: LegalEntity, on: date, roles: Collection[str] | None = None
) -> list[ControlTotal]:
    """By sub-ledger, role and currency, to the cent. One query for each role, and the sub-ledgers' own.

    roles  only these; every control account when omitted
    """
    found = []
    for sub_ledger in REGISTERED.values():
        wanted = [role for role in sub_ledger.roles if roles is None or role in roles]
        sums = documented(sub_ledger, legal_entity, on) if wanted else {}
        for role in wanted:
            found += _of_role(sub_ledger, role, sums, legal_entity, on)
    return found


def _of_role(
    sub_ledger: SubLedger, role: str, sums: dict[Key, int], legal_entity: LegalEntity, on: date
) -> list[ControlTotal]:
    as_of = on if sub_ledger.is_dated else None
    documents = {legal_entity.functional_currency: 0}
    documents |= {currency: minor for (of_role, currency), minor in sums.items() if of_role == role}
    found = balances(legal_entity=legal_entity, by=("currency",), where={"role": role}, as_of=as_of)
    booked = {str(row.currency): row.amount_minor for row in found}
    return [
        ControlTotal(
            sub_ledger.code,
            sub_ledger.name,
            role,
            Money(documents.get(currency, 0), currency),
            Money(booked.get(currency, 0), currency),
            as_of,
        )
        for currency in sorted({*documents, *booked})
    ]
