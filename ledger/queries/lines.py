"""The postings behind a figure of a statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Greatest

from hms_ach.money import Money
from ledger.models import GlBatchLine, Period, Posting, SnapshotLine
from ledger.queries.scope import Scope
from ledger.queries.year_close import closing_entries
from ledger.rules.movements import (
    EARNING_ROLES,
    GIVING_BACK_ROLES,
    OPENING_ROLES,
    PAYING_ROLES,
    RECEIVABLE_ROLES,
)


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which postings of a scope; what is None or empty does not narrow.

    side          "debit" or "credit"
    payer         "" asks for postings that name no payer
    movement      one of MOVEMENTS: how a receivable moved
    kind          of the document that caused the entry
    batch         public id of a GL batch that holds the entry; batch_line is one of its lines
    is_unbatched  only entries that no GL batch holds yet
    """

    account: str = ""
    roles: Sequence[str] = ()
    side: str = ""
    payer: str | None = None
    payer_class: str | None = None
    reference: str | None = None
    currency: str = ""
    movement: str = ""
    kind: str = ""
    batch: str = ""
    batch_line: int | None = None
    is_unbatched: bool = False


@dataclass(frozen=True, slots=True)
class LinesTotal:
    """count of postings; debit and credit in the functional currency.

    amount is debits less credits in the currency asked for; None where none was.
    """

    count: int
    debit: Money
    credit: Money
    amount: Money | None = None

    @property
    def balance(self) -> Money:
        return self.debit - self.credit


def posting_lines(scope: Scope, wanted: LineFilter) -> "QuerySet[Posting]":
    """The postings that meet all of it, oldest first, with entry, account and facility. One SQL query.

    Two more first where roles are asked for since the beginning: so that only their accounts are read.
    """
    rows = postings_of(scope).filter(**_equal(wanted))
    if wanted.roles:
        rows = rows.filter(role__in=wanted.roles)
        if not (scope.since or wanted.account or wanted.reference):
            rows = rows.filter(account_id__in=_accounts_of(scope, wanted.roles))
    if wanted.side:
        rows = rows.filter(
            **{"functional_minor__gt" if wanted.side == "debit" else "functional_minor__lt": 0}
        )
    if wanted.batch:
        rows = rows.filter(_in_batch(wanted.batch, wanted.batch_line))
    if wanted.is_unbatched:
        rows = rows.filter(entry__gl_batch_entries=None)
    if wanted.movement:
        rows = rows.annotate(movement=movement_of()).filter(movement=wanted.movement)
    return rows.select_related("entry", "account", "facility").order_by("effective_on", "id")


def lines_total(scope: Scope, wanted: LineFilter) -> LinesTotal:
    """What they add up to. One SQL query."""
    sums = (
        posting_lines(scope, wanted)
        .order_by()
        .aggregate(
            count=Sum(Value(1), default=0),
            debit=Sum(Greatest(F("functional_minor"), 0), default=0),
            net=Sum("functional_minor", default=0),
            amount=Sum("amount_minor", default=0),
        )
    )
    currency = scope.legal_entity.functional_currency
    debit, net = int(sums["debit"]), int(sums["net"])
    return LinesTotal(
        count=int(sums["count"]),
        debit=Money(debit, currency),
        credit=Money(debit - net, currency),
        amount=Money(int(sums["amount"]), wanted.currency) if wanted.currency else None,
    )


def postings_of(scope: Scope, *, roles: Collection[str] = ()) -> "QuerySet[Posting]":
    """All postings of a scope, in no order."""
    rows = Posting.objects.filter(
        legal_entity=scope.legal_entity, facility_id__in=scope.facility_ids, effective_on__lte=scope.until
    )
    if scope.since:
        rows = rows.filter(effective_on__gte=scope.since)
    if scope.known_at:
        rows = rows.filter(entry__posted_at__lte=scope.known_at)
    if scope.before_closing:
        closings = closing_entries(scope.legal_entity, on=scope.until)
        rows = rows.exclude(entry__in=closings)
    return rows.filter(role__in=roles) if roles else rows


def _accounts_of(scope: Scope, roles: Collection[str]) -> set[int]:
    """The accounts that have postings of these roles: of closed periods as the snapshots say, of others as
    the postings do. An account reads along its index, where a role alone would read the whole book.
    """
    entity = scope.legal_entity
    kept = SnapshotLine.objects.filter(snapshot__period__legal_entity=entity, role__in=roles)
    periods = Period.objects.filter(legal_entity=entity).exclude(state=Period.State.HARD)
    open_since = Subquery(periods.order_by("starts_on").values("starts_on")[:1])
    posted = Posting.objects.filter(
        legal_entity=entity, account__legal_entity=entity, role__in=roles, effective_on__gte=open_since
    )
    found = [rows.order_by().values_list("account_id", flat=True).distinct() for rows in (kept, posted)]
    return {account_id for rows in found for account_id in rows}


def movement_of() -> Case:
    """How a posting moves a receivable, as SQL: the first of MOVEMENTS that the rest of its entry shows."""
    return Case(When(amount_minor=0, then=Value("exchange")), default=Subquery(_entry_shows()))


def _entry_shows() -> QuerySet:
    """Counted over the entry, not asked by EXISTS: the database would answer that from the whole journal."""
    rest = Posting.objects.filter(entry=OuterRef("entry")).order_by().values("entry")

    def touching(condition: Q) -> Count:
        return Count("id", filter=condition)

    counted = rest.annotate(
        earning=touching(Q(role__in=EARNING_ROLES)),
        giving_back=touching(Q(role__in=GIVING_BACK_ROLES)),
        paying=touching(Q(role__in=PAYING_ROLES)),
        elsewhere=touching(~Q(role__in=RECEIVABLE_ROLES) & ~Q(amount_minor=0)),
        opening=touching(Q(role__in=OPENING_ROLES)),
    )
    shown = Case(
        When(earning__gt=0, then=Value("charges")),
        When(giving_back__gt=0, then=Value("refunds")),
        When(paying__gt=0, then=Value("payments")),
        When(elsewhere=0, then=Value("moved")),
        When(opening__gt=0, then=Value("taken_over")),
        default=Value("adjustments"),
    )
    return counted.values(how=shown)


def _in_batch(batch: str, line: int | None) -> Q:
    """Postings of the batch's entries; with a line, those that it sums. One SQL query then."""
    inside = Q(entry__gl_batch_entries__batch__public_id=batch)
    if line is None:
        return inside
    found = GlBatchLine.objects.filter(batch__public_id=batch, line=line).first()
    if found is None:
        return Q(pk=None)
    shared = ("effective_on", "account_id", "department_id", "payer_class", "tender", "currency")
    same = [
        Q(**{name: value}) if (value := getattr(found, name)) is not None else Q(**{f"{name}__isnull": True})
        for name in shared
    ]
    return Q(inside, Q(role=found.category), *same)


def _equal(wanted: LineFilter) -> dict[str, Any]:
    columns = {
        "account__number": wanted.account or None,
        "payer": wanted.payer,
        "payer_class": wanted.payer_class,
        "reference": wanted.reference,
        "currency": wanted.currency or None,
        "entry__source_kind": wanted.kind or None,
    }
    return {column: value for column, value in columns.items() if value is not None}
