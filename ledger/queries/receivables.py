"""How receivables moved from an opening to a closing balance, by payer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from hms_ach.money import Money, total
from ledger.queries.balance import balances
from ledger.queries.lines import movement_of, postings_of
from ledger.queries.scope import Scope
from ledger.rules.movements import MOVEMENTS, RECEIVABLE_ROLES
from ledger.rules.roles import role_name


@dataclass(frozen=True, slots=True)
class RollForwardRow:
    """One payer of one receivable. payer is empty where a posting names only the class, or nobody."""

    role: str
    payer_class: str
    payer: str
    opening: Money
    moved: dict[str, Money]

    @property
    def account(self) -> str:
        return role_name(self.role)

    @property
    def closing(self) -> Money:
        return total([self.opening, *self.moved.values()], self.opening.currency)


@dataclass(frozen=True, slots=True)
class RollForward:
    """All figures in the functional currency. booked is the closing balance as the trial balance reads it."""

    rows: list[RollForwardRow]
    totals: RollForwardRow
    booked: Money

    @property
    def difference(self) -> Money:
        """What does not tie to the book: zero, or something is wrong with one of the two."""
        return self.totals.closing - self.booked

    @property
    def movements(self) -> list[str]:
        """The columns that any payer has something in, in their order."""
        return [code for code in MOVEMENTS if any(row.moved[code].minor for row in self.rows)]


def receivables_roll_forward(scope: Scope) -> RollForward:
    """Opening, each kind of movement and closing, by payer. Three SQL queries.

    Closed periods before the first day are read from their snapshots: the time depends on what is open, and
    on the postings of the days asked for.
    """
    currency = scope.legal_entity.functional_currency
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict, _openings(scope))
    rows = postings_of(scope, roles=RECEIVABLE_ROLES)
    # Account by account along the index of days, as balances.sql does: what was before is not read.
    rows = rows.filter(account__legal_entity=scope.legal_entity).annotate(how=movement_of())
    sums = rows.values("role", "payer_class", "payer", "how").annotate(sum=Sum("functional_minor")).order_by()
    for row in sums:
        found[row["role"], row["payer_class"], row["payer"]][row["how"]] = int(row["sum"])
    order = sorted(found, key=lambda key: (RECEIVABLE_ROLES.index(key[0]), key[1:]))
    made = [_row(key, found[key], currency) for key in order]
    kept = [row for row in made if row.opening or any(row.moved.values())]
    return RollForward(kept, _totals(kept, currency), _booked(scope, currency))


def _openings(scope: Scope) -> dict[tuple[str, str, str], dict[str, int]]:
    """What each payer of each receivable owed before the first day."""
    if scope.since is None or scope.since == date.min:
        return {}
    found = balances(
        legal_entity=scope.legal_entity,
        by=("role", "payer_class", "payer"),
        as_of=scope.since - timedelta(days=1),
        known_at=scope.known_at,
        roles=RECEIVABLE_ROLES,
        facility_ids=scope.facility_ids,
    )
    return {(str(b.role), str(b.payer_class), str(b.payer)): {"opening": b.functional_minor} for b in found}


def _row(key: tuple[str, str, str], sums: dict[str, int], currency: str) -> RollForwardRow:
    moved = {code: Money(sums.get(code, 0), currency) for code in MOVEMENTS}
    return RollForwardRow(*key, opening=Money(sums.get("opening", 0), currency), moved=moved)


def _totals(rows: Sequence[RollForwardRow], currency: str) -> RollForwardRow:
    moved = {code: total([row.moved[code] for row in rows], currency) for code in MOVEMENTS}
    return RollForwardRow("", "", "", total([row.opening for row in rows], currency), moved)


def _booked(scope: Scope, currency: str) -> Money:
    """The receivables' balance as the trial balance reads it: from closed periods and open postings."""
    found = balances(
        legal_entity=scope.legal_entity,
        by=(),
        as_of=scope.until,
        known_at=scope.known_at,
        roles=RECEIVABLE_ROLES,
        facility_ids=scope.facility_ids,
    )
    return Money(sum(each.functional_minor for each in found), currency)
